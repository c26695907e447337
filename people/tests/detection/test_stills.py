"""Faces of videos are shown from the frames in which they were seen."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from people.detection import scanning, scans, stills
from people.models import Face
from people.tests.conftest import MakeFace, vector_of
from photos.models import Photo
from photos.storage import paths
from vision.faces.faces import FoundFace

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]  # a second of each


@pytest.fixture
def video(make_photo: Callable[..., Photo]) -> Photo:
    photo = make_photo(kind="video", media_type="video/mp4", duration=3.0, width=320, height=240)
    write_video(paths.original_path(photo))
    return photo


def write_video(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for colour in COLOURS:
            for _ in range(10):
                frame = av.VideoFrame.from_ndarray(np.full((240, 320, 3), colour, np.uint8), "rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode())


def test_the_stage_keeps_the_frames_with_faces_only(video: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = scanning.sampled(video)
    assert [seconds for _, seconds in shown] == [0.5, 1.5, 2.5]
    scanning.keep_frames(video, shown, [(None, 1.5)])  # type: ignore[list-item]
    assert not stills.place(video, 0.5).exists()
    assert Image.open(stills.place(video, 1.5)).getpixel((10, 10)) == pytest.approx((30, 200, 30), abs=12)


def test_a_face_is_cut_from_its_frame_which_is_made_again_if_it_is_missing(
    client: Client, owner: User, stranger: User, video: Photo, make_face: MakeFace
) -> None:
    face: Face = make_face(1, photo=video, frame_seconds=2.5)
    address = reverse("people:crop", args=[face.pk, "small"])
    client.force_login(owner)
    for _ in range(2):
        picture = Image.open(io.BytesIO(client.get(address).content))
        assert picture.getpixel((5, 5)) == pytest.approx((30, 30, 200), abs=12)
        stills.place(video, 2.5).unlink()
    paths.original_path(video).unlink()
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_the_faces_of_a_video_stand_in_a_row(client: Client, owner: User, video: Photo, make_face: MakeFace) -> None:
    client.force_login(owner)
    address = reverse("people:photo_faces", args=[video.key])
    assert "No face was found" in client.get(address).content.decode()
    face = make_face(1, photo=video, frame_seconds=2.5)
    page = client.get(address).content.decode()
    assert 'data-seconds="2.500"' in page
    assert f"faces/{face.pk}/small.webp" in page
    assert "data-draw" not in page


SEEN = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.floats(0.1, 0.9)), max_size=12)


@given(seen=SEEN)
def test_the_best_face_of_each_person_in_a_video_is_kept(seen: list[tuple[int, int, float]]) -> None:
    """By identity, frame and quality; in one frame nobody is twice, so two that are alike there are two people."""
    found: list[scans.Found] = [
        (FoundFace(0.1, 0.1, 0.2, 0.2, [], 0.9, quality, vector_of(identity)), float(frame))
        for identity, frame, quality in seen
    ]
    kept = scanning.best_of_each(found)
    for identity in range(4):
        theirs = [each for each, (who, _, _) in zip(found, seen, strict=True) if who == identity]
        frames = [seconds for _, seconds in theirs]
        alike = [each for each in kept if any(each[0] is one[0] for one in theirs)]
        assert len(alike) == max(map(frames.count, frames), default=0)
        if alike:
            assert max(face.quality for face, _ in alike) == max(face.quality for face, _ in theirs)
