"""Frames of a video in which faces are sought. Runs in the sandbox."""

import io
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from photos import video

SIDE = 1280  # pixels
EVERY = 2.0  # seconds
MOST = 24  # frames of one video


def sample(path: Path) -> list[tuple[float, bytes]]:
    """Upright frames, spread evenly: when in seconds, and a JPEG. Raises UnreadableFile."""
    with video.opened(path) as (container, stream):
        stream.codec_context.skip_frame = "NONKEY"
        view = None
        frames: list[tuple[float, bytes]] = []
        for at in instants((container.duration or 0) / av.time_base):
            frame = _key_frame(container, stream, at)
            if frame is None:
                continue
            seconds = round((frame.time or 0.0) - _start(stream), 3)
            if any(abs(seconds - taken) < 0.2 for taken, _ in frames):
                continue
            view = view or video.view_of(frame, stream)
            out = io.BytesIO()
            video.still(frame, view, SIDE).save(out, "JPEG", quality=92)
            frames.append((seconds, out.getvalue()))
    return frames


def instants(duration: float) -> list[float]:
    """When to look, in seconds: every two of them, in long videos further apart; the middles of equal parts."""
    count = max(1, min(MOST, round(duration / EVERY)))
    return [duration * (number + 0.5) / count for number in range(count)]


def _key_frame(container: InputContainer, stream: VideoStream, at: float) -> VideoFrame | None:
    """The nearest key frame before an instant: only those can be had without decoding what lies between."""
    try:
        container.seek(int((_start(stream) + at) * av.time_base))
        for packet in container.demux(stream):
            for frame in packet.decode():
                return frame
    except av.FFmpegError:
        return None  # beyond the end, or this part is damaged; the others may do
    return None


def _start(stream: VideoStream) -> float:
    return float((stream.start_time or 0) * (stream.time_base or 0))
