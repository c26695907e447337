"""Edits of videos: rendered by a stage, undone, and all that others get."""

import json
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts import undoing
from accounts.models import Activity, User
from albums.models import Album, AlbumItem, Share
from media import video
from media.tests.videos import write
from photos import pipeline
from photos.editing import bulk, edits, picture_edits, renditions
from photos.editing.edits import InvalidEdit
from photos.editing.virtual_copies import make_copy
from photos.models import Photo, PhotoEdit, StageRun
from photos.storage import copies, deletion, paths
from photos.tests.editing.test_picture_edits import CROP, LIGHT, edit, given

TRIM = {"op": "trim", "start": 1.0, "end": 2.5}
TURN = {"op": "turn", "by": 6}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clip(make_photo: Callable[..., Photo]) -> Photo:
    photo = make_photo(
        name="a.mp4", kind="video", media_type="video/mp4", duration=4.0, width=96, height=64, thumbhash=b"x"
    )
    file = paths.original_path(photo)
    file.parent.mkdir(parents=True)
    write(file, seconds=4, audio="aac")
    return photo


def rendered(photo: Photo) -> Photo:
    while pipeline.runs.perform_next(pipeline.STAGES["video_edits"]):
        pass
    photo.refresh_from_db()
    return photo


@pytest.fixture
def viewer(clip: Photo, stranger: User) -> User:
    """Somebody who sees an album with the video."""
    album = Album.objects.create(owner=clip.owner, name="Lisbon")
    AlbumItem.objects.create(album=album, photo=clip, position=1, added_by=clip.owner)
    Share.objects.create(owner=clip.owner, user=stranger, album=album, role="viewer")
    return stranger


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_an_edit_is_made_by_the_stage_and_undone(clip: Photo, owner: User) -> None:
    done = edit(clip, TRIM, TURN, {"op": "mute"})
    assert (clip.turn, clip.rendition) == (1, "")
    rendered(clip)
    assert clip.shown_size == (64, 96)
    assert clip.shown_duration == pytest.approx(1.5, abs=0.06)
    told = video.probe(renditions.full_file(clip))
    assert (told.duration, told.audio_codec) == (pytest.approx(1.5, abs=0.06), None)
    undoing.undo(done, owner)
    clip.refresh_from_db()
    assert (clip.picture_edit, clip.rendition, clip.shown_duration) == (None, "", None)
    assert paths.original_path(clip).exists()


def rotate(owner: User, way: str) -> Activity:
    return bulk.make(owner, Photo.objects.filter(owner=owner), edits.turn(way), owner)


def test_a_turn_that_is_reset_comes_back_with_undo(clip: Photo, owner: User) -> None:
    edit(clip, TRIM, TURN)
    done = bulk.make(owner, Photo.objects.filter(owner=owner), edits.reset(["turn"]), owner)
    clip.refresh_from_db()
    assert clip.picture_edit == given(TRIM)
    undoing.undo(done, owner)
    clip.refresh_from_db()
    assert clip.picture_edit == given(TRIM, TURN)


def test_a_reset_of_the_turn_leaves_the_edit_of_a_video_that_was_not_turned(clip: Photo, owner: User) -> None:
    edit(clip, TRIM)
    at = PhotoEdit.objects.get(photo=clip, field="picture_edit").at
    bulk.make(owner, Photo.objects.filter(owner=owner), edits.set_words(title="Sea"), owner)
    bulk.make(owner, Photo.objects.filter(owner=owner), edits.reset(["title", "turn"]), owner)
    [left] = PhotoEdit.objects.filter(photo=clip)
    assert (left.field, left.value, left.at) == ("picture_edit", given(TRIM), at)


def test_videos_and_pictures_are_rotated_together_and_undone(
    clip: Photo, owner: User, make_photo: Callable[..., Photo]
) -> None:
    picture = make_photo(width=400, height=300)
    edit(clip, TRIM)
    whole = rendered(clip).rendition
    done = rotate(owner, "right")
    picture.refresh_from_db()
    assert (picture.turn, picture.picture_edit, picture.width) == (6, None, 300)
    assert rendered(clip).picture_edit == given(TRIM, TURN)
    assert (clip.turn, clip.shown_size) == (1, (64, 96))
    told = video.probe(renditions.full_file(clip))
    assert told.duration == pytest.approx(1.5, abs=0.06)
    undoing.undo(done, owner)
    picture.refresh_from_db()
    assert (picture.turn, picture.width) == (1, 400)
    assert rendered(clip).picture_edit == given(TRIM)
    assert (clip.rendition, clip.shown_size) == (whole, (96, 64))


