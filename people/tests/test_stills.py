"""Faces of videos are shown from the frames in which they were seen."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from people import stages, stills
from people.models import Face
from people.tests.conftest import MakeFace
from photos import paths
from photos.models import Photo

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
    shown = stages.sampled(video)
    assert [seconds for _, seconds in shown] == [0.5, 1.5, 2.5]
    stages.keep_frames(video, shown, [(None, 1.5)])  # type: ignore[list-item]
    assert not stills.place(video, 0.5).exists()
    assert Image.open(stills.place(video, 1.5)).getpixel((10, 10)) == pytest.approx((30, 200, 30), abs=12)


def test_a_face_is_cut_from_its_frame_which_is_made_again_where_it_is_gone(
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
