"""The pages of switches: for administrators alone, from the form over the report to the undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import batches
from accounts.models import Activity, SecurityEvent, User
from people.models import Person
from photos.models import Photo
from switching import keeping
from switching.models import Switch
from switching.tests.conftest import FACE, people_in, sha1_of
from switching.tests.samples.immich import Dump

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROOT = "/administration/bring/"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A folder of this machine that may be chosen."""
    path = tmp_path / "allowed"
    path.mkdir()
    settings.MIRAGE_FOLDERS = [str(path)]
    return path


@pytest.fixture
def backup(folder: Path) -> Path:
    dump = Dump()
    dump.face(dump.asset("a.jpg", sha1_of("a.jpg"), isFavorite=True), dump.person("Emma"), FACE)
    dump.asset("gone.jpg", sha1_of("gone.jpg"))
    return dump.write(folder / "immich-backup.sql.gz")


@pytest.fixture
def admin(client: Client, owner: User) -> Client:
    owner.is_superuser = owner.is_staff = True
    owner.save()
    client.force_login(owner)
    return client


@pytest.fixture
def photo(make_known: Callable[..., Photo]) -> Photo:
    return make_known("a.jpg", [FACE])


def begin(admin: Client, owner: User, **form: Any) -> Switch:
    response = admin.post(f"{ROOT}begin/", {"program": "immich", "owner": owner.pk, **form})
    assert response.status_code == 302, response.content.decode()
    switch = Switch.objects.latest("pk")
    keeping.read(switch.pk)  # as a worker does
    switch.refresh_from_db()
    return switch


def test_it_exists_for_administrators_only(client: Client, owner: User, stranger: User, backup: Path) -> None:
    switch = keeping.begin(owner, "immich", backup, by=owner)
    addresses = ["", f"{switch.key}/"]
    assert [client.get(ROOT + address).status_code for address in addresses] == [302, 302]
    for user in (owner, stranger):
        client.force_login(user)
        assert [client.get(ROOT + address).status_code for address in addresses] == [404, 404]
        posts = ["begin/", *(f"{switch.key}/{action}/" for action in ("bring", "undo", "discard"))]
        assert [client.post(ROOT + address).status_code for address in posts] == [404] * 4
    assert Switch.objects.count() == 1


def test_the_page_offers_what_lies_on_this_machine(admin: Client, backup: Path) -> None:
    whole, fragment = admin.get(ROOT), admin.get(ROOT, headers=HTMX)
    assert b"<html" in whole.content
    assert b"<html" not in fragment.content
    assert str(backup) in fragment.content.decode()


def test_from_the_form_over_the_report_to_the_undo(admin: Client, owner: User, photo: Photo, backup: Path) -> None:
    switch = begin(admin, owner, path=str(backup))
    page = admin.get(f"{ROOT}{switch.key}/").content.decode()
    assert "1 of 2 photos found (1 by content); 1 is not here." in page
    assert "1 face with a name: 1 to be named." in page
    assert "/usr/src/app/upload/library/anna/2024/gone.jpg" in page
    assert f'hx-get="{ROOT}{switch.key}/"' not in page
    assert not Person.objects.exists()
    admin.post(f"{ROOT}{switch.key}/bring/")
    assert people_in(photo) == {"Emma": "confirmed"}
    page = admin.get(f"{ROOT}{switch.key}/", headers=HTMX).content.decode()
    assert "Undo all of it" in page
    assert "Bring it" not in page
    assert SecurityEvent.objects.filter(verb="imported", subject="Immich").exists()
    admin.post(f"{ROOT}{switch.key}/undo/")
    assert people_in(photo) == {}
    assert "undone" in admin.get(ROOT).content.decode()
    assert admin.post(f"{ROOT}{switch.key}/undo/", headers=HTMX).status_code == 422


