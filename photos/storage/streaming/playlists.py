"""Playlists: which qualities a video has, and which segments (RFC 8216). Written from the plan, before any is made."""

import math

from media.streams.plans import Plan, Quality, qualities_for

MIME = "application/vnd.apple.mpegurl"
PICTURES, SOUNDS = "avc1.64002a", "mp4a.40.2"  # H.264 High up to level 4.2, AAC


def master(plan: Plan, query: str = "") -> str:
    """The playlist of playlists. `query` is added to their addresses."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-INDEPENDENT-SEGMENTS"]
    codecs = f"{PICTURES},{SOUNDS}" if plan.has_sound else PICTURES
    for quality in qualities_for(plan):
        width, height = quality.size(plan)
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={quality.bandwidth},RESOLUTION={width}x{height},"
            f'CODECS="{codecs}",FRAME-RATE={plan.shown_rate:.3f}',
            f"{quality.name}.m3u8{query}",
        ]
    return "\n".join([*lines, ""])


def segments(plan: Plan, quality: Quality, query: str = "") -> str:
    """The playlist of one quality."""
    lengths = plan.lengths
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{math.ceil(max(lengths))}", "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]  # fmt: skip
    for number, seconds in enumerate(lengths):
        lines += [f"#EXTINF:{max(seconds, 0.001):.5f},", f"{quality.name}/{number}.ts{query}"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])
