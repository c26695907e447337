"""video and transcoding: what browsers play, a poster that shows something, and a copy that plays everywhere."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc
from PIL import Image

from media import frames, transcoding, video
from media.sandbox import UnreadableFile
from media.thumbnails import render
from media.transcoding import make_playable

RATE = 10
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(left: tuple[int, int, int] = RED, right: tuple[int, int, int] = BLUE) -> np.ndarray:
    """96 by 64, with enough in it not to be called flat."""
    picture = np.empty((64, 96, 3), np.uint8)
    picture[:, :48], picture[:, 48:] = left, right
    return picture


def write(
    path: Path, *, codec: str = "libx264", pix_fmt: str = "yuv420p", audio: str | None = None, seconds: float = 2,
    dark: float = 0, turned: int | None = None, format: str | None = None, options: dict[str, str] | None = None,
    aspect: Fraction | None = None, hdr: bool = False,
) -> Path:  # fmt: skip
    """A video of two halves, the first `dark` seconds black."""
    with av.open(str(path), "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, pix_fmt
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned is not None:
            stream.set_display_rotation(turned)
        if hdr:
            stream.codec_context.color_primaries, stream.codec_context.color_trc = 9, 18
            stream.codec_context.colorspace = 9
        sound: Any = container.add_stream(audio, rate=48000, layout="mono") if audio else None
        for number in range(round(seconds * RATE)):
            picture = halves() if number >= dark * RATE else np.zeros((64, 96, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if hdr:
                frame = frame.reformat(format=pix_fmt, dst_colorspace=Colorspace.BT2020)
                frame.color_primaries, frame.color_trc = ColorPrimaries.BT2020, ColorTrc.ARIB_STD_B67
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            _write_tone(container, sound, seconds)
    return path


def _write_tone(container, sound, seconds):
    tone = np.sin(np.arange(round(seconds * 48000)) * 0.05).astype("f4")
    resampler = av.AudioResampler(format=sound.codec_context.format, layout="mono", rate=48000, frame_size=1024)
    frame = av.AudioFrame.from_ndarray(tone[None], format="fltp", layout="mono")
    frame.sample_rate = 48000
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(sound.encode(piece))
    container.mux(sound.encode(None))


def colours(image: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Within the left and the right half."""
    left = image.getpixel((image.width // 4, image.height // 2))
    right = image.getpixel((image.width * 3 // 4, image.height // 2))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return left, right


def near(found: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 25) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def test_probe(tmp_path):
    found = video.probe(write(tmp_path / "a.mp4", audio="aac"))
    assert (found.width, found.height, found.frame_rate) == (96, 64, RATE)
    assert found.duration == pytest.approx(2, abs=0.1)
    assert (found.video_codec, found.audio_codec, found.playable) == ("h264", "aac", True)
    assert found.bit_rate


PLAYABLE = {
    "a.mp4": {},
    "b.mp4": {"audio": "aac"},
    "c.mp4": {"turned": 90},
    "d.webm": {"codec": "libvpx", "audio": "libopus"},
    "e.webm": {"codec": "libvpx-vp9"},
}
NOT_PLAYABLE = {
    "a.mov": {"audio": "aac"},
    "b.mkv": {},
    "c.mp4": {"codec": "libx265"},
    "d.mp4": {"pix_fmt": "yuv444p"},
    "e.avi": {"codec": "mpeg4", "audio": "libmp3lame"},
    "f.mov": {"codec": "mjpeg", "pix_fmt": "yuvj420p", "audio": "pcm_s16le"},
    "g.ts": {"audio": "aac"},
    "h.mp4": {"codec": "libvpx-vp9"},
    "i.mpg": {"codec": "mpeg2video", "audio": "mp2"},
    "j.wmv": {"codec": "wmv2"},
    "k.mp4": {"audio": "libopus"},
}


@pytest.mark.parametrize(("name", "options"), PLAYABLE.items(), ids=PLAYABLE)
def test_what_browsers_play_is_left_alone(tmp_path, name, options):
    assert video.probe(write(tmp_path / name, **options)).playable


@pytest.mark.parametrize(("name", "options"), NOT_PLAYABLE.items(), ids=NOT_PLAYABLE)
def test_what_they_do_not_play_is_made_playable(tmp_path, name, options):
    if name == "i.mpg":
        options = options | {"options": {"strict": "unofficial"}}
    source = write(tmp_path / name, **options)
    before = video.probe(source)
    assert not before.playable
    make_playable(source, tmp_path / "out" / "play.mp4")
    after = video.probe(tmp_path / "out" / "play.mp4")
    assert after.playable
    assert (after.width, after.height) == (before.width, before.height)
    assert after.duration == pytest.approx(2, abs=0.3)
    assert bool(after.audio_codec) == bool(before.audio_codec)
    for found, wanted in zip(colours(video.poster(tmp_path / "out" / "play.mp4", 400).image), (RED, BLUE), strict=True):
        assert near(found, wanted)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["play.mp4"]


@pytest.mark.parametrize("name", ["a.mov", "a.mkv"])
def test_h264_is_copied_bit_by_bit(tmp_path, name):
    source = write(tmp_path / name, audio="pcm_s16le")
    make_playable(source, tmp_path / "play.mp4")
    assert _digest(source) == _digest(tmp_path / "play.mp4")
    assert video.probe(tmp_path / "play.mp4").audio_codec == "aac"


def _digest(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_plays_from_its_first_byte(tmp_path):
    make_playable(write(tmp_path / "a.mkv"), tmp_path / "play.mp4")
    content = (tmp_path / "play.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_place_of_recording_is_not_carried_over(tmp_path):
    source = write(tmp_path / "a.mov")
    with av.open(str(source)) as container, av.open(str(tmp_path / "b.mov"), "w") as output:
        output.metadata["comment"] = "+48.8577+002.295/"
        stream = output.add_stream_from_template(container.streams.video[0])
        for packet in container.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                output.mux(packet)
    assert b"+48.8577" in (tmp_path / "b.mov").read_bytes()
    make_playable(tmp_path / "b.mov", tmp_path / "play.mp4")
    assert b"+48.8577" not in (tmp_path / "play.mp4").read_bytes()


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_large_videos_get_smaller_where_they_are_encoded(tmp_path, monkeypatch, codec):
    monkeypatch.setattr(transcoding, "LONG_SIDE", 48)
    make_playable(write(tmp_path / "a.mkv", codec=codec), tmp_path / "play.mp4")
    found = video.probe(tmp_path / "play.mp4")
    assert (found.width, found.height) == ((96, 64) if codec == "libx264" else (48, 32))


# Which half is where after a turn (degrees against the clock, as FFmpeg counts): top for a left half turned by -90.
@pytest.mark.parametrize(("turned", "place"), [(90, "bottom"), (-90, "top"), (180, "right")])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_turned_recordings_stand_upright(tmp_path, turned, place, codec):
    source = write(tmp_path / "a.mov", codec=codec, turned=turned)
    make_playable(source, tmp_path / "play.mp4")
    for path in (source, tmp_path / "play.mp4"):
        poster = video.poster(path, 400)
        assert (poster.width, poster.height) == ((96, 64) if turned == 180 else (64, 96))
        assert poster.image.size == (poster.width, poster.height)
        red = {"bottom": (32, 80), "top": (32, 16), "right": (80, 32)}[place]
        found = poster.image.getpixel(red)
        assert isinstance(found, tuple)
        assert near(found, RED), path


def test_pixels_that_are_not_square(tmp_path):
    source = write(tmp_path / "a.mkv", aspect=Fraction(4, 3), codec="mpeg4")
    assert (video.probe(source).width, video.probe(source).height) == (128, 64)
    make_playable(source, tmp_path / "play.mp4")
    found = video.probe(tmp_path / "play.mp4")
    assert (found.width, found.height) == (128, 64)


def test_poster_is_not_black(tmp_path):
    source = write(tmp_path / "a.mp4", seconds=10, dark=2.2, options={"g": "300"})
    poster = video.poster(source, 400)
    assert near(colours(poster.image)[0], RED)


def test_all_black_still_has_a_poster(tmp_path):
    poster = video.poster(write(tmp_path / "a.mp4", dark=5), 400)
    assert colours(poster.image)[0] == pytest.approx((0, 0, 0), abs=6)


def test_single_frame(tmp_path):
    assert near(colours(video.poster(write(tmp_path / "a.mp4", seconds=0.1), 400).image)[1], BLUE)


def test_poster_fits(tmp_path):
    poster = video.poster(write(tmp_path / "a.mp4"), 48)
    assert poster.image.size == (48, 32)
    assert (poster.width, poster.height) == (96, 64)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mts", "libx264"), ("a.m2ts", "libx264"), ("a.mpg", "mpeg2video"), ("a.mkv", "libx264")]
)
@pytest.mark.parametrize("seconds", [1, 4])
def test_a_single_key_frame_is_enough(tmp_path, name, codec, seconds):
    path = write(tmp_path / name, codec=codec, seconds=seconds, options={"g": "250", "keyint_min": "250"})
    left, right = colours(video.poster(path, 96).image)
    assert near(left, RED)
    assert near(right, BLUE)
    shown = frames.sample(path, frames.instants(seconds))
    assert [number for number, *_ in shown] == list(range(seconds))


def test_high_dynamic_range_comes_out_in_srgb(tmp_path):
    source = write(tmp_path / "a.mkv", codec="libx265", pix_fmt="yuv420p10le", hdr=True)
    make_playable(source, tmp_path / "play.mp4")
    still, copy = video.poster(source, 400).image, video.poster(tmp_path / "play.mp4", 400).image
    for found, other in zip(colours(still), colours(copy), strict=True):
        assert near(found, other, 30)
    # Wide, bright primaries are further from grey in sRGB's numbers than in their own.
    assert colours(still)[0][0] > 215
    with av.open(str(tmp_path / "play.mp4")) as container:
        frame = next(container.decode(video=0))
        assert (int(frame.color_primaries), int(frame.color_trc), int(frame.colorspace)) == (1, 1, 1)


def test_duration_of_a_recording_that_does_not_say(tmp_path):
    source = write(tmp_path / "a.webm", codec="libvpx", options={}, format="webm")
    content = source.read_bytes()
    at = content.index(b"\x44\x89\x88")  # EBML Duration, eight bytes
    source.write_bytes(content[:at] + b"\xec\x89" + content[at + 2 :])  # Void in its place
    assert video.probe(source).duration == pytest.approx(1.9, abs=0.2)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.mp4", b"<html></html>" * 50, video.NOT_WHAT_IT_SAYS),
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 500, video.DAMAGED),
        ("a.mkv", b"\x1a\x45\xdf\xa3" + b"\xff" * 500, video.DAMAGED),
    ],
)
def test_refused_in_words(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    for attempt in (video.probe, lambda path: make_playable(path, tmp_path / "out.mp4")):
        with pytest.raises(UnreadableFile) as caught:
            attempt(path)
        assert str(caught.value) == words
    assert not (tmp_path / "out.mp4").exists()


def test_playlist_opens_nothing(tmp_path):
    """FFmpeg would follow it, to any file or address it names."""
    write(tmp_path / "secret.ts")
    path = tmp_path / "a.avi"
    path.write_text(f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile://{tmp_path}/secret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnreadableFile, match="not a video"):
        video.probe(path)


def test_cut_short_in_the_middle_shows_what_there_is(tmp_path):
    source = write(tmp_path / "a.mkv", seconds=4)
    source.write_bytes(source.read_bytes()[: source.stat().st_size * 7 // 10])
    assert video.poster(source, 400).width == 96
    make_playable(source, tmp_path / "play.mp4")
    assert video.probe(tmp_path / "play.mp4").playable


def test_sound_without_a_picture(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        _write_tone(container, container.add_stream("aac", rate=48000, layout="mono"), 1)
    with pytest.raises(UnreadableFile, match="no picture"):
        video.probe(path)


def test_thumbnails_of_a_video_are_its_posters(tmp_path):
    rendering = render(write(tmp_path / "a.mp4", turned=90), "video/mp4", tmp_path / "out")
    assert (rendering.width, rendering.height, rendering.animated) == (64, 96, False)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"small.webp", "medium.webp", "large.webp"}


def test_missing_file(tmp_path):
    with pytest.raises(UnreadableFile, match="no longer"):
        video.probe(tmp_path / "gone.mp4")


def test_full_disk_is_not_the_videos_fault(tmp_path):
    source = write(tmp_path / "a.mkv")
    (tmp_path / ".play.mp4.tmp").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        transcoding._convert(source, tmp_path / ".play.mp4.tmp", copy=True)