def test_a_file_can_be_uploaded_and_is_removed_when_it_was_read(
    admin: Client, owner: User, photo: Photo, backup: Path
) -> None:
    file = SimpleUploadedFile("../../evil/backup.sql.gz", backup.read_bytes())
    switch = begin(admin, owner, file=file)
    assert switch.uploaded
    assert "1 of 2 photos found" in admin.get(f"{ROOT}{switch.key}/").content.decode()
    assert not list(keeping.folder().rglob("*.gz"))
    assert Path(switch.path).is_relative_to(keeping.folder())
    admin.post(f"{ROOT}{switch.key}/bring/")
    assert people_in(photo) == {"Emma": "confirmed"}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Say where the library lies"),
        ({"path": "/etc/passwd"}, "There is no such file"),
        ({"path": "relative"}, "There is no such file"),
        ({"path": "nul\0"}, "Null characters"),
        ({"program": "nonsense"}, "Select a valid choice"),
        ({"owner": "999999"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_refused_in_words(admin: Client, owner: User, backup: Path, form: Any, words: str) -> None:
    response = admin.post(
        f"{ROOT}begin/", {"program": "immich", "owner": owner.pk, **form}, headers={**HTMX, "Accept": "text/html"}
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Switch.objects.exists()


def test_a_path_out_of_the_folder_is_refused(admin: Client, owner: User, folder: Path) -> None:
    (folder.parent / "secret.sql").write_text("x")
    (folder / "link.sql").symlink_to(folder.parent / "secret.sql")
    for path in (folder / "link.sql", folder / ".." / "secret.sql"):
        response = admin.post(
            f"{ROOT}begin/", {"program": "immich", "owner": owner.pk, "path": str(path)}, headers=HTMX
        )
        assert response.status_code == 422


def test_what_cannot_be_read_says_why(admin: Client, owner: User, folder: Path) -> None:
    (folder / "cut.sql").write_text("COPY public.asset (id) FROM stdin;\n1\n")
    switch = begin(admin, owner, path=str(folder / "cut.sql"))
    page = admin.get(f"{ROOT}{switch.key}/").content.decode()
    assert "The dump is cut off in the middle of a table." in page
    assert admin.post(f"{ROOT}{switch.key}/bring/", headers=HTMX).status_code == 422
    admin.post(f"{ROOT}{switch.key}/discard/")
    assert not Switch.objects.exists()


def test_what_was_brought_is_not_discarded(admin: Client, owner: User, photo: Photo, backup: Path) -> None:
    switch = begin(admin, owner, path=str(backup))
    admin.post(f"{ROOT}{switch.key}/bring/")
    assert admin.post(f"{ROOT}{switch.key}/discard/", headers=HTMX).status_code == 422
    assert Switch.objects.exists()


def test_the_page_shows_the_progress(admin: Client, owner: User, photo: Photo, backup: Path) -> None:
    switch = keeping.begin(owner, "immich", backup, by=owner)
    Switch.objects.update(state=Switch.State.READING, done=3, total=12)
    page = admin.get(f"{ROOT}{switch.key}/").content.decode()
    assert "3 of 12 photos looked for" in page
    assert f'hx-get="{ROOT}{switch.key}/"' in page
    Switch.objects.update(state=Switch.State.WAITING)
    keeping.read(switch.pk)
    switch.refresh_from_db()
    from switching import acts

    activity = acts.start(switch, owner)
    batches.step(activity.pk)
    assert "Is being brought: 50 %" in admin.get(f"{ROOT}{switch.key}/").content.decode()
    batches.carry_on(activity.pk)
    assert "Brought people, albums and more from Immich" in admin.get("/accounts/history/").content.decode()
    assert Activity.objects.filter(verb="switching.brought").count() == 1


def test_the_list_asks_no_more_questions_for_more_rows(
    admin: Client, owner: User, backup: Path, django_assert_max_num_queries: Any
) -> None:
    admin.get(ROOT)
    with django_assert_max_num_queries(14):
        admin.get(ROOT)
    for _ in range(12):
        keeping.begin(owner, "immich", backup, by=owner)
    with django_assert_max_num_queries(14):
        admin.get(ROOT)
