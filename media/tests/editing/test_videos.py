"""Edited videos: exact ends, the same pictures and sound, and nothing of the file's own metadata."""

import os
from dataclasses import replace
from pathlib import Path

import av
import pytest

from media import thumbnails, video
from media.editing import description, videos
from media.sandbox import UnreadableFile
from media.tests.videos import BLUE, RED, colours, near, write

KEYS = {"g": "100", "sc_threshold": "0"}  # one key frame: the ends are between them


def edited(source: Path, *operations: dict) -> Path:
    target = source.with_name("edited.mp4")
    videos.write(source, target, description.read({"version": 1, "operations": list(operations)}))
    return target


def given(*operations: dict) -> dict:
    return {"version": 1, "operations": list(operations)}


def shown_at(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [frame.time for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_a_trimmed_video_has_exact_ends(tmp_path, name):
    source = write(tmp_path / name, seconds=6, audio="aac", options=KEYS, dark=2)
    made = edited(source, {"op": "trim", "start": 1.5, "end": 4.3})
    told = video.probe(made)
    assert told.playable
    assert told.duration == pytest.approx(2.8, abs=0.06)
    times = shown_at(made)
    assert len(times) == 28
    assert times[0] == pytest.approx(0, abs=0.01)
    with av.open(str(made)) as container:
        bright = [frame.to_ndarray(format="gray").mean() > 20 for frame in container.decode(video=0)]
    assert bright.index(True) == 5  # the picture comes at 2.0 s, half a second after the cut
    with av.open(str(made)) as container:
        sound = list(container.decode(audio=0))
    assert sum(frame.samples for frame in sound) / 48000 == pytest.approx(2.8, abs=0.1)


def test_sound_that_nobody_can_decode_is_left_out(tmp_path):
    source = write(tmp_path / "a.mp4", audio="aac")
    source.write_bytes(source.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"))
    with av.open(str(source)) as container:
        assert container.streams.audio[0].codec_context is None
    made = edited(source, {"op": "turn", "by": 6})
    with av.open(str(source)) as before, av.open(str(made)) as after:
        assert not after.streams.audio
        copied, given = ([bytes(packet) for packet in one.demux(video=0)] for one in (after, before))
        assert copied == given


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize(("turn", "size"), [(6, (64, 96)), (3, (96, 64)), (8, (64, 96))])
def test_a_video_is_turned(tmp_path, codec, turn, size):
    source = write(tmp_path / "a.mp4", codec=codec, audio="aac")
    made = edited(source, {"op": "turn", "by": turn})
    told = video.probe(made)
    assert ((told.width, told.height), told.playable) == (size, True)
    picture = video.poster(made, 400).image
    upright = picture.transpose({6: 2, 3: 3, 8: 4}[turn])  # Pillow's turns, counterclockwise
    for found, wanted in zip(colours(upright), (RED, BLUE), strict=True):
        assert near(found, wanted, 40)


def test_a_video_that_lies_on_its_side_is_turned_from_there(tmp_path):
    source = write(tmp_path / "a.mp4", turned=-90)
    made = edited(source, {"op": "turn", "by": 8})
    assert (video.probe(made).width, video.probe(made).height) == (96, 64)


def test_what_only_turns_is_copied_bit_by_bit(tmp_path):
    source = write(tmp_path / "a.mp4", audio="aac")
    made = edited(source, {"op": "turn", "by": 6})
    with av.open(str(source)) as before, av.open(str(made)) as after:
        packets = [[bytes(one) for one in container.demux(video=0) if one.size] for container in (before, after)]
    assert packets[0] == packets[1]


def test_a_muted_video_has_no_sound(tmp_path):
    source = write(tmp_path / "a.mp4", audio="aac")
    assert video.probe(edited(source, {"op": "mute"})).audio_codec is None
    trimmed = edited(source, {"op": "mute"}, {"op": "trim", "start": 0, "end": 1})
    assert video.probe(trimmed).audio_codec is None


def test_the_poster_is_the_chosen_frame(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=4, dark=2, options=KEYS)
    dark = {"version": 1, "operations": [{"op": "poster", "at": 1}, {"op": "turn", "by": 6}]}
    told = thumbnails.render_edited_video(source, tmp_path / "dark", dark)
    assert (told.width, told.height) == (64, 96)
    with thumbnails.Image.open(tmp_path / "dark" / "large.webp") as image:
        assert max(image.getpixel((32, 20))) < 20
    bright = {"version": 1, "operations": [{"op": "trim", "start": 0, "end": 4}]}
    thumbnails.render_edited_video(source, tmp_path / "bright", bright)
    with thumbnails.Image.open(tmp_path / "bright" / "large.webp") as image:
        assert near(image.getpixel((20, 32)), RED)


def test_slow_motion_keeps_its_speed(tmp_path, monkeypatch):
    monkeypatch.setattr("media.tests.videos.RATE", 240)
    source = write(tmp_path / "a.mp4", seconds=1.5)
    made = edited(source, {"op": "trim", "start": 0.25, "end": 1.25})
    assert video.probe(made).duration == pytest.approx(1, abs=0.03)
    assert len(shown_at(made)) == pytest.approx(60, abs=2)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "trim", "start": 2, "end": 2.05},
        {"op": "trim", "start": 3, "end": 2},
        {"op": "trim", "start": -1, "end": 2},
        {"op": "trim"},
        {"op": "poster", "at": "x"},
    ],
)
def test_what_is_no_edit_is_refused(operation):
    with pytest.raises(description.Refused):
        description.read({"version": 1, "operations": [operation]})


