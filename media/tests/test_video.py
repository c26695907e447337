"""What browsers play, and a poster that shows something."""

import av
import pytest

from media import frames, video
from media.sandbox import UnreadableFile
from media.tests.videos import BLUE, RATE, RED, colours, near, write, write_tone
from media.thumbnails import render
from media.transcoding import make_playable


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


@pytest.mark.parametrize(("name", "options"), PLAYABLE.items(), ids=PLAYABLE)
def test_playable_videos(tmp_path, name, options):
    assert video.probe(write(tmp_path / name, **options)).playable


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
        write_tone(container, container.add_stream("aac", rate=48000, layout="mono"), 1)
    with pytest.raises(UnreadableFile, match="no picture"):
        video.probe(path)


def test_thumbnails_of_a_video_are_its_posters(tmp_path):
    rendering = render(write(tmp_path / "a.mp4", turned=90), "video/mp4", tmp_path / "out")
    assert (rendering.width, rendering.height, rendering.animated) == (64, 96, False)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"small.webp", "medium.webp", "large.webp"}


def test_missing_file(tmp_path):
    with pytest.raises(UnreadableFile, match="no longer"):
        video.probe(tmp_path / "gone.mp4")
