"""Edits of videos: trimmed, turned, muted. What is kept is copied where nothing but the frame's turn changes.

A trimmed video is encoded as a whole: its ends are exact, whatever lies between its key frames.
"""

import time
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer

from media import decoding, video
from media.decoding import Decoded
from media.editing.description import Edit
from media.files import replacing
from media.metadata.orientations import MIRRORED, together
from media.sandbox import UnreadableFile
from media.streams.cutting import plan
from media.streams.reading import MAX_FRAME_RATE, Reading
from media.streams.sound import Sound
from media.streams.upright import Upright

LONG_SIDE = 3840
STEP = 2.0  # seconds that are written at once, pictures and then sound
_OPTIONS = {"preset": "veryfast", "crf": "20"}
_CLOCK = Fraction(1, 90_000)
_QUICK_START = {"movflags": "+faststart"}
_DEGREES = {1: 0, 6: -90, 3: 180, 8: 90}  # counterclockwise, of a display matrix
_COPIED = frozenset({"aac", "mp3", "mp3float"})
_FRAME_SECONDS = 20.0  # of decoding, for a poster


def write(source: Path, target: Path, edit: Edit) -> None:
    """Write what the edit makes of the video, an MP4 that every browser plays. Raises UnreadableFile."""
    with replacing(target) as temporary:
        if edit.find("trim") is None and _copy(source, temporary, edit):
            return
        _encode(source, temporary, edit)


def frame_of(source: Path, at: float, turn: int, fit: int) -> Decoded:
    """The frame at that second, upright and then turned. Raises UnreadableFile."""
    with video.opened(source) as (container, stream):
        frame = video.frame_at(container, stream, at, time.monotonic() + _FRAME_SECONDS)
        if frame is None:
            raise UnreadableFile(video.NO_PICTURE)
        view = video.view_of(frame, stream)
        width, height = view.upright
        return decoding.turned(Decoded(video.still(frame, view, fit), width, height), turn)


def _copy(source: Path, target: Path, edit: Edit) -> bool:
    """Copy the streams, with another turn and perhaps without sound. False if browsers would not play the copy."""
    with video.opened(source) as (container, stream):
        lies = together(video.view_of(video.first_frame(container, stream), stream).orientation, edit.turn)
        sounds = [] if edit.find("mute") else container.streams.audio[:1]
        plays = video.is_common_h264(stream) and all(one.codec_context.name in _COPIED for one in sounds)
        if lies in MIRRORED or not plays:
            return False
    with ExitStack() as stack:
        container, stream = stack.enter_context(video.opened(source))
        output = stack.enter_context(av.open(f"file:{target}", "w", format="mp4", options=_QUICK_START))
        kept: list[Any] = [stream, *([] if edit.find("mute") else container.streams.audio[:1])]
        copies: dict[int, Any] = {one.index: output.add_stream_from_template(one) for one in kept}
        copies[stream.index].set_display_rotation(_DEGREES[lies])
        for packet in container.demux(kept):
            if packet.size == 0 and packet.pts is None:
                continue
            if packet.dts is None:
                return False  # encoding finds the times
            packet.stream = copies[packet.stream.index]
            output.mux(packet)
    return True


def _encode(source: Path, target: Path, edit: Edit) -> None:
    told = plan(source)
    trim = edit.find("trim")
    start, end = (trim["start"], min(trim["end"], told.duration)) if trim else (0.0, told.duration)
    with ExitStack() as stack:
        reading = Reading(source, told.frame_rate, stack)
        sound = Sound(source, reading.origin, stack) if told.has_sound and not edit.find("mute") else None
        output = stack.enter_context(av.open(f"file:{target}", "w", format="mp4", options=_QUICK_START))
        upright = Upright(reading.view, reading.base, LONG_SIDE, stack, edit.turn)
        pictures = _pictures(output, upright.size, min(told.frame_rate or 30, MAX_FRAME_RATE))
        heard = sound.add_to(output) if sound else None
        reading.seek(start)
        if sound:
            sound.seek(start)
        count, at = 0, start
        while at < end:
            then = min(end, at + STEP)
            count += _write_pictures(output, pictures, reading, upright, start, then)
            if sound:
                sound.write(output, heard, at, then, -start)
            at = then
        output.mux(pictures.encode(None))
        if not count:
            raise UnreadableFile(video.NO_PICTURE)


def _write_pictures(
    output: OutputContainer, pictures: Any, reading: Reading, upright: Upright, start: float, end: float
) -> int:
    count = 0
    for at, frame in reading.until(end):
        if at < start - reading.slack:
            continue
        for shown in upright.frames(frame):
            seconds = float((shown.pts or 0) * (shown.time_base or reading.base)) - reading.origin - start
            shown.pts, shown.time_base = max(0, round(seconds / _CLOCK)), _CLOCK
            output.mux(pictures.encode(shown))
            count += 1
    return count


def _pictures(output: OutputContainer, size: tuple[int, int], rate: float) -> Any:
    stream: Any = output.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001), options=_OPTIONS)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base, context.gop_size = _CLOCK, max(1, round(rate * STEP))
    context.color_primaries = context.color_trc = context.colorspace = 1  # H.273: BT.709
    context.color_range = 1  # MPEG's, 16 to 235
    return stream