def test_nothing_is_left_of_a_video_that_cannot_be_read(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"broken" * 100)
    with pytest.raises(UnreadableFile):
        edited(tmp_path / "a.mp4", {"op": "mute"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_the_poster_lies_far_from_a_key_frame(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=30, dark=25, options={"g": "1000", "sc_threshold": "0"})
    thumbnails.render_edited_video(source, tmp_path / "made", given({"op": "poster", "at": 27}))
    with thumbnails.Image.open(tmp_path / "made" / "large.webp") as image:
        assert near(image.getpixel((20, 32)), RED)


def test_the_last_frame_is_shown_for_a_poster_after_the_end(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=4, dark=3.9, options=KEYS)
    thumbnails.render_edited_video(source, tmp_path / "made", given({"op": "poster", "at": 4.4}))
    with thumbnails.Image.open(tmp_path / "made" / "large.webp") as image:
        assert near(image.getpixel((20, 32)), RED)


def test_who_only_chooses_a_poster_gets_no_other_video(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=2, codec="libx265")
    told = thumbnails.render_edited_video(source, tmp_path / "made", given({"op": "poster", "at": 1}))
    assert told.duration is None
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["large.webp", "medium.webp", "small.webp"]


def test_a_video_without_decoding_times_is_copied(tmp_path):
    source = write(tmp_path / "a.mkv", seconds=2, options={"bf": "2", "g": "10"})
    made = edited(source, {"op": "turn", "by": 6})
    with av.open(str(source)) as before, av.open(str(made)) as after:
        sizes = [sum(1 for one in container.demux(video=0) if one.size) for container in (before, after)]
        assert after.streams.video[0].codec_context.extradata == before.streams.video[0].codec_context.extradata
    assert sizes[0] == sizes[1] == 20


def test_what_cannot_be_copied_is_encoded(tmp_path, monkeypatch):
    def refuse(*_):
        raise UnreadableFile("odd times")

    monkeypatch.setattr(videos, "pump", refuse)
    made = edited(write(tmp_path / "a.mp4", audio="aac"), {"op": "mute"})
    assert len(shown_at(made)) == 20


def test_an_interlaced_video_keeps_its_last_frames(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=2, options={"flags": "+ildct+ilme", "x264-params": "interlaced=1"})
    with av.open(str(source)) as container:
        assert next(container.decode(video=0)).interlaced_frame
    times = shown_at(edited(source, {"op": "trim", "start": 0, "end": 2}))
    assert times == pytest.approx([number / 20 for number in range(40)], abs=0.01)  # each field is a picture


def test_an_interlaced_video_is_trimmed_between_its_frames(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=2, options={"flags": "+ildct+ilme", "x264-params": "interlaced=1"})
    times = shown_at(edited(source, {"op": "trim", "start": 0.55, "end": 1.5}))  # both fields of a frame begin by then
    assert times == pytest.approx([number / 20 for number in range(19)], abs=0.01)


def test_damaged_sound_is_left_out(tmp_path):
    source = write(tmp_path / "a.ts", seconds=8, audio="aac", format="mpegts")
    data = bytearray(source.read_bytes())
    for place in range(5000, len(data) - 500, 1500):
        data[place : place + 80] = bytes(80)
    source.write_bytes(data)
    told = video.probe(edited(source, {"op": "turn", "by": 7}))
    assert (told.duration, told.audio_codec) == (pytest.approx(8, abs=0.3), "aac")


def test_a_video_that_says_it_lasts_for_years_ends_with_its_frames(tmp_path, monkeypatch):
    source = write(tmp_path / "a.mp4", seconds=2, audio="aac")
    told = replace(videos.plan(source), duration=1e9)
    monkeypatch.setattr(videos, "plan", lambda path: told)
    made = edited(source, {"op": "turn", "by": 2})
    assert (video.probe(made).duration or 0) == pytest.approx(2, abs=1)


def test_what_a_killed_worker_left_is_removed(tmp_path):
    left = tmp_path / "made" / ".video.mp4.4194400.tmp"
    left.parent.mkdir()
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    thumbnails.render_edited_video(write(tmp_path / "a.mp4"), left.parent, given({"op": "mute"}))
    assert not left.exists()
