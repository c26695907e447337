"""What players get: playlists, segments, and why there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from media.tests.videos import write
from photos.models import Photo
from photos.storage import paths
from photos.storage.streaming import makers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def video(make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> Photo:
    monkeypatch.setattr(makers, "IDLE_SECONDS", 2.0)
    monkeypatch.setattr(makers, "encoder", lambda: "libx264")
    photo = make_photo(name="a.mkv", kind="video", media_type="video/x-matroska", playable=False, duration=6)
    file = paths.original_path(photo)
    file.parent.mkdir(parents=True)
    write(file, seconds=6, options={"g": "10", "sc_threshold": "0"})
    return photo


def address(photo: Photo, name: str = "stream", *more: object) -> str:
    return reverse(f"photos:{name}", args=[photo.key, *more])


def test_from_the_playlist_to_the_seconds(client: Client, owner: User, video: Photo) -> None:
    client.force_login(owner)
    master = client.get(address(video))
    assert master.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert master.text.splitlines()[-1] == "small.m3u8"
    quality = client.get(address(video, "stream_quality", "small"))
    assert quality.text.splitlines()[-2] == "small/2.ts"
    seconds = client.get(address(video, "stream_segment", "small", 1))
    assert seconds.headers["Content-Type"] == "video/mp2t"
    assert seconds.headers["Cache-Control"] == "private, no-cache"  # the file may be replaced
    assert b"".join(seconds.streaming_content)[:1] == b"\x47"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "more"),
    [("stream_quality", ["large"]), ("stream_quality", ["none"]), ("stream_segment", ["small", 3])],
)
def test_what_is_not_there(client: Client, owner: User, video: Photo, name: str, more: list[object]) -> None:
    client.force_login(owner)
    assert client.get(address(video, name, *more)).status_code == 404
    assert client.post(address(video)).status_code == 405


def test_a_segment_of_an_edit_that_is_gone(client: Client, owner: User, video: Photo) -> None:
    client.force_login(owner)
    assert client.get(address(video, "stream_segment", "small", 0), {"edit": "abc"}).status_code == 404


def test_strangers_and_photos_have_none(
    client: Client, owner: User, stranger: User, video: Photo, make_photo: Callable[..., Photo]
) -> None:
    assert client.get(address(video)).status_code == 302
    client.force_login(stranger)
    for name, more in (("stream", []), ("stream_quality", ["small"]), ("stream_segment", ["small", 0])):
        assert client.get(address(video, name, *more)).status_code == 404
    client.force_login(owner)
    assert client.get(address(make_photo())).status_code == 404


def test_a_broken_video_says_so(client: Client, owner: User, video: Photo) -> None:
    client.force_login(owner)
    paths.original_path(video).write_bytes(b"broken" * 1000)
    answer = client.get(address(video))
    assert answer.status_code == 422
    assert "not a video" in answer.text
    paths.original_path(video).unlink()
    assert client.get(address(video)).status_code == 404


def test_a_busy_site_asks_players_to_come_again(
    client: Client, owner: User, video: Photo, monkeypatch: pytest.MonkeyPatch, storage: Path
) -> None:
    client.force_login(owner)
    monkeypatch.setattr(makers, "MOST", 0)
    monkeypatch.setattr(makers, "WAIT_SECONDS", 0.1)
    answer = client.get(address(video, "stream_segment", "small", 0))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
