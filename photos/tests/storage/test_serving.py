"""Files of edited photos: thumbnails of the edit under an address of their own, and work that is asked for again."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from photos.addresses import thumbnail_address
from photos.editing import renditions
from photos.models import Photo, StageRun
from photos.storage import paths
from photos.tests.editing.test_picture_edits import CROP, MakePhoto, edit


@pytest.fixture
def photo(make_photo: MakePhoto) -> Photo:
    """An edited photo whose original and edit have different thumbnails."""
    photo = make_photo()
    edit(photo, CROP)
    photo.rendition = renditions.key_of(photo)
    photo.save()
    for folder, content in ((paths.pictures_folder(photo), b"original"), (paths.shown_folder(photo), b"edit")):
        folder.mkdir(parents=True, exist_ok=True)
        for size in ("small", "large"):
            (folder / f"{size}.webp").write_bytes(content)
    return photo


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_pages_show_the_edit_and_browsers_keep_it(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    response = client.get(thumbnail_address(photo, "small"))
    assert body(response) == b"edit"
    assert "immutable" in response["Cache-Control"]
    old = client.get(f"/media/{photo.key}/small.webp")
    assert body(old) == b"edit"
    assert "immutable" not in old["Cache-Control"]


def test_the_owner_alone_gets_the_unedited_thumbnail(client: Client, photo: Photo, owner: User, stranger: User) -> None:
    client.force_login(owner)
    response = client.get(f"/photo/{photo.key}/picture/unedited.webp")
    assert body(response) == b"original"
    client.force_login(stranger)
    assert client.get(f"/photo/{photo.key}/picture/unedited.webp").status_code == 404


def test_a_missing_rendition_is_made_again_and_the_original_is_not_shown_instead(
    client: Client, photo: Photo, owner: User
) -> None:
    client.force_login(owner)
    StageRun.objects.filter(stage="renditions").delete()
    run = StageRun.objects.create(photo=photo, stage="renditions", status="done")
    (paths.shown_folder(photo) / "small.webp").unlink()
    assert client.get(thumbnail_address(photo, "small")).status_code == 404
    run.refresh_from_db()
    assert run.status == "waiting"


def test_the_video_of_an_edited_motion_photo_is_its_owners(
    client: Client, photo: Photo, owner: User, stranger: User
) -> None:
    from albums.models import Share

    folder = paths.derived_folder(photo.sha256)
    (folder / "motion.mp4").write_bytes(b"moving")
    Share.objects.create(owner=owner, user=stranger, album=None)
    for user, status in ((owner, 200), (stranger, 404)):
        client.force_login(user)
        assert client.get(f"/media/{photo.key}/video.mp4").status_code == status