def test_a_video_is_turned_on_until_it_is_the_original_again(clip: Photo, owner: User) -> None:
    seen = []
    for way in ("mirror", "right", "mirror", "right"):
        rotate(owner, way)
        clip.refresh_from_db()
        operations = clip.picture_edit["operations"] if clip.picture_edit else []
        seen.append([one["by"] for one in operations])
    assert seen == [[2], [7], [8], []]
    assert (clip.rendition, clip.shown_duration) == ("", None)


@pytest.mark.parametrize("ways", [["right"] * 4, ["mirror"] * 2, ["right", "reset"]])
def test_a_video_that_lies_as_it_did_counts_as_unedited(clip: Photo, owner: User, ways: list[str]) -> None:
    listed = []
    for way in ways:
        change = edits.reset(["turn"]) if way == "reset" else edits.turn(way)
        done = bulk.make(owner, Photo.objects.filter(owner=owner), change, owner)
        listed.append(set(edits.edited_fields(clip)))
    assert listed == [{"picture_edit"}] * (len(ways) - 1) + [set()]
    undoing.undo(done, owner)
    assert set(edits.edited_fields(clip)) == {"picture_edit"}


def test_a_mirrored_video_is_mirrored(clip: Photo, owner: User) -> None:
    rotate(owner, "mirror")
    with av.open(str(renditions.full_file(rendered(clip)))) as made, av.open(str(paths.original_path(clip))) as given:
        mirrored, whole = (next(one.decode(video=0)).to_ndarray(format="gray").astype(int) for one in (made, given))
    assert np.abs(mirrored[:, ::-1] - whole).mean() < 4
    assert np.abs(mirrored - whole).mean() > 20


def test_a_video_with_an_edit_of_a_newer_mirage_is_not_rotated(clip: Photo, owner: User) -> None:
    newer = {"version": 99, "operations": []}
    Photo.objects.filter(pk=clip.pk).update(picture_edit=newer)
    rotate(owner, "left")
    clip.refresh_from_db()
    assert (clip.picture_edit, clip.edits.count()) == (newer, 0)


@pytest.mark.parametrize(
    "operations", [[CROP], [LIGHT], [{**TRIM, "end": 9.0}], [{"op": "poster", "at": 9}], [TRIM, {"op": "sparkle"}]]
)
def test_what_does_not_fit_a_video_is_refused(clip: Photo, operations: list[Any]) -> None:
    with pytest.raises(InvalidEdit):
        picture_edits.set_picture(clip, given(*operations))


@pytest.mark.parametrize("operation", [TRIM, {"op": "mute"}, {"op": "poster", "at": 0}])
def test_a_picture_is_not_trimmed(make_photo: Callable[..., Photo], operation: dict[str, Any]) -> None:
    with pytest.raises(InvalidEdit, match="Only videos"):
        picture_edits.set_picture(make_photo(), given(operation))


def test_others_get_the_edit_alone(client: Client, clip: Photo, viewer: User, owner: User) -> None:
    addresses = [reverse(f"photos:{name}", args=[clip.key]) for name in ("video", "original", "download", "stream")]
    edit(clip, TRIM)
    client.force_login(viewer)
    assert [client.get(address).status_code for address in addresses] == [
        404,
        302,
        302,
        404,
    ]  # not made yet
    rendered(clip)
    made = renditions.full_file(clip).read_bytes()
    for address in addresses[:3]:
        assert body(client.get(address)) == made
    master = client.get(addresses[3], {"unedited": "yes"}).text
    assert f"?edit={clip.rendition}" in master
    assert "unedited" not in master
    client.force_login(owner)
    assert body(client.get(addresses[1])) == paths.original_path(clip).read_bytes()
    assert body(client.get(addresses[0])) == body(client.get(addresses[2])) == made
    assert body(client.get(addresses[2], {"form": "original"})) == paths.original_path(clip).read_bytes()
    assert "unedited=yes" in client.get(addresses[3], {"unedited": "yes"}).text


