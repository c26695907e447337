"""Who gets the bytes of which photo."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from photos.addresses import thumbnail_address
from photos.models import Photo, StageRun
from photos.storage import paths

Maker = Callable[..., Photo]


@pytest.fixture
def photo(make_photo: Maker) -> Photo:
    """With an original and thumbnails on the disk."""
    photo = make_photo(name="Crémieux.jpg")
    write(paths.original_path(photo), b"the original")
    write(paths.derived_folder(photo.sha256) / "small.webp", b"small")
    return photo


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def address(name: str, photo: Photo, *more: str) -> str:
    return reverse(f"photos:{name}", args=[photo.key, *more])


def every_address(photo: Photo) -> list[str]:
    return [
        address("thumbnail", photo, "small"),
        address("original", photo),
        address("video", photo),
        address("download", photo),
    ]


def content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_owner_gets_the_thumbnail_for_long(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    response = client.get(address("thumbnail", photo, "small"))
    assert content(response) == b"small"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    held = {"If-None-Match": response.headers["ETag"]}
    assert client.get(address("thumbnail", photo, "small"), headers=held).status_code == 304


def test_a_turned_picture_has_another_address(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    upright = thumbnail_address(photo, "small")
    photo.turn = 6
    photo.save()
    write(paths.pictures_folder(photo) / "small.webp", b"turned")
    turned = thumbnail_address(photo, "small")
    assert turned != upright
    assert turned in client.get("/").text
    response = client.get(turned)
    assert content(response) == b"turned"
    assert "immutable" in response.headers["Cache-Control"]
    assert (
        client.get(upright).headers["Cache-Control"] == "private, no-cache"
    )  # a page from before may still ask for it
    photo.turn = 1
    assert thumbnail_address(photo, "small") == upright


def test_a_thumbnail_made_again_has_another_tag(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    before = client.get(address("thumbnail", photo, "small")).headers["ETag"]
    (paths.derived_folder(photo.sha256) / "small.webp").unlink()
    write(paths.derived_folder(photo.sha256) / "small.webp", b"other")
    assert client.get(address("thumbnail", photo, "small")).headers["ETag"] != before


def test_owner_gets_the_original(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    response = client.get(address("original", photo))
    assert content(response) == b"the original"
    assert response.headers["ETag"] == f'"{photo.sha256}"'
    assert response.headers["Content-Disposition"] == "inline; filename*=utf-8''Cr%C3%A9mieux.jpg"
    part = client.get(address("original", photo), headers={"Range": "bytes=4-7"})
    assert (part.status_code, content(part)) == (206, b"orig")


def test_download_is_an_attachment(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    assert client.get(address("download", photo)).headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("mime", ["image/x-canon-cr2", "image/svg+xml", "text/html", "image/vnd.adobe.photoshop"])
def test_unsafe_types_are_attachments(client: Client, owner: User, photo: Photo, mime: str) -> None:
    Photo.objects.update(media_type=mime)
    client.force_login(owner)
    response = client.get(address("original", photo))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_playable_video_is_the_original(client: Client, owner: User, photo: Photo) -> None:
    Photo.objects.update(kind="video", media_type="video/webm")
    client.force_login(owner)
    response = client.get(address("video", photo))
    assert content(response) == b"the original"
    assert response.headers["Content-Type"] == "video/webm"


def test_other_videos_are_what_was_made_from_them(client: Client, owner: User, photo: Photo) -> None:
    Photo.objects.update(kind="video", media_type="video/x-msvideo", playable=False)
    client.force_login(owner)
    assert client.get(address("video", photo)).status_code == 404
    write(paths.derived_folder(photo.sha256) / "video.mp4", b"made")
    assert content(client.get(address("video", photo))) == b"made"


def without_token(response: Any) -> str:
    """The page without the CSRF token, which differs in every response."""
    return re.sub(r'"X-CSRFToken": "\w+"', "", response.text)


def test_stranger_learns_nothing(client: Client, stranger: User, photo: Photo) -> None:
    Photo.objects.update(kind="video")
    client.force_login(stranger)
    for url in every_address(photo):
        assert client.get(url).status_code == 404
    unknown = client.get(reverse("photos:original", args=["nothinglikethis0"]))
    assert without_token(unknown) == without_token(client.get(address("original", photo)))


def test_anonymous_is_asked_to_sign_in(client: Client, photo: Photo) -> None:
    for url in every_address(photo):
        assert client.get(url).status_code == 302


def test_only_known_sizes(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    assert client.get(address("thumbnail", photo, "huge")).status_code == 404
    assert client.get(address("thumbnail", photo, "animated")).status_code == 404
    assert client.post(address("thumbnail", photo, "small")).status_code == 405


def test_a_derived_file_that_is_gone_is_made_again(client: Client, owner: User, photo: Photo) -> None:
    run = StageRun.objects.create(photo=photo, stage="thumbnails", status="done")
    (paths.derived_folder(photo.sha256) / "small.webp").unlink()
    client.force_login(owner)
    assert client.get(address("thumbnail", photo, "small")).status_code == 404
    run.refresh_from_db()
    assert run.status == "waiting"


def test_a_stage_that_failed_is_not_tried_by_looking(client: Client, owner: User, photo: Photo) -> None:
    run = StageRun.objects.create(photo=photo, stage="thumbnails", status="failed", error="broken")
    (paths.derived_folder(photo.sha256) / "small.webp").unlink()
    client.force_login(owner)
    client.get(address("thumbnail", photo, "small"))
    run.refresh_from_db()
    assert run.status == "failed"


def test_an_original_that_is_gone_is_not_found(client: Client, owner: User, photo: Photo) -> None:
    paths.original_path(photo).unlink()
    client.force_login(owner)
    assert client.get(address("original", photo)).status_code == 404


def selection(client: Client, *photos: Photo) -> zipfile.ZipFile:
    response = client.post(reverse("photos:download_selection"), {"keys": ",".join(photo.key for photo in photos)})
    assert response.status_code == 200
    body = content(response)
    assert response.headers["Content-Length"] == str(len(body))
    return zipfile.ZipFile(io.BytesIO(body))


def test_selection_as_zip(client: Client, owner: User, photo: Photo, make_photo: Maker) -> None:
    same_name = make_photo(name="Crémieux.jpg", path="elsewhere.jpg")
    write(paths.original_path(same_name), b"another")
    client.force_login(owner)
    archive = selection(client, photo, same_name)
    assert archive.testzip() is None
    assert archive.namelist() == ["Crémieux.jpg", "Crémieux (2).jpg"]
    assert archive.read("Crémieux.jpg") == b"another"  # the newest first
    assert archive.getinfo("Crémieux.jpg").date_time[:5] == same_name.taken_local.timetuple()[:5]


def test_zip_names_what_is_missing(client: Client, owner: User, photo: Photo, make_photo: Maker) -> None:
    client.force_login(owner)
    archive = selection(client, photo, make_photo(name="gone.jpg"))
    assert archive.namelist() == ["Crémieux.jpg", "Files that are missing.txt"]
    assert b"gone.jpg" in archive.read("Files that are missing.txt")


def test_zip_holds_only_ones_own(client: Client, stranger: User, photo: Photo) -> None:
    client.force_login(stranger)
    assert client.post(reverse("photos:download_selection"), {"keys": photo.key}).status_code == 404


def test_zip_of_nothing(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.post(reverse("photos:download_selection")).status_code == 422
    assert client.get(reverse("photos:download_selection")).status_code == 405


def test_zip_takes_as_many_queries_however_many(
    client: Client, owner: User, make_photo: Maker, django_assert_num_queries: Callable
) -> None:
    photos = [make_photo() for _ in range(12)]
    for photo in photos:
        write(paths.original_path(photo), b"x")
    client.force_login(owner)
    for number in (3, 12):
        with django_assert_num_queries(6):  # session, user, photos; what is shared with the user
            selection(client, *photos[:number])


def test_a_motion_photos_video_is_played(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    assert client.get(address("video", photo)).status_code == 404
    write(paths.derived_folder(photo.sha256) / "motion.mp4", b"moving")
    answer = client.get(address("video", photo))
    assert (answer.status_code, answer["Content-Type"], b"".join(answer)) == (200, "video/mp4", b"moving")
