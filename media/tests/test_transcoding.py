"""A copy that plays in every browser: upright, in square pixels and sRGB, and nothing of the recording beside."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from media import transcoding, video
from media.tests.videos import BLUE, RED, colours, near, write
from media.transcoding import make_playable

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
    "l.flv": {"codec": "flv"},
    "m.rm": {"codec": "rv10"},
    "n.rmvb": {"codec": "rv20", "format": "rm"},
    "o.ogv": {"codec": "libvpx", "format": "ogg"},
}


@pytest.mark.parametrize(("name", "options"), NOT_PLAYABLE.items(), ids=NOT_PLAYABLE)
def test_unplayable_videos_are_transcoded(tmp_path, name, options):
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


def test_full_disk_is_not_the_videos_fault(tmp_path):
    source = write(tmp_path / "a.mkv")
    (tmp_path / ".play.mp4.tmp").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        transcoding._convert(source, tmp_path / ".play.mp4.tmp", copy=True)
