"""Segments: their times, their pictures and their sound, from the beginning and after a jump."""

import json
import threading
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import av
import pytest

from media import video
from media.streams import cutting, encoders, making, wishes
from media.streams.plans import QUALITIES
from media.tests.videos import BLUE, RED, colours, near, write

SMALL = next(quality for quality in QUALITIES if quality.name == "small")
KEYS = {"g": "10", "sc_threshold": "0"}


def made(source: Path, folder: Path, *numbers: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    wish = folder / "wish.json"
    with ExitStack() as stack:
        run = making._Run(source, folder, cutting.plan(source), SMALL, encoders.SOFTWARE, stack)
        for number in numbers:
            wishes.write_wish(wish, folder, "small", number, source)
            run.make(number, wish)
    return [folder / wishes.name_of(number) for number in numbers]


def times(path: Path, kind: str = "video") -> list[float]:
    """When what is in a segment is shown, from the video's beginning."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.get({kind: 0})[0])
        return sorted(
            float(packet.pts * packet.time_base) - making.LEAD for packet in packets if packet.pts is not None
        )


def test_every_frame_is_in_one_segment(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=6, options=KEYS)
    files = made(source, tmp_path / "made", *range(6))
    found = [at for file in files for at in times(file)]
    assert found == pytest.approx([number / 10 for number in range(60)], abs=0.002)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi"])
def test_a_segment_is_the_same_after_a_jump(tmp_path, name):
    source = write(tmp_path / name, seconds=6, options=KEYS | {"bf": "0"}, audio="aac")
    count = len(cutting.plan(source).starts)
    in_order = made(source, tmp_path / "order", *range(count))
    for number in (count - 1, 1, 0):
        (jumped,) = made(source, tmp_path / "jump", number)
        assert times(jumped) == pytest.approx(times(in_order[number]), abs=0.002)
        assert times(jumped, "audio") == pytest.approx(times(in_order[number], "audio"), abs=0.002)


def test_the_sound_goes_on_without_gaps(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=6, options=KEYS, audio="aac")
    found = [at for file in made(source, tmp_path / "made", *range(6)) for at in times(file, "audio")]
    steps = [after - before for before, after in pairwise(found)]
    assert steps == pytest.approx([1024 / 48000] * len(steps), abs=0.001)
    assert found[0] == pytest.approx(0, abs=0.03)
    assert found[-1] > 5.8


def test_pictures_are_upright_and_small(tmp_path):
    source = write(tmp_path / "a.mp4", turned=-90, codec="libx265")
    (file,) = made(source, tmp_path / "made", 0)
    told = video.probe(file)
    assert (told.width, told.height, told.video_codec) == (64, 96, "h264")
    with av.open(str(file)) as container:
        picture = next(container.decode(video=0)).to_image().rotate(90, expand=True)
    for found, wanted in zip(colours(picture), (RED, BLUE), strict=True):
        assert near(found, wanted, 40)


def test_hdr_becomes_ordinary(tmp_path):
    source = write(tmp_path / "a.mp4", codec="libx265", pix_fmt="yuv420p10le", hdr=True)
    (file,) = made(source, tmp_path / "made", 0)
    with av.open(str(file)) as container:
        frame = next(container.decode(video=0))
    assert (frame.format.name, int(frame.color_trc), int(frame.color_primaries)) == ("yuv420p", 1, 1)
    poster = video.poster(source, 400).image
    for found, wanted in zip(colours(frame.to_image()), colours(poster), strict=True):
        assert near(found, wanted, 25)


def follow(source: Path, folder: Path, wish: Path, idle: float, span: float = 60.0) -> threading.Thread:
    args = source, folder, wish, cutting.plan(source), SMALL, idle, span, encoders.SOFTWARE
    thread = threading.Thread(target=making.follow, args=args)
    thread.start()
    return thread


def test_a_maker_goes_where_the_wish_goes_and_ends_when_nobody_asks(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=40, options=KEYS)
    folder, wish = tmp_path / "made", tmp_path / "wish.json"
    folder.mkdir()
    wishes.write_wish(wish, folder, "small", 0, source)
    maker = follow(source, folder, wish, 2.0)
    wait_for(folder / "5.ts", wish)
    time.sleep(0.3)
    assert not (folder / "8.ts").exists()  # it does not go on for ever
    wishes.write_wish(wish, folder, "small", 18, source)
    wait_for(folder / "18.ts", wish)
    maker.join(30)
    assert not maker.is_alive()
    assert not (folder / "12.ts").exists()


def test_a_maker_leaves_for_another_video(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=3, options=KEYS)
    folder, wish = tmp_path / "made", tmp_path / "wish.json"
    folder.mkdir()
    wishes.write_wish(wish, folder, "small", 0, source)
    maker = follow(source, folder, wish, 60.0)
    wait_for(folder / "0.ts")
    wishes.write_wish(wish, tmp_path / "another", "small", 0, source)
    maker.join(30)
    assert not maker.is_alive()


def test_a_maker_ends_after_its_span_though_somebody_still_waits(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=3, options=KEYS)
    folder, wish = tmp_path / "made", tmp_path / "wish.json"
    folder.mkdir()
    wishes.write_wish(wish, folder, "small", 0, source)
    maker = follow(source, folder, wish, 60.0, span=1.0)
    maker.join(30)
    assert not maker.is_alive()


def wait_for(path: Path, wish: Path | None = None) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        if wish:
            wish.touch()  # somebody still asks, however slow the machine is
        assert time.monotonic() < until, f"{path.name} did not come"
        time.sleep(0.02)


def test_a_half_written_wish_is_none(tmp_path):
    (tmp_path / "wish.json").write_text(json.dumps({"folder": "x"}))
    assert wishes.read_wish(tmp_path / "wish.json") is None
    assert wishes.read_wish(tmp_path / "none.json") is None
