"""Deleting for good over the API."""

from typing import Any

from accounts.models import SecurityEvent, User
from photos.models import Photo


def test_deleting_for_good_needs_its_scope_and_works_in_the_trash_only(
    ask: Any, program: Any, owner: User, make_photo: Any
) -> None:
    kept, trashed = make_photo(), make_photo()
    ask("DELETE", f"/photos/{trashed.key}")
    body = {"keys": [kept.key, trashed.key]}
    assert program(owner, "read", "edit")("POST", "/trash/delete", json=body).status_code == 403
    assert ask("POST", "/trash/delete", json=body).json() == {"count": 1}
    assert list(Photo.objects.all()) == [kept]
    ask("DELETE", f"/photos/{kept.key}")
    assert ask("POST", "/trash/empty").json() == {"count": 1}
    assert not Photo.objects.exists()
    verbs = set(SecurityEvent.objects.values_list("verb", flat=True))
    assert verbs == {"deleted photos", "emptied the trash"}


def test_nobody_deletes_photos_of_others(program: Any, stranger: User, make_photo: Any, ask: Any) -> None:
    photo = make_photo()
    ask("DELETE", f"/photos/{photo.key}")
    other = program(stranger)
    assert other("POST", "/trash/delete", json={"keys": [photo.key]}).json() == {"count": 0}
    assert other("POST", "/trash/empty").json() == {"count": 0}
    assert Photo.objects.count() == 1
    assert not SecurityEvent.objects.exists()  # nothing was deleted
