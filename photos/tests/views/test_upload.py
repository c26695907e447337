"""The upload page, its questions, and the end of an upload."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Activity, User
from photos.ingest import intake, uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo, PhotoFile, StageRun, Upload

Maker = Callable[..., Photo]


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


# --- the page ---------------------------------------------------------------------------------------------------------


def test_page_lists_what_was_begun(browser: Client, begun: Upload) -> None:
    uploads.append(begun, 0, [b"1234"])
    page = browser.get("/upload/").content.decode()
    assert f'data-begun="{address(begun)}"' in page
    assert "4 bytes of 10 bytes" in page


def test_page_as_fragment(browser: Client) -> None:
    response = browser.get("/upload/", headers={"HX-Request": "true"})
    assert response.content.lstrip().startswith(b'<section id="unfinished"')
    assert "HX-Request" in response.headers["Vary"]


def test_page_lists_only_ones_own(client: Client, begun: Upload, stranger: User) -> None:
    client.force_login(stranger)
    assert b"data-begun" not in client.get("/upload/").content


def test_page_asks_the_same_of_the_database_however_many(
    browser: Client, owner: User, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    uploads.create(owner, Announcement("a.jpg", 10))
    with django_assert_max_num_queries(12) as few:
        browser.get("/upload/")
    for number in range(10):
        uploads.create(owner, Announcement(f"{number}.jpg", 10))
    with django_assert_num_queries(len(few)):
        browser.get("/upload/")


@pytest.mark.parametrize("url", ["/upload/", "/upload/check/", "/upload/sidecar/", "/upload/files/xyz/finish/"])
def test_anonymous_is_asked_to_sign_in(client: Client, db: None, url: str) -> None:
    response = client.get(url) if url == "/upload/" else client.post(url)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


# --- is it known? -----------------------------------------------------------------------------------------------------


def test_check_tells_what_is_there(browser: Client, make_photo: Maker) -> None:
    photo, waiting, broken = make_photo(), make_photo(displayable=False), make_photo(displayable=False)
    StageRun.objects.create(photo=broken, stage="thumbnails", status="failed", error="It is damaged.")
    unknown = "0" * 64
    sums = ",".join([photo.sha256, waiting.sha256, broken.sha256, unknown])
    found = browser.post("/upload/check/", {"sha256": sums}).json()["photos"]
    assert unknown not in found
    assert found[photo.sha256] == {
        "key": photo.key,
        "url": f"/photo/{photo.key}/",
        "trashed": False,
        "thumbnail": f"/media/{photo.key}/small.webp",
        "failure": None,
        "better": None,
        "compared": False,
    }
    assert found[waiting.sha256]["thumbnail"] is None
    assert found[broken.sha256]["failure"] == "It is damaged."


def test_check_tells_nothing_of_others(client: Client, stranger: User, make_photo: Maker) -> None:
    client.force_login(stranger)
    assert client.post("/upload/check/", {"sha256": make_photo().sha256}).json() == {"photos": {}}


@pytest.mark.parametrize("sums", ["", "abc", "g" * 64, ",".join(["0" * 64] * 1001)])
def test_check_of_nonsense(browser: Client, sums: str) -> None:
    assert browser.post("/upload/check/", {"sha256": sums}).status_code == 422


def test_check_takes_the_same_queries_however_many(
    browser: Client, make_photo: Maker, django_assert_num_queries: Any
) -> None:
    photos = [make_photo(displayable=False) for _ in range(10)]
    for number in (2, 10):
        with django_assert_num_queries(5):  # session, user, photos, what is compared, failures
            browser.post("/upload/check/", {"sha256": ",".join(photo.sha256 for photo in photos[:number])})


# --- the end of an upload ---------------------------------------------------------------------------------------------


def test_finish_before_the_end(browser: Client, begun: Upload) -> None:
    assert browser.post(f"{address(begun)}finish/").status_code == 409


def test_finish_with_nonsense(browser: Client, begun: Upload) -> None:
    assert browser.post(f"{address(begun)}finish/", {"sha256": "abc"}).status_code == 422


def test_damaged_on_the_way(browser: Client, begun: Upload) -> None:
    uploads.append(begun, 0, [b"1234567890"])
    response = browser.post(f"{address(begun)}finish/", {"sha256": "0" * 64})
    assert response.status_code == 460
    assert b"damaged" in response.content


def test_library_that_cannot_be_written(browser: Client, begun: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads.append(begun, 0, [b"1234567890"])
    monkeypatch.setattr("photos.ingest.intake.LEAST_FREE_BYTES", 2**62)
    response = browser.post(f"{address(begun)}finish/")
    assert response.status_code == 507
    assert b"disk" in response.content
    assert Upload.objects.filter(pk=begun.pk).exists()


# --- sidecars ---------------------------------------------------------------------------------------------------------

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"


def attach(client: Client, photo: Photo, name: str = "a.jpg.xmp", content: bytes = XMP) -> HttpResponse:
    return client.post("/upload/sidecar/", {"photo": photo.key, "file": SimpleUploadedFile(name, content)})


def test_sidecar_goes_to_its_photo(browser: Client, make_photo: Maker) -> None:
    photo = make_photo()
    run = StageRun.objects.create(photo=photo, stage="metadata", status="done")
    assert attach(browser, photo).status_code == 200
    assert photo.files.get().kind == PhotoFile.Kind.SIDECAR
    run.refresh_from_db()
    assert run.status == "waiting"


def test_sidecar_of_somebody_elses_photo(client: Client, stranger: User, make_photo: Maker) -> None:
    client.force_login(stranger)
    photo = make_photo()
    assert attach(client, photo).status_code == 404
    assert not photo.files.exists()


@pytest.mark.parametrize(("name", "content"), [("a.html", XMP), ("a.xmp", b""), ("a.xmp", b"x" * 10_000_001)])
def test_invalid_sidecars(browser: Client, make_photo: Maker, name: str, content: bytes) -> None:
    assert attach(browser, make_photo(), name, content).status_code == 422


def test_photos_come_back_from_the_trash(browser: Client, make_photo: Maker) -> None:
    photos = [make_photo() for _ in range(3)]
    Photo.objects.filter(pk__in=[photo.pk for photo in photos[:2]]).trash()
    answer = browser.post(reverse("photos:upload_back"), {"keys": ",".join(photo.key for photo in photos)})
    assert [one["trashed"] for one in answer.json()["photos"].values()] == [False] * 3
    assert not Photo.objects.trashed().exists()
    assert Activity.objects.get().verb == "brought back"


def test_nobody_brings_back_what_others_threw_away(client: Client, stranger: User, make_photo: Maker) -> None:
    photo = make_photo()
    Photo.objects.all().trash()
    client.force_login(stranger)
    assert client.post(reverse("photos:upload_back"), {"keys": photo.key}).json() == {"photos": {}}
    assert Photo.objects.trashed().count() == 1


def test_nonsense_brings_nothing_back(browser: Client) -> None:
    assert browser.post(reverse("photos:upload_back"), {"keys": "x,,\0"}).json() == {"photos": {}}


def test_a_file_that_lay_in_the_trash_is_sent_again(
    browser: Client, begun: Upload, make_picture: Callable[..., Path]
) -> None:
    picture = make_picture()
    intake.ingest(begun.owner, picture)
    Photo.objects.all().trash()
    Upload.objects.filter(pk=begun.pk).update(size=picture.stat().st_size, name="again.jpg")
    begun.refresh_from_db()
    uploads.append(begun, 0, [picture.read_bytes()])
    answer = browser.post(reverse("photos:upload_finish", args=[begun.key])).json()
    assert answer["outcome"] == "restored from the trash"
    assert [one["trashed"] for one in answer["photos"].values()] == [False]
