"""Bringing to one's own library: the upload goes on where it stopped, and nobody reaches what is another's."""

import base64
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections  # noqa: F401 - skipif reads it
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client

from accounts.models import User
from mirage.refusals import NotPossible
from people.models import Person
from photos.ingest import uploads
from photos.models import Photo, Upload
from switching import keeping, uploading
from switching.models import Switch
from switching.tests.conftest import FACE, people_in, sha1_of
from switching.tests.samples import photoprism_files
from switching.tests.samples.family import make_family, make_library
from switching.tests.samples.immich import Dump

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROOT = "/bring/"


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def dump(tmp_path: Path) -> bytes:
    found = Dump()
    found.face(found.asset("a.jpg", sha1_of("a.jpg"), isFavorite=True), found.person("Emma"), FACE)
    return found.write(tmp_path / "immich.sql.gz").read_bytes()


def tus(client: Client, method: str, address: str, data: bytes = b"", **headers: str) -> HttpResponseBase:
    kind = "application/offset+octet-stream"
    return client.generic(method, address, data, content_type=kind, headers={"Tus-Resumable": "1.0.0", **headers})


def announce(client: Client, name: str, data: bytes, size: int | None = None) -> HttpResponseBase:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    length = str(len(data) if size is None else size)
    return tus(client, "POST", f"{ROOT}files/", data, **{"Upload-Length": length, "Upload-Metadata": told})


def send(client: Client, name: str, data: bytes) -> Upload:
    assert announce(client, name, data).status_code == 201
    return Upload.objects.latest("pk")


def begin(client: Client, upload: Upload, program: str = "immich") -> Switch:
    response = client.post(f"{ROOT}begin/", {"program": program, "upload": upload.key})
    assert response.status_code == 302, response.content.decode()
    switch = Switch.objects.latest("pk")
    keeping.read(switch.pk)  # as a worker does
    switch.refresh_from_db()
    return switch


def test_from_the_upload_over_the_report_to_the_undo(
    signed_in: Client, make_known: Callable[..., Photo], dump: bytes
) -> None:
    photo = make_known("a.jpg", [FACE])
    switch = begin(signed_in, send(signed_in, "immich.sql.gz", dump))
    page = signed_in.get(f"{ROOT}{switch.key}/").content.decode()
    assert "1 of 1 photo found (1 by content)." in page
    assert f'action="{ROOT}{switch.key}/bring/"' in page
    assert "administration" not in page
    assert not Person.objects.exists()
    signed_in.post(f"{ROOT}{switch.key}/bring/")
    assert people_in(photo) == {"Emma": "confirmed"}
    page = signed_in.get(f"{ROOT}{switch.key}/").content.decode()
    assert 'href="/people/"' in page[page.index("It is here") :]
    signed_in.post(f"{ROOT}{switch.key}/undo/")
    assert "It is here" not in signed_in.get(f"{ROOT}{switch.key}/").content.decode()
    assert people_in(photo) == {}
    assert not Upload.objects.exists()
    assert not list(keeping.folder().rglob("*.gz"))


def test_an_upload_goes_on_where_it_stopped(signed_in: Client, dump: bytes) -> None:
    half = len(dump) // 2
    begun = announce(signed_in, "immich.sql.gz", dump[:half], size=len(dump))
    address, upload = begun.headers["Location"], Upload.objects.get()
    page = signed_in.get(ROOT, headers=HTMX).content.decode()
    assert "Choose it again to continue" in page
    assert 'data-program="immich"' in page  # which the script chooses
    assert address in page
    early = signed_in.post(f"{ROOT}begin/", {"program": "immich", "upload": upload.key}, headers=HTMX)
    assert early.status_code == 422
    assert "not arrived completely" in early.content.decode()
    assert tus(signed_in, "HEAD", address).headers["Upload-Offset"] == str(half)
    assert tus(signed_in, "PATCH", address, dump[half:], **{"Upload-Offset": str(half)}).status_code == 204
    assert begin(signed_in, upload).state == Switch.State.READY


def test_a_zip_of_a_folder(signed_in: Client, make_photo: Callable[..., Photo], tmp_path: Path) -> None:
    family = make_family(4)
    make_library(make_photo, family)
    storage = photoprism_files.write(family, tmp_path / "storage")
    with zipfile.ZipFile(tmp_path / "storage.zip", "w") as archive:
        for file in storage.rglob("*.yml"):
            archive.write(file, file.relative_to(tmp_path))
    switch = begin(signed_in, send(signed_in, "storage.zip", (tmp_path / "storage.zip").read_bytes()), "photoprism")
    assert (switch.state, switch.report["counts"]["found by path"]) == (Switch.State.READY, 4)
    assert not list(keeping.folder().iterdir())


def test_the_wrong_program_does_not_cost_the_upload(signed_in: Client, dump: bytes) -> None:
    assert "checked" not in signed_in.get(ROOT).content.decode()
    failed = begin(signed_in, send(signed_in, "immich.sql.gz", dump), "digikam")
    assert failed.state == Switch.State.FAILED
    assert not list(keeping.folder().rglob("*.gz"))
    assert "immich.sql.gz" in signed_in.get(ROOT).content.decode()
    assert begin(signed_in, Upload.objects.get(), "immich").state == Switch.State.READY
    assert not Upload.objects.exists()


def test_what_sqlite_leaves_beside_a_database_is_not_offered(signed_in: Client, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "live.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE photos (id INTEGER)")
    data = (tmp_path / "live.db").read_bytes()
    assert begin(signed_in, send(signed_in, "live.db", data), "digikam").state == Switch.State.FAILED
    assert Upload.objects.get().name == "live.db"


