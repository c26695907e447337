"""Needs attention: what is listed, for whom, and what the buttons do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from redis.exceptions import ConnectionError as NoRedis

from accounts.models import User
from mirage.runtime import queues
from mirage.testing.html import folded
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import ImportFailure, Photo, StageRun, Upload
from photos.pipeline import attention
from photos.views import attention as views

Maker = Callable[..., Photo]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def make_broken(make_photo: Maker) -> Maker:
    def make(**fields: Any) -> Photo:
        photo = make_photo(displayable=False, **fields)
        StageRun.objects.create(photo=photo, stage="metadata", status="done")
        StageRun.objects.create(
            photo=photo, stage="thumbnails", status="failed", attempts=3, error=f"{photo.original_name} is damaged."
        )
        return photo

    return make


@pytest.fixture
def make_failure(owner: User) -> Callable[..., ImportFailure]:
    def make(path: str | Path = "/pictures/a.jpg", **fields: Any) -> ImportFailure:
        return ImportFailure.objects.create(owner=owner, path=str(path), reason="Not allowed to read it.", **fields)

    return make


def press(client: Client, action: str, **form: Any) -> HttpResponse:
    return client.post(f"/attention/{action}/", form, headers=HTMX)


def text(response: HttpResponse) -> str:
    return folded(response)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_both_kinds_are_listed_with_their_reasons(
    browser: Client, make_broken: Maker, make_photo: Maker, make_failure: Callable
) -> None:
    make_photo(name="fine.jpg")
    make_broken(name="broken.jpg")
    make_failure()
    page = text(browser.get("/attention/"))
    assert "broken.jpg is damaged." in page
    assert "Making thumbnails · tried 3 times" in page
    assert "/pictures/a.jpg" in page
    assert "Not allowed to read it." in page
    assert "fine.jpg" not in page
    assert "2 files could not be read" in page


def test_nothing_needs_attention(browser: Client, make_photo: Maker) -> None:
    make_photo()
    assert "All is well" in text(browser.get("/attention/"))


def test_the_trash_needs_no_attention(browser: Client, make_broken: Maker) -> None:
    make_broken().__class__.objects.all().trash()
    assert "All is well" in text(browser.get("/attention/"))


def test_an_upload_is_listed_by_its_name(browser: Client, owner: User, make_failure: Callable) -> None:
    upload = uploads.create(owner, Announcement("mine.jpg", 3))
    make_failure(uploads.file_of(upload))
    page = text(browser.get("/attention/"))
    assert "mine.jpg" in page
    assert str(uploads.file_of(upload)) not in page


def test_stranger_sees_only_his_own(client: Client, stranger: User, make_broken: Maker, make_failure: Callable) -> None:
    make_broken()
    make_failure()
    client.force_login(stranger)
    assert "All is well" in text(client.get("/attention/"))


def test_anonymous_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/attention/").status_code == 302
    assert client.post("/attention/retry/").status_code == 302


def test_fragment(browser: Client) -> None:
    response = browser.get("/attention/", headers=HTMX)
    assert text(response).lstrip().startswith('<div class="page" id="attention"')


def test_pages_by_keyset_first_photos_then_files(
    browser: Client, make_broken: Maker, make_failure: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    photos = [make_broken() for _ in range(3)]
    failures = [make_failure(f"/pictures/{number}.jpg") for number in range(3)]
    first = text(browser.get("/attention/"))
    assert [photo.original_name in first for photo in photos] == [False, True, True]
    assert f"photos_before={photos[1].key}" in first
    second = text(browser.get(f"/attention/?photos_before={photos[1].key}", headers=HTMX))
    assert photos[0].original_name in second
    assert [failure.path in second for failure in failures] == [False, True, True]
    third = text(browser.get(f"/attention/?files_before={failures[1].key}", headers=HTMX))
    assert failures[0].path in third
    assert "before=" not in third


@pytest.mark.parametrize("place", ["photos_before=nonsense", "files_before=nonsense"])
def test_places_that_are_none_have_nothing_after_them(
    browser: Client, make_broken: Maker, make_failure: Callable, place: str
) -> None:
    make_broken()
    response = browser.get(f"/attention/?{place}", headers=HTMX)
    assert response.status_code == 200
    assert "damaged" not in text(response)


def test_list_takes_the_same_queries_however_many(
    browser: Client, make_broken: Maker, make_failure: Callable, django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    def fill(numbers: range) -> None:
        for number in numbers:
            make_broken()
            make_failure(f"/pictures/{number}.jpg")

    fill(range(3))
    with django_assert_max_num_queries(14) as few:
        browser.get("/attention/")
    fill(range(3, 12))
    with django_assert_num_queries(len(few)):
        browser.get("/attention/")


# --- the buttons ------------------------------------------------------------------------------------------------------


def statuses() -> list[str]:
    return list(StageRun.objects.filter(stage="thumbnails").order_by("pk").values_list("status", flat=True))


def test_retry_one_some_and_all(browser: Client, make_broken: Maker) -> None:
    photos = [make_broken() for _ in range(4)]
    response = press(browser, "retry", only=photos[0].key, keys=photos[1].key)
    assert "Trying 1 file again" in text(response)
    assert statuses() == ["waiting", "failed", "failed", "failed"]
    press(browser, "retry", keys=[photos[1].key, photos[2].key])
    assert statuses() == ["waiting", "waiting", "waiting", "failed"]
    press(browser, "retry", all="yes")
    assert statuses() == ["waiting"] * 4
    assert StageRun.objects.filter(stage="metadata", status="done").count() == 4


def test_remove_moves_photos_to_the_trash_and_offers_undo(browser: Client, make_broken: Maker) -> None:
    photo = make_broken()
    page = text(press(browser, "remove", keys=photo.key))
    photo.refresh_from_db()
    assert photo.trashed_at is not None
    assert "1 file moved to the trash" in page
    assert 'action="/selection/restore/"' in page
    assert photo.key in page


def test_remove_all(browser: Client, make_broken: Maker, make_photo: Maker, make_failure: Callable) -> None:
    fine, _ = make_photo(), make_broken()
    make_failure()
    page = text(press(browser, "remove", all="yes"))
    assert "1 file moved to the trash, 1 file removed from the list" in page
    assert "All is well" in page
    assert list(Photo.objects.present()) == [fine]
    assert not ImportFailure.objects.exists()


def test_removing_a_failed_upload_deletes_its_bytes(browser: Client, owner: User, make_failure: Callable) -> None:
    upload = uploads.create(owner, Announcement("mine.jpg", 3))
    uploads.append(upload, 0, [b"123"])
    press(browser, "remove", only=make_failure(uploads.file_of(upload)).key)
    assert not Upload.objects.exists()
    assert not uploads.file_of(upload).exists()


def test_files_are_tried_again_by_a_worker(
    browser: Client,
    make_failure: Callable,
    make_picture: Callable[..., Path],
    redis: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    good, gone = make_failure(make_picture("good.jpg")), make_failure("/pictures/gone.jpg")
    with django_capture_on_commit_callbacks(execute=True):
        press(browser, "retry", all="yes")
    assert redis.llen("rq:queue:io") == 1
    attention.import_again([good.pk, gone.pk])
    assert Photo.objects.get().original_name == "good.jpg"
    assert list(ImportFailure.objects.values_list("path", flat=True)) == ["/pictures/gone.jpg"]
    assert "gone" in ImportFailure.objects.get().reason


def test_uploads_are_tried_again_too(owner: User, make_failure: Callable, make_picture: Callable[..., Path]) -> None:
    content = make_picture().read_bytes()
    upload = uploads.create(owner, Announcement("mine.jpg", len(content)))
    uploads.append(upload, 0, [content])
    attention.import_again([make_failure(uploads.file_of(upload)).pk])
    assert Photo.objects.get().original_name == "mine.jpg"
    assert not ImportFailure.objects.exists()


def test_workers_that_cannot_be_reached(
    browser: Client, make_failure: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(name: str, **_: object) -> None:
        raise NoRedis

    make_failure()
    monkeypatch.setattr(queues.django_rq, "get_queue", unreachable)
    response = press(browser, "retry", all="yes")
    assert response.status_code == 422
    assert "cannot be reached" in text(response)


def test_stranger_changes_nothing(client: Client, stranger: User, make_broken: Maker, make_failure: Callable) -> None:
    photo, failure = make_broken(), make_failure()
    client.force_login(stranger)
    for action in ("retry", "remove"):
        assert press(client, action, keys=f"{photo.key},{failure.key}").status_code == 422
        press(client, action, all="yes")
    photo.refresh_from_db()
    assert (photo.trashed_at, statuses()) == (None, ["failed"])
    assert ImportFailure.objects.exists()


def test_bad_requests(browser: Client) -> None:
    assert press(browser, "retry").status_code == 422
    assert press(browser, "explode", all="yes").status_code == 404
    assert browser.get("/attention/retry/").status_code == 405


def test_without_javascript_the_page_comes_back(browser: Client, make_broken: Maker) -> None:
    make_broken()
    response = browser.post("/attention/retry/", {"all": "yes"}, follow=True)
    assert response.redirect_chain == [("/attention/", 302)]
    assert "Trying 1 file again" in text(response)