def test_a_turned_video_is_as_it_was_for_the_owner_and_not_there_for_others_until_it_is_made(
    client: Client, clip: Photo, viewer: User, owner: User
) -> None:
    """As docs/use/edit.md says."""
    address = reverse("photos:video", args=[clip.key])
    bulk.make(owner, Photo.objects.filter(pk=clip.pk), edits.turn("right"), owner)
    client.force_login(owner)
    assert body(client.get(address)) == paths.original_path(clip).read_bytes()
    client.force_login(viewer)
    assert client.get(address).status_code == 404
    made = renditions.full_file(rendered(clip)).read_bytes()
    assert body(client.get(address)) == made


def test_a_failed_edit_needs_attention_and_the_last_one_stays(clip: Photo) -> None:
    edit(clip, TRIM)
    before = rendered(clip).rendition
    paths.original_path(clip).write_bytes(b"broken" * 100)
    edit(clip, {"op": "mute"})
    rendered(clip)
    run = StageRun.objects.get(photo=clip, stage="video_edits")
    assert run.status == "failed"
    assert clip.rendition == before
    assert renditions.full_file(clip).exists()


def test_the_editor_of_a_video(client: Client, clip: Photo, owner: User, stranger: User) -> None:
    page, save = (reverse(f"photos:{name}", args=[clip.key]) for name in ("picture_editor", "save_picture"))
    assert client.get(page).status_code == 302
    client.force_login(stranger)
    assert client.get(page).status_code == client.post(save).status_code == 404
    client.force_login(owner)
    assert 'data-duration="4.0"' in client.get(page).text
    refused = client.post(save, {"edit": json.dumps(given({**TRIM, "end": 99}))})
    assert refused.status_code == 422
    assert "beyond the end of the video" in refused.text
    before = refused.text.split('name="before" value="')[1].split('"')[0]
    assert client.post(save, {"edit": json.dumps(given(TRIM)), "before": before}).status_code == 302
    clip.refresh_from_db()
    assert clip.picture_edit == given(TRIM)
    assert client.post(save, {"original": "yes"}).status_code == 302
    clip.refresh_from_db()
    assert clip.picture_edit is None


def test_pasting_an_edit_leaves_a_video_its_own_ends(
    clip: Photo, owner: User, make_photo: Callable[..., Photo]
) -> None:
    edit(clip, TRIM, {"op": "mute"})
    other = make_photo(name="b.mp4", kind="video", picture_edit=given({"op": "trim", "start": 0.0, "end": 1.0}))
    change = picture_edits.copy_picture(other, light_only=True)
    bulk.make(owner, Photo.objects.filter(pk=clip.pk), change, owner)
    clip.refresh_from_db()
    assert clip.picture_edit == given(TRIM, {"op": "mute"})


def test_another_poster_leaves_the_video_as_it_came(client: Client, clip: Photo, viewer: User) -> None:
    edit(clip, {"op": "poster", "at": 1.0})
    rendered(clip)
    assert clip.rendition
    assert (clip.shown_duration, clip.shown_seconds, renditions.full_file(clip)) == (None, 4.0, None)
    client.force_login(viewer)
    whole = paths.original_path(clip).read_bytes()
    for name in ("video", "original", "download"):
        assert body(client.get(reverse(f"photos:{name}", args=[clip.key]))) == whole
    assert client.get(reverse("photos:stream", args=[clip.key])).status_code == 200
    assert client.get(reverse("photos:photo", args=[clip.key])).status_code == 200
    edit(clip, {"op": "poster", "at": 1.0}, TRIM)  # what is cut away is not shown to others while it is made
    assert client.get(reverse("photos:video", args=[clip.key])).status_code == 404
    rendered(clip)
    assert body(client.get(reverse("photos:video", args=[clip.key]))) == renditions.full_file(clip).read_bytes()
    assert clip.shown_seconds == clip.shown_duration


def test_a_copy_of_a_video_has_a_rendition_of_its_own(clip: Photo, owner: User) -> None:
    edit(clip, TURN)
    rendered(clip)
    copy = rendered(make_copy(clip, owner, picture_edits.set_picture(clip, given(TRIM))))
    assert copy.rendition != clip.rendition
    assert copy.shown_duration == pytest.approx(1.5, abs=0.06)
    files = [copies.edited_video(one) for one in (clip, copy)]
    assert len({one.path for one in files}) == len({one.tag for one in files}) == 2
    assert video.probe(files[1].path).duration == pytest.approx(1.5, abs=0.06)
    deletion.delete(Photo.objects.filter(pk=clip.pk))
    copy.refresh_from_db()
    assert renditions.full_file(copy) is not None
    assert not files[0].path.exists()
