"""Reading a video from any second on: what is opened, decoded and kept for that."""

import gc
from contextlib import ExitStack
from pathlib import Path

import av
import pytest

from media import video
from media.streams import reading
from media.tests.videos import write

KEYS = {"g": "10", "sc_threshold": "0"}


def test_a_file_is_open_once_wherever_one_goes(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=2, options=KEYS)
    with ExitStack() as stack:
        place = reading.Reading(source, 10, stack)
        for at in (0.0, 1.0, 0.0, 0.0):
            place.seek(at)
            assert next(place.until(2.0))
        opened = [file.resolve() for file in Path("/proc/self/fd").iterdir()]
        assert opened.count(source.resolve()) == 1


def test_a_beginning_is_decoded_once(tmp_path, monkeypatch):
    source = write(tmp_path / "a.mp4", seconds=2, options=KEYS, turned=90)
    monkeypatch.setattr(video, "first_frame", lambda *args: pytest.fail("it was decoded before"))
    with ExitStack() as stack:
        place = reading.Reading(source, 10, stack)
        place.seek(0.0)
        assert place.view.upright == (64, 96)
        assert len(list(place.until(1.0))) == 10


def decoders() -> int:
    return sum(isinstance(one, av.VideoCodecContext) and one.is_decoder for one in gc.get_objects())


def test_what_was_closed_gives_its_memory_back(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=2, options=KEYS)
    gc.collect()
    before = decoders()
    gc.disable()
    try:
        for _ in range(3):
            with ExitStack() as stack:
                place = reading.Reading(source, 10, stack)
                for _ in range(3):
                    place.seek(0.0)
                    assert next(place.until(2.0))
        assert decoders() - before <= 2
    finally:
        gc.enable()