def test_a_zip_that_could_not_be_read_is_offered_again(signed_in: Client, owner: User, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "storage.zip", "w") as archive:
        archive.writestr("storage/a.yml", b"x")
    data = (tmp_path / "storage.zip").read_bytes()
    assert begin(signed_in, send(signed_in, "storage.zip", data), "digikam").state == Switch.State.FAILED
    assert [(file.name, file.offset) for file in uploading.files_of(owner)] == [("storage.zip", len(data))]
    signed_in.post(f"{ROOT}{Switch.objects.get().key}/discard/")
    assert uploads.file_of(Upload.objects.get()).read_bytes() == data


@pytest.mark.each_database
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="two connections at once")
@pytest.mark.django_db(transaction=True)
def test_the_button_pressed_twice_takes_the_file_once(
    signed_in: Client, owner: User, dump: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(signed_in, "immich.sql.gz", dump)
    meeting = threading.Barrier(2, timeout=1)
    outcomes: list[str] = []

    def received(upload: Upload) -> int:
        with suppress(threading.BrokenBarrierError):
            meeting.wait()  # nobody else comes while the row is locked
        return upload.size

    def take() -> None:
        try:
            outcomes.append(uploading.take(owner, upload.key).name)
        except NotPossible as error:
            outcomes.append(str(error))
        finally:
            connections.close_all()

    monkeypatch.setattr(uploads, "received", received)
    both = [threading.Thread(target=take) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["This file is not there any more. Choose it again.", "immich.sql.gz"]


def test_strangers_guests_and_visitors(client: Client, owner: User, stranger: User, dump: bytes) -> None:
    client.force_login(owner)
    upload = send(client, "immich.sql.gz", dump)
    switch = Switch.objects.create(owner=owner, program="immich", path="/x", state=Switch.State.READY)
    addresses = [f"{switch.key}/{act}" for act in ("bring/", "undo/", "discard/")]
    client.force_login(stranger)
    assert client.get(f"{ROOT}{switch.key}/").status_code == 404
    assert [client.post(ROOT + address).status_code for address in addresses] == [404] * 3
    taken = client.post(f"{ROOT}begin/", {"program": "immich", "upload": upload.key}, headers=HTMX)
    assert (taken.status_code, Switch.objects.count()) == (422, 1)
    assert "immich.sql.gz" not in client.get(ROOT).content.decode()
    User.objects.filter(pk=stranger.pk).update(is_guest=True)
    assert [client.get(ROOT).status_code, client.post(f"{ROOT}begin/").status_code] == [404, 404]
    assert announce(client, "immich.sql.gz", dump).status_code == 403
    client.logout()
    assert client.get(ROOT).status_code == 302
    assert announce(client, "immich.sql.gz", dump).status_code == 401
    assert uploading.rows(owner).count() == 1


def test_an_administrator_has_only_their_own_library_here(signed_in: Client, owner: User, stranger: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_superuser=True)
    others = Switch.objects.create(owner=stranger, program="immich", path="/x", state=Switch.State.READY)
    assert signed_in.get(f"{ROOT}{others.key}/").status_code == 404
    assert "stranger" not in signed_in.get(ROOT, headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose a file to upload first."),
        ({"upload": "nonsense"}, "not there any more"),
        ({"upload": "x", "program": "nonsense"}, "Select a valid choice"),
        ({"upload": "x" * 17}, "at most 16"),
        ({"path": "/etc/passwd"}, "Choose a file to upload first."),  # folders of the server are for administrators
    ],
)
def test_bad_input_is_refused_in_words(signed_in: Client, form: Any, words: str) -> None:
    response = signed_in.post(f"{ROOT}begin/", {"program": "immich", **form}, headers=HTMX)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Switch.objects.exists()


def test_other_files_are_refused_before_they_are_sent(signed_in: Client) -> None:
    response = announce(signed_in, "holiday.mp4", b"", size=5_000_000)
    assert response.status_code == 415
    assert isinstance(response, HttpResponse)
    assert b"Choose a database, a dump, or a zip of the files" in response.content


def test_one_after_the_other(signed_in: Client, owner: User, dump: bytes) -> None:
    Switch.objects.create(owner=owner, program="immich", path="/x")
    upload = send(signed_in, "immich.sql.gz", dump)
    response = signed_in.post(f"{ROOT}begin/", {"program": "immich", "upload": upload.key}, headers=HTMX)
    assert "Another library is being read." in response.content.decode()
    assert uploading.rows(owner).exists()


def test_the_files_are_no_parts_of_an_export_of_photos(signed_in: Client, dump: bytes) -> None:
    send(signed_in, "immich.sql.gz", dump)
    assert "immich.sql.gz" not in signed_in.get("/takeout/").content.decode()
    assert "immich.sql.gz" not in signed_in.get("/upload/").content.decode()


def test_the_page_asks_no_more_questions_for_more_rows(
    signed_in: Client, owner: User, django_assert_max_num_queries: Any
) -> None:
    signed_in.get(ROOT)
    with django_assert_max_num_queries(12):
        signed_in.get(ROOT)
    for number in range(10):
        Switch.objects.create(owner=owner, program="immich", path="/x", state=Switch.State.READY)
        Upload.objects.create(owner=owner, name=f"{number}.zip", size=5, is_export=True, purpose=uploading.PURPOSE)
    with django_assert_max_num_queries(12):
        signed_in.get(ROOT)
