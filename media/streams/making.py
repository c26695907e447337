"""Making segments: MPEG-TS with H.264 and AAC, each written by FFmpeg's own muxer, so that a player can begin at any.

Run `follow` in a sandbox. It reads a file, the wish, which says which segment somebody waits for, makes that one and
some after it, goes elsewhere when the wish does, and ends when nobody has asked for a while.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from media import video
from media.files import replacing
from media.streams import encoders
from media.streams.plans import Plan, Quality
from media.streams.sound import Sound
from media.streams.upright import Upright
from media.streams.wishes import AHEAD, first_missing, name_of, read_wish

PAUSE = 0.05  # seconds between two looks at the wish while nothing is to be made
LOOK = 8  # frames between two looks at the wish while a segment is made
MAX_FRAME_RATE = 60
_AS_TIMED = {"mpegts_copyts": "1"}
BACK = (0.0, 2.0, 12.0)  # seconds before a segment from which to read, until a key frame is found
HALF = 0.5  # of a frame: times are rounded
CLOCK = Fraction(1, 90_000)  # MPEG-TS counts so
LEAD = 1.0  # second at which the first frame is shown: MPEG-TS has no times before 0


class Elsewhere(Exception):
    """The wish has gone away from what is being made."""


def follow(source: Path, folder: Path, wish: Path, plan: Plan, quality: Quality, idle: float, encoder: str) -> None:
    """Make segments into `folder` until the wish is for another folder or older than `idle` seconds."""
    with ExitStack() as stack:
        run = _Run(source, folder, plan, quality, encoder, stack)
        while (wanted := read_wish(wish)) and wanted.folder == str(folder) and wanted.age < idle:
            missing = first_missing(folder, wanted.segment, len(plan.starts))
            if missing is None:
                time.sleep(PAUSE)
                continue
            with suppress(Elsewhere):
                run.make(missing, wish)


class _Run:
    """Reads the video from one segment to the next, and jumps if the next one is elsewhere."""

    def __init__(
        self, source: Path, folder: Path, plan: Plan, quality: Quality, encoder: str, stack: ExitStack
    ) -> None:
        self._folder, self._plan, self._quality, self._encoder = folder, plan, quality, encoder
        self._stack = stack
        self._source = source
        container, stream = stack.enter_context(video.opened(source))
        self._view = video.view_of(video.first_frame(container, stream), stream)
        self._container, self._stream = stack.enter_context(video.opened(source))
        self._base = self._stream.time_base or Fraction(1, 1000)
        self._origin = float((self._stream.start_time or 0) * self._base)
        self._frames: Iterator[tuple[float, VideoFrame]] | None = None
        self._held: tuple[float, VideoFrame] | None = None
        self._next = -1
        self._sound = Sound(source, self._origin, stack) if plan.has_sound else None

    def make(self, segment: int, wish: Path) -> None:
        """Make one segment. Raises Elsewhere, UnreadableFile."""
        start = self._plan.starts[segment]
        end = start + self._plan.lengths[segment]
        last = segment == len(self._plan.starts) - 1
        if segment != self._next:
            self._seek(start)
        self._next = -1  # until it is done
        with replacing(self._folder / name_of(segment)) as temporary:
            temporary.touch()  # where nothing can be decoded, nothing is written
            with av.open(f"file:{temporary}", "w", format="mpegts", options=_AS_TIMED) as output:
                self._write(output, start, float("inf") if last else end, (segment, wish))
        self._next = segment + 1

    def _seek(self, start: float) -> None:
        if not any(self._sought(start, back) for back in BACK if start - back > 0):
            self._container, self._stream = self._stack.enter_context(video.opened(self._source))
            self._held = None
            self._frames = self._timed()  # from the beginning: not every container can go back there
        if self._sound:
            self._sound.seek(start)

    def _sought(self, start: float, back: float) -> bool:
        """Go to that many seconds before the start. False if what can be decoded begins only after the start."""
        try:
            self._container.seek(int((self._origin + start - back) * av.time_base))
        except av.FFmpegError:
            return False
        self._frames = self._timed()
        self._held = next(self._frames, None)
        return self._held is not None and self._held[0] <= start + HALF / max(self._plan.frame_rate, 1)

    def _timed(self) -> Iterator[tuple[float, VideoFrame]]:
        """Frames with their seconds from the video's beginning."""
        least_gap, last = 0.9 / MAX_FRAME_RATE, -1.0
        for at, frame in self._in_order():
            if last < 0 or at - last >= least_gap:
                last = at
                yield at, frame

    def _in_order(self) -> Iterator[tuple[float, VideoFrame]]:
        """The frames with their times, without those that are later than the one after: damage, or left from a seek."""
        waiting: tuple[float, VideoFrame] | None = None
        for frame in video.frames_of(self._container, self._stream):
            if frame.pts is None:
                continue
            at = float(frame.pts * self._base) - self._origin
            if waiting and waiting[0] < at:
                yield waiting
            waiting = at, frame
        if waiting:
            yield waiting

    def _write(self, output: OutputContainer, start: float, end: float, asked: tuple[int, Path]) -> None:
        with ExitStack() as stack:
            upright = Upright(self._view, self._base, self._quality.long_side, stack)
            rate = min(self._plan.frame_rate or 30, MAX_FRAME_RATE)
            stream: Any = encoders.add(output, self._encoder, upright.size, Fraction(rate).limit_denominator(1001),
                                       self._quality.bit_rate)  # fmt: skip
            stream.codec_context.time_base = CLOCK
            sound = self._sound.add_to(output) if self._sound else None
            slack = HALF / max(self._plan.frame_rate, 1)
            for number, (at, frame) in enumerate(self._until(end - slack)):
                if number % LOOK == 0:
                    self._look(*asked)
                if at >= start - slack:
                    for shown in upright.frames(frame):
                        output.mux(self._packets(stream, shown))
            for shown in upright.rest():
                output.mux(self._packets(stream, shown))
            output.mux(stream.encode(None))
            if self._sound and sound:
                self._sound.write(output, sound, start, end, LEAD)

    def _packets(self, stream: Any, frame: VideoFrame) -> list[Packet]:
        seconds = float((frame.pts or 0) * (frame.time_base or self._base)) - self._origin
        frame.pts, frame.time_base = round((seconds + LEAD) / CLOCK), CLOCK
        return stream.encode(frame)

    def _until(self, end: float) -> Iterator[tuple[float, VideoFrame]]:
        assert self._frames is not None
        if self._held:
            if self._held[0] >= end:
                return
            held, self._held = self._held, None
            yield held
        for at, frame in self._frames:
            if at >= end:
                self._held = at, frame
                return
            yield at, frame

    def _look(self, segment: int, wish: Path) -> None:
        """Whether somebody still waits for this segment, or for one shortly before it."""
        wanted = read_wish(wish)
        if wanted is None or wanted.folder != str(self._folder):
            raise Elsewhere
        if wanted.segment <= segment < wanted.segment + AHEAD:
            return
        if first_missing(self._folder, wanted.segment, len(self._plan.starts)) is not None:
            raise Elsewhere
