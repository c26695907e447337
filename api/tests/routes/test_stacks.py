"""Stacks over the API."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from photos.models import Photo

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


def test_photos_are_stacked_and_unstacked(ask: Ask, make_photo: Maker) -> None:
    keys = [make_photo().key for _ in range(3)]
    assert ask("POST", "/stacks", json={"keys": keys[:1]}).status_code == 422
    made = ask("POST", "/stacks", json={"keys": keys})
    assert (made.status_code, sorted(made.json()["keys"])) == (201, sorted(keys))
    assert ask("PUT", f"/photos/{keys[2]}/stack/cover").status_code == 204
    assert Photo.objects.get(key=keys[0]).stack.cover.key == keys[2]  # type: ignore[union-attr]
    apart = ask("DELETE", f"/photos/{keys[0]}/stack").json()
    assert (apart["keys"], Photo.objects.exclude(stack=None).count()) == ([], 0)
    assert ask("DELETE", f"/photos/{keys[0]}/stack").status_code == 404
    assert ask("POST", f"/changes/{made.json()['change']}/undo").status_code == 200


def test_only_own_photos_outside_the_trash_are_stacked(
    ask: Ask, make_photo: Maker, stranger: User, program: Any
) -> None:
    own, theirs, trashed = make_photo(), make_photo(owner=stranger), make_photo()
    ask("DELETE", f"/photos/{trashed.key}")
    answer = ask("POST", "/stacks", json={"keys": [own.key, theirs.key, trashed.key]})
    assert (answer.status_code, "2 to" in answer.json()["detail"]) == (422, True)
    assert not Photo.objects.exclude(stack=None).exists()


def test_photos_leave_the_stack_they_were_in(ask: Ask, make_photo: Maker) -> None:
    one, two, three, four = (make_photo().key for _ in range(4))
    ask("POST", "/stacks", json={"keys": [one, two, three]})
    ask("POST", "/stacks", json={"keys": [three, four]})
    stacks = {photo.key: photo.stack_id for photo in Photo.objects.all()}
    assert stacks[one] == stacks[two] != stacks[three] == stacks[four]


def test_others_stacks_are_404(ask: Ask, program: Any, stranger: User, make_photo: Maker) -> None:
    keys = [make_photo().key for _ in range(2)]
    ask("POST", "/stacks", json={"keys": keys})
    other = program(stranger)
    assert other("DELETE", f"/photos/{keys[0]}/stack").status_code == 404
    assert other("PUT", f"/photos/{keys[0]}/stack/cover").status_code == 404
    assert ask("PUT", f"/photos/{make_photo().key}/stack/cover").status_code == 404  # it is in none
