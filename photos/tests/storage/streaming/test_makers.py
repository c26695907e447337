"""Makers: one a viewer, only so many at once, and ended when nobody asks."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from media.sandbox import UnreadableFile
from media.streams import wishes
from media.streams.plans import QUALITIES
from media.tests.videos import write
from photos.models import Photo
from photos.storage import paths
from photos.storage.streaming import makers, sources
from photos.storage.streaming.sources import Source

SMALL = next(quality for quality in QUALITIES if quality.name == "small")
real_encoder = makers.encoder
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, storage: Path) -> Iterator[None]:
    """Makers that end soon, and are over at the end."""
    monkeypatch.setattr(makers, "IDLE_SECONDS", 2.0)
    monkeypatch.setattr(makers, "encoder", lambda: "libx264")
    yield
    wait_until(lambda: not makers._running)


@pytest.fixture
def source(make_photo: Callable[..., Photo], tmp_path: Path) -> Source:
    return made_source(make_photo, tmp_path, "a.mkv")


def made_source(make_photo: Callable[..., Photo], tmp_path: Path, name: str, seconds: float = 6) -> Source:
    photo = make_photo(name=name, kind="video", media_type="video/x-matroska")
    file = paths.original_path(photo)
    file.parent.mkdir(parents=True, exist_ok=True)
    write(file, seconds=seconds, options={"g": "10", "sc_threshold": "0"})
    found = sources.source_of(photo)
    sources.plan_of(found)
    return found


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_segment_is_made_when_it_is_asked_for(source: Source) -> None:
    file = makers.segment_file("mia", source, SMALL, 2)
    assert file.read_bytes()[:1] == b"\x47"  # MPEG-TS
    assert not (file.parent / "0.ts").exists()
    assert makers.segment_file("mia", source, SMALL, 0).exists()  # back to the beginning


def test_a_maker_ends_when_nobody_asks(source: Source) -> None:
    makers.segment_file("mia", source, SMALL, 0)
    assert "mia" in makers._running
    wait_until(lambda: not makers._running)
    assert not list(makers.viewers_folder().glob("*.json"))
    makers.remove_locks()
    assert not list(makers.viewers_folder().glob("mia*"))
    held = makers.locked(makers.viewers_folder() / "mia.lock")
    assert held
    makers.remove_locks()
    assert (makers.viewers_folder() / "mia.lock").exists()  # held
    held.close()


def test_a_viewer_has_one_maker_over_all_processes(source: Source) -> None:
    elsewhere = makers.locked(makers.viewers_folder() / "mia.lock")
    assert elsewhere
    makers.start("mia", makers.viewers_folder() / "mia.json")
    assert makers._running == {}
    elsewhere.close()


def test_with_too_many_makers_players_are_told_to_ask_again(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MOST", 1)
    monkeypatch.setattr(makers, "WAIT_SECONDS", 0.3)
    slot = makers.locked(makers.viewers_folder() / "slot-0.lock")
    assert slot
    with pytest.raises(makers.Busy):
        makers.segment_file("mia", source, SMALL, 0)
    slot.close()
    monkeypatch.setattr(makers, "WAIT_SECONDS", 25)
    assert makers.segment_file("mia", source, SMALL, 0).exists()


def test_a_viewer_goes_on_to_another_video(source: Source, make_photo: Callable[..., Photo], tmp_path: Path) -> None:
    other = made_source(make_photo, tmp_path, "b.mkv")
    makers.segment_file("mia", source, SMALL, 0)
    assert makers.segment_file("mia", other, SMALL, 1).exists()
    assert len(makers._running) == 1


def test_a_broken_video_says_so_and_can_be_tried_again(source: Source) -> None:
    whole = source.file.read_bytes()
    source.file.write_bytes(b"broken" * 1000)
    with pytest.raises(UnreadableFile, match="not a video"):
        makers.segment_file("mia", source, SMALL, 0)
    wait_until(lambda: not makers._running)
    source.file.write_bytes(whole)
    with pytest.raises(UnreadableFile):
        makers.segment_file("mia", source, SMALL, 0)
    makers.forget_failure(source)
    assert makers.segment_file("mia", source, SMALL, 0).exists()


def test_a_call_ends_by_itself_before_it_counts_as_hanging(source: Source) -> None:
    asked: list[tuple[float, float]] = []

    def call(function: str, *args: Any, seconds: float) -> None:
        asked.append((args[-2], seconds))

    sandbox: Any = SimpleNamespace(call=call)
    wish = wishes.Wish(str(source.folder / SMALL.name), SMALL.name, 0, str(source.file), 0.0)
    assert makers.make(sandbox, makers.viewers_folder() / "mia.json", wish)  # the maker goes on with another call
    assert asked == [(makers.CALL_SECONDS / 2, makers.CALL_SECONDS)]


def test_who_asks_for_what_the_player_has_left_does_not_wait(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "start", lambda viewer, wish: True)
    wish, folder = makers.viewers_folder() / "mia.json", source.folder / SMALL.name
    begun = time.monotonic()
    later = threading.Timer(0.2, wishes.write_wish, (wish, folder, SMALL.name, 90, source.file))
    later.start()
    with pytest.raises(makers.Busy):
        makers.segment_file("mia", source, SMALL, 2)
    assert time.monotonic() - begun < makers.WAIT_SECONDS / 2
    found = wishes.read_wish(wish)
    assert found
    assert found.segment == 90


def test_only_so_many_threads_wait(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "start", lambda viewer, wish: True)
    monkeypatch.setattr(makers, "_waiting", threading.BoundedSemaphore(1))
    begun = time.monotonic()
    with makers.place_to_wait(), pytest.raises(makers.Busy):
        makers.segment_file("mia", source, SMALL, 0)
    assert time.monotonic() - begun < makers.SURE_SECONDS
    with makers.place_to_wait():
        pass  # the place is free again


def test_x264_stands_in_for_a_card_that_fails(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "encoder", lambda: "h264_no_card")
    assert makers.segment_file("mia", source, SMALL, 0).read_bytes()[:1] == b"\x47"


def test_a_driver_that_crashes_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise UnreadableFile("The program stopped.")

    monkeypatch.setattr(makers, "shared", lambda: SimpleNamespace(call=crash))
    assert real_encoder.__wrapped__() == "libx264"


def test_guests_behind_a_proxy_are_told_apart(rf: RequestFactory, settings: Any) -> None:
    settings.MIRAGE_PROXIES = 1
    found = set()
    for address in ("203.0.113.5", "203.0.113.9"):
        request = rf.get("/", headers={"X-Forwarded-For": address})
        request.user, request.session = AnonymousUser(), SimpleNamespace(session_key=None)  # type: ignore[assignment]
        found.add(makers.viewer_of(request))
    assert len(found) == 2
