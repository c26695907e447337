"""Making segments: MPEG-TS with H.264 and AAC, each written by FFmpeg's own muxer, so that a player can begin at any.

Run `follow` in a sandbox. It reads a file, the wish, which says which segment somebody waits for, makes that one and
some after it, goes elsewhere when the wish does, and ends when nobody has asked for a while.
"""

import time
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from media.files import replacing
from media.streams import encoders
from media.streams.plans import Plan, Quality
from media.streams.reading import Reading
from media.streams.sound import Sound
from media.streams.upright import Upright
from media.streams.wishes import AHEAD, first_missing, name_of, read_wish

PAUSE = 0.05  # seconds between two looks at the wish while nothing is to be made
LOOK = 8  # frames between two looks at the wish while a segment is made
_AS_TIMED = {"mpegts_copyts": "1"}
CLOCK = Fraction(1, 90_000)  # MPEG-TS counts so
LEAD = 1.0  # second at which the first frame is shown: MPEG-TS has no times before 0


class Elsewhere(Exception):
    """The wish has gone away from what is being made."""


def follow(
    source: Path, folder: Path, wish: Path, plan: Plan, quality: Quality, idle: float, span: float, encoder: str
) -> None:
    """Make segments into `folder` until the wish is for another folder, or older than `idle` seconds.

    After `span` seconds it ends too, and whoever called it calls again.
    """
    until = time.monotonic() + span
    with ExitStack() as stack:
        run = _Run(source, folder, plan, quality, encoder, stack)
        while time.monotonic() < until and (wanted := read_wish(wish)):
            if wanted.folder != str(folder) or wanted.age >= idle:
                break
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
        self._reading = Reading(source, plan.frame_rate, stack)
        self._sound = Sound(source, self._reading.origin, stack) if plan.has_sound else None
        self._next = -1

    def make(self, segment: int, wish: Path) -> None:
        """Make one segment. Raises Elsewhere, UnreadableFile."""
        start = self._plan.starts[segment]
        end = start + self._plan.lengths[segment]
        last = segment == len(self._plan.starts) - 1
        if segment != self._next:
            self._reading.seek(start)
            if self._sound:
                self._sound.seek(start)
        self._next = -1  # until it is done
        with replacing(self._folder / name_of(segment)) as temporary:
            temporary.touch()  # where nothing can be decoded, nothing is written
            with av.open(f"file:{temporary}", "w", format="mpegts", options=_AS_TIMED) as output:
                self._write(output, start, float("inf") if last else end, (segment, wish))
        self._next = segment + 1

    def _write(self, output: OutputContainer, start: float, end: float, asked: tuple[int, Path]) -> None:
        with ExitStack() as stack:
            upright = Upright(self._reading.view, self._reading.base, self._quality.long_side, stack)
            rate = Fraction(self._plan.shown_rate).limit_denominator(1001)
            stream: Any = encoders.add(output, self._encoder, upright.size, rate, self._quality.bit_rate)
            stream.codec_context.time_base = CLOCK
            sound = self._sound.add_to(output) if self._sound else None
            for number, (at, frame) in enumerate(self._reading.until(end)):
                if number % LOOK == 0:
                    self._look(*asked)
                if at >= start - self._reading.slack:
                    for shown in upright.frames(frame):
                        output.mux(self._packets(stream, shown))
            for shown in upright.rest():
                output.mux(self._packets(stream, shown))
            output.mux(stream.encode(None))
            if self._sound and sound:
                self._sound.write(output, sound, start, end, LEAD)

    def _packets(self, stream: Any, frame: VideoFrame) -> list[Packet]:
        seconds = float((frame.pts or 0) * (frame.time_base or self._reading.base)) - self._reading.origin
        frame.pts, frame.time_base = round((seconds + LEAD) / CLOCK), CLOCK
        return stream.encode(frame)

    def _look(self, segment: int, wish: Path) -> None:
        """Whether somebody still waits for this segment, or for one shortly before it."""
        wanted = read_wish(wish)
        if wanted is None or wanted.folder != str(self._folder):
            raise Elsewhere
        if wanted.segment <= segment < wanted.segment + AHEAD:
            return
        if first_missing(self._folder, wanted.segment, len(self._plan.starts)) is not None:
            raise Elsewhere
