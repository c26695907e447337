"""The tus protocol over HTTP."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo, Upload

FILES = "/upload/files/"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def begun(owner: User) -> Upload:
    return uploads.create(owner, Announcement("a.jpg", 10))


def address(upload: Upload) -> str:
    return reverse("photos:tus_file", args=[upload.key])


def ask(client: Client, method: str, url: str, body: bytes = b"", **headers: str) -> HttpResponse:
    all_headers = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
    kind = "application/offset+octet-stream" if body or method == "PATCH" else "application/octet-stream"
    return client.generic(method, url, body, kind, headers=all_headers)


def metadata(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


def announce(client: Client, size: int, body: bytes = b"", name: str = "a.jpg", **headers: str) -> HttpResponse:
    described = metadata(filename=name, folder="holiday", modified="1577934245000")
    return ask(client, "POST", FILES, body, Upload_Length=str(size), Upload_Metadata=described, **headers)


def test_server_tells_what_it_can(browser: Client) -> None:
    response = browser.options(FILES)
    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) == {
        *("creation", "creation-with-upload", "termination", "checksum", "expiration")
    }
    assert int(response.headers["Tus-Max-Size"]) == 51_200_000_000


def test_file_in_pieces(browser: Client, owner: User, make_picture: Callable[..., Path]) -> None:
    content = make_picture().read_bytes()
    created = announce(browser, len(content))
    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "0")
    assert "Upload-Expires" in created.headers
    url = created.headers["Location"]
    first = ask(browser, "PATCH", url, content[:100], Upload_Offset="0")
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "100")
    state = ask(browser, "HEAD", url)
    assert (state.headers["Upload-Offset"], state.headers["Upload-Length"]) == ("100", str(len(content)))
    assert state.headers["Cache-Control"] == "no-store"
    assert ask(browser, "PATCH", url, content[100:], Upload_Offset="100").status_code == 204
    finished = browser.post(f"{url}finish/", {"sha256": hashlib.sha256(content).hexdigest()}).json()
    photo = Photo.objects.get(owner=owner)
    assert finished["outcome"] == "added"
    assert finished["photos"][photo.sha256]["key"] == photo.key
    assert photo.file_modified_at.year == 2020


def test_small_file_comes_with_its_announcement(browser: Client, owner: User) -> None:
    created = announce(browser, 5, b"12345")
    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "5")
    upload = Upload.objects.get()
    assert (upload.folder, uploads.file_of(upload).read_bytes()) == ("holiday", b"12345")


def test_wrong_offset(browser: Client, begun: Upload) -> None:
    response = ask(browser, "PATCH", address(begun), b"x", Upload_Offset="5")
    assert response.status_code == 409
    assert uploads.received(begun) == 0


def test_wrong_type_of_body(browser: Client, begun: Upload) -> None:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    assert browser.patch(address(begun), b"x", "text/plain", headers=headers).status_code == 415


@pytest.mark.parametrize(("digest", "status"), [(hashlib.sha1(b"1234").digest(), 204), (b"wrong", 460)])
def test_checksum(browser: Client, begun: Upload, digest: bytes, status: int) -> None:
    checksum = f"sha1 {base64.b64encode(digest).decode()}"
    response = ask(browser, "PATCH", address(begun), b"1234", Upload_Offset="0", Upload_Checksum=checksum)
    assert response.status_code == status
    assert uploads.received(begun) == (4 if status == 204 else 0)


def test_giving_up(browser: Client, begun: Upload) -> None:
    uploads.append(begun, 0, [b"1234"])
    assert ask(browser, "DELETE", address(begun)).status_code == 204
    assert ask(browser, "HEAD", address(begun)).status_code == 404
    assert not uploads.file_of(begun).exists()


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", {}),
        ("POST", {"Upload_Length": "x"}),
        ("POST", {"Upload_Length": "-1"}),
        ("POST", {"Upload_Length": "1", "Upload_Metadata": "filename !"}),
    ],
)
def test_announcements_that_make_no_sense(browser: Client, method: str, headers: dict[str, str]) -> None:
    assert ask(browser, method, FILES, **headers).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", ["notes.txt", "movie.exe", ""])
def test_other_files_are_refused(browser: Client, name: str) -> None:
    response = announce(browser, 1, name=name)
    assert response.status_code == 415
    assert not Upload.objects.exists()


def test_names_are_only_names(browser: Client) -> None:
    announce(browser, 1, name="..\\..\\etc/passwd/../x.jpg")
    assert Upload.objects.get().name == "x.jpg"


def test_too_large(browser: Client, settings: Settings) -> None:
    settings.MIRAGE_UPLOAD_MAX_MB = 1
    response = announce(browser, 2_000_000)
    assert response.status_code == 413
    assert b"1 MB" in response.content


def test_another_version_of_the_protocol(browser: Client, begun: Upload) -> None:
    response = browser.head(address(begun), headers={"Tus-Resumable": "0.2.2"})
    assert (response.status_code, response.headers["Tus-Version"]) == (412, "1.0.0")


def test_signed_out_browser_is_told_so(client: Client, begun: Upload) -> None:
    """Not sent to the page for signing in, which a script would take for an answer."""
    response = ask(client, "PATCH", address(begun), b"1234", Upload_Offset="0")
    assert response.status_code == 401
    assert b"signed out" in response.content
    assert announce(client, 1).status_code == 401
    assert uploads.received(begun) == 0


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_strangers_find_no_upload(client: Client, stranger: User, begun: Upload, method: str) -> None:
    client.force_login(stranger)
    assert ask(client, method, address(begun), Upload_Offset="0").status_code == 404
    assert client.post(f"{address(begun)}finish/").status_code == 404
    assert Upload.objects.filter(pk=begun.pk).exists()


def test_forged_requests_are_refused(owner: User, begun: Upload) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert ask(strict, "PATCH", address(begun), b"1234", Upload_Offset="0").status_code == 403
    assert announce(strict, 4, b"1234").status_code == 403
