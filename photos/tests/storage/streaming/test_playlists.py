"""Playlists of HLS, written before any segment is made."""

from media.streams.plans import QUALITIES, Plan
from photos.storage.streaming import playlists

PLAN = Plan(3840, 2160, 29.97, 9.5, (0.0, 1.0, 3.0, 6.5), has_sound=True)


def test_the_master_names_the_qualities_in_their_order() -> None:
    lines = playlists.master(PLAN, "?edit=1").splitlines()
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == [
        "medium.m3u8?edit=1",
        "large.m3u8?edit=1",
        "small.m3u8?edit=1",
    ]
    assert 'RESOLUTION=1280x720,CODECS="avc1.64002a,mp4a.40.2",FRAME-RATE=29.970' in lines[3]


def test_a_silent_video_promises_no_sound() -> None:
    assert "mp4a" not in playlists.master(Plan(96, 64, 10, 1, (0.0,), has_sound=False))


def test_a_quality_lists_every_segment_with_its_seconds() -> None:
    text = playlists.segments(PLAN, QUALITIES[0])
    assert "#EXT-X-TARGETDURATION:4" in text
    assert [line for line in text.splitlines() if line.startswith("#EXTINF")] == [
        "#EXTINF:1.00000,", "#EXTINF:2.00000,", "#EXTINF:3.50000,", "#EXTINF:3.00000,",
    ]  # fmt: skip
    assert text.splitlines()[-2:] == ["medium/3.ts", "#EXT-X-ENDLIST"]
