"""What videos are called, so that a browser can tell whether it plays them."""

import re

import pytest

from media import codecs, video
from media.tests.videos import write


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("a.mov", {"audio": "aac"}, r'video/mp4; codecs="avc1\.[0-9a-f]{6}, mp4a\.40\.2"'),
        ("b.mp4", {"codec": "libx265"}, r'video/mp4; codecs="hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*"'),
        ("c.mp4", {"codec": "libvpx-vp9"}, r'video/mp4; codecs="vp09\.00\.31\.08"'),
        ("d.mp4", {"codec": "libsvtav1"}, r'video/mp4; codecs="av01\.0\.\d\dM\.08"'),
        ("e.webm", {"codec": "libvpx", "audio": "libopus"}, r'video/webm; codecs="vp8, opus"'),
        ("f.mkv", {}, ""),  # only some browsers, whatever they say
        ("g.avi", {"codec": "mpeg4"}, ""),
        ("h.mp4", {"turned": 0, "codec": "mpeg4"}, ""),
    ],
)
def test_the_type_says_container_and_codecs(tmp_path, name, options, expected):
    found = video.probe(write(tmp_path / name, seconds=0.5, **options)).browser_type
    assert re.fullmatch(expected, found), found


def test_hevc_as_the_standard_writes_it():
    main = bytes.fromhex("01 01 60000000 900000000000 5d".replace(" ", ""))
    assert codecs.hevc(main) == "hvc1.1.6.L93.90"
    high = bytes.fromhex("01 62 20000000 b00000000000 99".replace(" ", ""))
    assert codecs.hevc(high) == "hvc1.A2.4.H153.B0"


def test_av1_as_the_standard_writes_it():
    assert codecs.av1(bytes([0x81, 0x04, 0x0C, 0x00])) == "av01.0.04M.08"
    assert codecs.av1(bytes([0x81, 0x2D, 0xC0, 0x00])) == "av01.1.13H.10"


def test_a_sound_that_no_browser_plays_leaves_the_type_empty(tmp_path, monkeypatch):
    file = write(tmp_path / "a.mov", audio="aac", seconds=0.5)
    monkeypatch.delitem(codecs.SOUNDS, "aac")
    assert video.probe(file).browser_type == ""
