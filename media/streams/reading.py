"""Reading the frames of a video from any second on."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from media import video
from media.streams.plans import MAX_FRAME_RATE

BACK = (0.0, 2.0, 12.0)  # seconds before a place from which to read, until a key frame is found
HALF = 0.5  # of a frame: times are rounded

Timed = tuple[float, VideoFrame]  # seconds from the video's beginning


class Reading:
    """A video file that is read from one place on, and from another one after `seek`."""

    def __init__(self, source: Path, frame_rate: float, stack: ExitStack) -> None:
        self._source, self._files = source, stack.enter_context(ExitStack())
        self._frames: Iterator[Timed] = iter(())
        self._held: Timed | None = None
        self._view: video.View | None = None
        self._open()
        self.base = self._stream.time_base or Fraction(1, 1000)
        self.origin = float((self._stream.start_time or 0) * self.base)
        self.slack = HALF / max(frame_rate, 1)
        self.ended = False

    @property
    def view(self) -> video.View:
        """The view of the first frame, the same wherever reading began. Raises UnreadableFile."""
        if self._view is None:
            with video.opened(self._source) as (container, stream):
                self._view = video.view_of(video.first_frame(container, stream), stream)
        return self._view

    def seek(self, start: float) -> None:
        """Go there, or to a key frame before."""
        self.ended = False
        if not any(self._sought(start, back) for back in BACK if start - back > 0):
            self._open()
            self._frames = self._timed()  # from the beginning: not every container can go back there
            self._held = next(self._frames, None)
            if self._held and self._view is None:  # it need not be decoded twice
                self._view = video.view_of(self._held[1], self._stream)

    def until(self, end: float) -> Iterator[Timed]:
        """The frames up to that second. The next call goes on there."""
        end -= self.slack
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
        self.ended = True

    def _open(self) -> None:
        self._files.close()
        self._frames, self._held = iter(()), None
        self._container, self._stream = self._files.enter_context(video.opened(self._source))
        gc.collect()  # containers stand in cycles: without it decoders of before keep their frames, 180 MB for 4K

    def _sought(self, start: float, back: float) -> bool:
        """Go to that many seconds before the start. False if what can be decoded begins only after the start."""
        try:
            self._container.seek(int((self.origin + start - back) * av.time_base))
        except av.FFmpegError:
            return False
        self._frames = self._timed()
        self._held = next(self._frames, None)
        return self._held is not None and self._held[0] <= start + self.slack

    def _timed(self) -> Iterator[Timed]:
        least_gap, last = 0.9 / MAX_FRAME_RATE, -1.0
        for at, frame in self._in_order():
            if last < 0 or at - last >= least_gap:
                last = at
                yield at, frame

    def _in_order(self) -> Iterator[Timed]:
        """The frames with their times, without those that are later than the one after: damage, or left from a seek."""
        waiting: Timed | None = None
        for frame in video.frames_of(self._container, self._stream):
            if frame.pts is None:
                continue
            at = float(frame.pts * self.base) - self.origin
            if waiting and waiting[0] < at:
                yield waiting
            waiting = at, frame
        if waiting:
            yield waiting
