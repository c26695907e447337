"""The sound of segments: AAC on a fixed grid of frames, so that segments made at different times fit together."""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import OutputContainer

from media import video
from media.streams.plans import SOUND

RATE, GRID = 48_000, 1024  # samples in a second, samples in a frame of AAC
WARM = 4  # frames before a segment that an encoder hears after a jump: its first ones are not clean


class Sound:
    """Reads the sound beside the pictures, from a second handle, as far as a segment needs it."""

    def __init__(self, source: Path, origin: float, stack: ExitStack) -> None:
        self._container, _ = stack.enter_context(video.opened(source))
        self._stream = self._container.streams.audio[0]
        self._origin = origin
        self._layout = "mono" if self._stream.codec_context.channels == 1 else "stereo"
        self.seek(0.0)

    def seek(self, start: float) -> None:
        """Go on from there."""
        self._at = self._frame_at(start) - WARM  # of the grid: what is encoded next
        self._samples = np.zeros((self._channels, 0), "f4")
        self._begun = self.ended = False
        self._packets: list[tuple[int, av.Packet]] = []
        self._encoder: Any = None
        try:
            self._container.seek(int((self._origin + max(0.0, start - 0.5)) * av.time_base))
            self._decoded = self._frames()
        except av.FFmpegError:
            self._decoded = iter(())

    @property
    def _channels(self) -> int:
        return 1 if self._layout == "mono" else 2

    @staticmethod
    def _frame_at(seconds: float) -> int:
        return math.ceil(seconds * RATE / GRID - 1e-6)

    def add_to(self, output: OutputContainer) -> Any:
        """The stream of a segment for the sound."""
        return output.add_stream("aac", rate=RATE, layout=self._layout, bit_rate=SOUND)

    def write(self, output: OutputContainer, stream: Any, start: float, end: float, lead: float) -> None:
        """Write the sound from `start` to `end` seconds into the stream of a segment, `lead` seconds later."""
        first = self._frame_at(start)
        if self._encoder is None:
            self._encoder = av.CodecContext.create("aac", "w")
            self._encoder.sample_rate, self._encoder.layout = RATE, self._layout
            self._encoder.format, self._encoder.bit_rate = "fltp", SOUND
            self._encoder.time_base = Fraction(1, RATE)
        stop = self._frame_at(end) if math.isfinite(end) else None
        while not self._packets or stop is None or self._packets[-1][0] < stop - 1:
            block = self._block(whole=stop is not None)
            if block is None:
                break
            self._encode(block)
        kept = []
        for place, packet in self._packets:
            if place < first:
                continue
            if stop is not None and place >= stop:
                kept.append((place, packet))
                continue
            packet.stream, packet.time_base = stream, Fraction(1, RATE)
            packet.pts = packet.dts = place * GRID + round(lead * RATE)
            output.mux(packet)
        self._packets = kept

    def _encode(self, block: Any) -> None:
        frame = av.AudioFrame.from_ndarray(block, "fltp", self._layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at * GRID, Fraction(1, RATE)
        self._at += 1
        for packet in self._encoder.encode(frame):
            self._packets.append((round((packet.pts or 0) / GRID), packet))

    def _block(self, *, whole: bool) -> Any:
        """The next frame of the grid; silence where there is no sound. None after the end."""
        begin = self._at * GRID
        while self._samples.shape[1] < GRID:
            found = next(self._decoded, None)
            if found is None:
                self.ended = True
                if not whole and not self._samples.shape[1]:
                    return None
                missing = GRID - self._samples.shape[1]
                self._samples = np.pad(self._samples, ((0, 0), (0, missing)))
                break
            place, samples = found
            self._append(place - begin, samples)
        block, self._samples = self._samples[:, :GRID], self._samples[:, GRID:]
        return np.ascontiguousarray(block)

    def _append(self, offset: int, samples: Any) -> None:
        """Put samples where they belong after the first, `offset` from the block: gaps are silent, overlaps dropped."""
        have = self._samples.shape[1]
        if offset < have:
            if not self._begun or have - offset > RATE // 20:
                samples = samples[:, have - offset :]
        elif offset > have + (RATE // 20 if self._begun else 0):
            self._samples = np.pad(self._samples, ((0, 0), (0, offset - have)))
        if samples.shape[1]:
            self._begun = True
            self._samples = np.concatenate((self._samples, samples), axis=1)

    def _frames(self) -> Iterator[tuple[int, Any]]:
        """Samples with the place of the first, counted from the video's beginning."""
        resampler = av.AudioResampler(format="fltp", layout=self._layout, rate=RATE)
        place: int | None = None
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:  # damage: AAC has several names for it
                continue
            for frame in frames:
                if frame.pts is None or frame.time_base is None:
                    continue
                if place is None:
                    place = round((float(frame.pts * frame.time_base) - self._origin) * RATE)
                for made in resampler.resample(frame):
                    samples = made.to_ndarray()
                    yield place, samples
                    place += samples.shape[1]
