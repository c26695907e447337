"""How a video is cut into segments: where each begins, in seconds. Cheap: only the headers and the index are read."""

from collections.abc import Iterable
from pathlib import Path

from av.video.stream import VideoStream

from media import video
from media.streams.plans import Plan

LEAST, LONGEST = 0.9, 4.0  # seconds of a segment: a viewer waits until all of one is made
LEAST_REST = 0.5  # seconds at the end that are no segment of their own
MOST = 20_000  # segments


def plan(path: Path) -> Plan:
    """The plan of a video. Raises UnreadableFile."""
    with video.opened(path) as (container, stream):
        keys = list(key_frames(stream))
        view = video.view_of(video.first_frame(container, stream), stream)
        width, height = view.upright
        rate = float(stream.average_rate or stream.guessed_rate or 30)
        duration = seconds_of(stream) or video.duration_of(container, stream) or 0.0
        sound = bool(container.streams.audio) and container.streams.audio[0].codec_context is not None
        return Plan(width, height, round(rate, 3), duration, tuple(cuts(keys, duration)), sound)


def seconds_of(stream: VideoStream) -> float:
    """How long the pictures last, if the file says so; the sound may go on for longer."""
    return float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0


def key_frames(stream: VideoStream) -> Iterable[float]:
    """When key frames are shown, as far as the file's index says, counted from the first frame."""
    entries, base = stream.index_entries, stream.time_base
    if not len(entries) or not base:
        return
    first = entries[0].timestamp  # the index counts when frames are decoded; all are shown as much later
    for entry in entries:
        if entry.is_keyframe and not entry.is_discard:
            yield float((entry.timestamp - first) * base)


def cuts(keys: Iterable[float], duration: float) -> list[float]:
    """Where segments begin: at key frames, as reading can begin there, and between those that are far apart."""
    least, longest = max(LEAST, duration / MOST), max(LONGEST, duration / MOST)
    starts = [0.0]
    for key in (*keys, duration):
        if key - starts[-1] < (LEAST_REST if key == duration else least):
            continue
        begin, gap = starts[-1], key - starts[-1]
        parts = max(1, round(gap / (longest / 2))) if gap > longest else 1
        starts += [begin + gap * part / parts for part in range(1, parts + 1)]
    if len(starts) > 1 and (starts[-1] >= duration or duration - starts[-1] < LEAST_REST):
        starts.pop()
    return starts
