"""Videos over the API: edited, turned, and given to others as they are edited."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from albums.models import Share
from media import video
from media.tests.videos import write
from photos import pipeline
from photos.editing import renditions
from photos.models import Photo
from photos.storage import paths

Ask = Callable[..., Any]
Maker = Callable[..., Photo]
TRIM = {"op": "trim", "start": 1.0, "end": 2.5}
TURN = {"op": "turn", "by": 6}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clip(make_photo: Maker) -> Photo:
    photo = make_photo(
        name="a.mp4", kind="video", media_type="video/mp4", duration=4.0, width=96, height=64, playable=True
    )
    file = paths.original_path(photo)
    file.parent.mkdir(parents=True)
    write(file, seconds=4, audio="aac")
    return photo


def given(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "operations": list(operations)}


def rendered(photo: Photo) -> Photo:
    while pipeline.runs.perform_next(pipeline.STAGES["video_edits"]):
        pass
    photo.refresh_from_db()
    return photo


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_a_video_is_trimmed_muted_and_turned_and_goes_back(ask: Ask, clip: Photo) -> None:
    path = f"/photos/{clip.key}"
    told = ask("PATCH", path, {"picture_edit": given(TRIM, {"op": "mute"})}).json()
    assert (told["picture_edit"], told["edited"]) == (given(TRIM, {"op": "mute"}), ["picture_edit"])
    told = ask("PATCH", path, {"turn": "right"}).json()
    assert (told["picture_edit"], told["turn"]) == (given(TRIM, {"op": "mute"}, TURN), 1)
    made = renditions.full_file(rendered(clip))
    seen = video.probe(made)
    assert (seen.duration, seen.audio_codec, clip.shown_size) == (pytest.approx(1.5, abs=0.06), None, (64, 96))
    assert body(ask("GET", f"{path}/video")) == body(ask("GET", f"{path}/copy")) == made.read_bytes()
    original = paths.original_path(clip).read_bytes()
    assert body(ask("GET", f"{path}/original")) == original
    told = ask("PATCH", path, {"picture_edit": None}).json()
    assert (told["picture_edit"], told["edited"]) == (None, [])
    assert body(ask("GET", f"{path}/video")) == body(ask("GET", f"{path}/copy")) == original


def test_a_reset_of_the_turn_turns_a_video_back_and_leaves_the_rest_of_its_edit(ask: Ask, clip: Photo) -> None:
    path = f"/photos/{clip.key}"
    ask("PATCH", path, {"picture_edit": given(TRIM, TURN)})
    assert ask("PATCH", path, {"reset": ["turn"]}).json()["picture_edit"] == given(TRIM)
    assert renditions.full_file(rendered(clip))
    assert clip.shown_size == (96, 64)
    ask("PATCH", path, {"picture_edit": given(TURN)})
    told = ask("PATCH", path, {"reset": ["turn"]}).json()
    assert (told["picture_edit"], told["edited"]) == (None, [])
    ask("PATCH", path, {"picture_edit": given(TRIM, TURN)})
    told = ask("PATCH", path, {"reset": ["turn", "picture_edit"]}).json()
    assert (told["picture_edit"], told["edited"]) == (None, [])


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        ({**TRIM, "end": 9}, "beyond the end"),
        ({"op": "poster", "at": 9}, "beyond the end"),
        ({"op": "trim", "start": 1, "end": 1.05}, "tenth of a second"),
        ({"op": "exposure", "amount": 0.5}, "can be trimmed"),
        ({"op": "turn", "by": 9}, "1 to 8"),
        ({"op": "trim", "start": "x", "end": 2}, ""),
        ({"op": "trim"}, ""),
    ],
)
def test_what_does_not_fit_a_video_is_refused_with_its_reason(
    ask: Ask, clip: Photo, operation: dict[str, Any], why: str
) -> None:
    for method, path in (("PATCH", f"/photos/{clip.key}"), ("POST", f"/photos/{clip.key}/copies")):
        answer = ask(method, path, {"picture_edit": given(operation)})
        assert answer.status_code == 422
        assert why in answer.json()["detail"]
    clip.refresh_from_db()
    assert (clip.picture_edit, Photo.objects.count()) == (None, 1)


def test_a_copy_of_a_video_has_an_edit_of_its_own(ask: Ask, clip: Photo) -> None:
    made = ask("POST", f"/photos/{clip.key}/copies", {"picture_edit": given(TRIM)}).json()
    assert (made["copy_number"], made["picture_edit"], made["kind"]) == (1, given(TRIM), "video")
    assert ask("GET", f"/photos/{clip.key}").json()["picture_edit"] is None


def test_others_get_the_edit_alone_and_change_nothing(
    ask: Ask, program: Callable[..., Ask], clip: Photo, owner: User, stranger: User
) -> None:
    path, theirs = f"/photos/{clip.key}", program(stranger)
    assert theirs("PATCH", path, {"turn": "left"}).status_code == 404
    assert program(owner, "read")("PATCH", path, {"turn": "left"}).status_code == 403
    Share.objects.create(owner=owner, user=stranger, album=None)
    ask("PATCH", path, {"picture_edit": given(TRIM)})
    for name in ("video", "original", "copy"):  # what is cut away is not shown while the edit is made
        assert theirs("GET", f"{path}/{name}").status_code in (404, 422)
    made = renditions.full_file(rendered(clip)).read_bytes()
    for name in ("video", "original", "copy"):
        assert body(theirs("GET", f"{path}/{name}")) == made
    assert theirs("PATCH", path, {"picture_edit": None}).status_code == 404
    assert theirs("GET", path).json()["picture_edit"] is None
