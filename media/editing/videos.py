"""Edits of videos: trimmed, turned, muted. What is kept is copied where nothing but the frame's turn changes.

A trimmed video is encoded as a whole: its ends are exact, whatever lies between its key frames.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.frame import VideoFrame

from media import decoding, video
from media.decoding import Decoded
from media.editing.description import MOST_SECONDS, Edit
from media.files import replacing
from media.metadata.orientations import MIRRORED, together
from media.sandbox import UnreadableFile
from media.streams.cutting import plan
from media.streams.reading import Reading
from media.streams.sound import Sound
from media.streams.upright import Upright
from media.transcoding import AUDIO_AS_IT_IS, copy_feed, pump

LONG_SIDE = 3840
STEP = 2.0  # seconds that are written at once, pictures and then sound
_OPTIONS = {"preset": "veryfast", "crf": "20"}
_CLOCK = Fraction(1, 90_000)
_QUICK_START = {"movflags": "+faststart"}
_DEGREES = {1: 0, 6: -90, 3: 180, 8: 90}  # counterclockwise, of a display matrix
_FRAME_SECONDS = 60.0  # of decoding, for a poster


def write(source: Path, target: Path, edit: Edit) -> None:
    """Write what the edit makes of the video, an MP4 that every browser plays. Raises UnreadableFile."""
    with replacing(target) as temporary:
        if edit.find("trim") is None:
            with suppress(UnreadableFile):  # copying fails on odd time stamps, which encoding corrects
                if _copy(source, temporary, edit):
                    return
        _encode(source, temporary, edit)


def frame_of(source: Path, at: float, turn: int, fit: int) -> Decoded:
    """The frame at that second, upright and then turned. Raises UnreadableFile."""
    until = time.monotonic() + _FRAME_SECONDS
    found: VideoFrame | None = None
    with ExitStack() as stack:
        reading = Reading(source, plan(source).frame_rate, stack)
        reading.seek(at)
        for seconds, frame in reading.until(float("inf")):
            found = frame
            if seconds >= at - reading.slack or time.monotonic() > until:
                break
        if found is None:
            raise UnreadableFile(video.NO_PICTURE)
        width, height = reading.view.upright
        return decoding.turned(Decoded(video.still(found, reading.view, fit), width, height), turn)


def _copy(source: Path, target: Path, edit: Edit) -> bool:
    """Copy the streams, with another turn and perhaps without sound. False if browsers would not play the copy."""
    with video.opened(source) as (container, stream):
        lies = together(video.view_of(video.first_frame(container, stream), stream).orientation, edit.turn)
        sounds = _sounds(container, edit)
        plays = video.is_common_h264(stream) and all(one.codec_context.name in AUDIO_AS_IT_IS for one in sounds)
        if lies in MIRRORED or not plays:
            return False
    with ExitStack() as stack:
        container, stream = stack.enter_context(video.opened(source))
        output = stack.enter_context(av.open(f"file:{target}", "w", format="mp4", options=_QUICK_START))
        kept: list[Any] = [stream, *_sounds(container, edit)]
        feeds = {one.index: copy_feed(output, one) for one in kept}
        copied: Any = output.streams.video[0]
        copied.set_display_rotation(_DEGREES[lies])
        pump(container, output, feeds)
    return True


def _sounds(container: InputContainer, edit: Edit) -> list[AudioStream]:
    """The sound that the edit keeps, if there is one that FFmpeg can decode."""
    if edit.find("mute"):
        return []
    return [one for one in container.streams.audio[:1] if one.codec_context is not None]


def _encode(source: Path, target: Path, edit: Edit) -> None:
    told = plan(source)
    trim = edit.find("trim")
    start, end = (trim["start"], min(trim["end"], told.duration)) if trim else (0.0, told.duration)
    end = min(end, start + MOST_SECONDS)  # whatever the file says
    with ExitStack() as stack:
        reading = Reading(source, told.frame_rate, stack)
        sound = Sound(source, reading.origin, stack) if told.has_sound and not edit.find("mute") else None
        output = stack.enter_context(av.open(f"file:{target}", "w", format="mp4", options=_QUICK_START))
        upright = Upright(reading.view, reading.base, LONG_SIDE, stack, edit.turn)
        stream = _stream(output, upright.size, told.shown_rate)
        heard = sound.add_to(output) if sound else None
        reading.seek(start)
        if sound:
            sound.seek(start)
        pictures = _Pictures(output, stream, reading, upright, start)
        at = start
        while at < end and not (reading.ended and (sound is None or sound.ended)):
            then = min(end, at + STEP)
            pictures.write(then)
            if sound:
                sound.write(output, heard, at, then, -start)
            at = then
        pictures.end()
        if not pictures.count:
            raise UnreadableFile(video.NO_PICTURE)


class _Pictures:
    """Writes the pictures of a video, from second `start` on, and counts them."""

    def __init__(self, output: OutputContainer, stream: Any, reading: Reading, upright: Upright, start: float) -> None:
        self._output, self._stream, self._reading = output, stream, reading
        self._upright, self._start = upright, start
        self._last = -1
        self.count = 0

    def write(self, end: float) -> None:
        """Write those up to that second."""
        for at, frame in self._reading.until(end):
            if at >= self._start - self._reading.slack:
                self._put(self._upright.frames(frame))

    def end(self) -> None:
        """Write those that still wait in filters and in the encoder."""
        self._put(self._upright.rest())
        self._output.mux(self._stream.encode(None))

    def _put(self, frames: Iterator[VideoFrame]) -> None:
        for shown in frames:
            seconds = float((shown.pts or 0) * (shown.time_base or self._reading.base)) - self._reading.origin
            shown.pts, shown.time_base = max(0, round((seconds - self._start) / _CLOCK)), _CLOCK
            if shown.pts <= self._last:  # of an interlaced video the two halves of a frame may begin before the start
                continue
            self._last = shown.pts
            self._output.mux(self._stream.encode(shown))
            self.count += 1


def _stream(output: OutputContainer, size: tuple[int, int], rate: float) -> Any:
    stream: Any = output.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001), options=_OPTIONS)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base, context.gop_size = _CLOCK, max(1, round(rate * STEP))
    context.color_primaries = context.color_trc = context.colorspace = 1  # H.273: BT.709
    context.color_range = 1  # MPEG's, 16 to 235
    return stream
