"""Transcoding videos so that every browser can play them: H.264 and AAC in MP4.

Run this in a sandbox. Streams that browsers can play are copied, others are encoded.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from media import video
from media.files import replacing
from media.sandbox import UnreadableFile
from media.streams.plans import MAX_FRAME_RATE
from media.streams.upright import Upright
from media.video import View

LONG_SIDE = 1920
# 3 s of 1440 x 1080 take 2.9 s of CPU time, instead of 7.1 s with "medium" and crf 23 for the same file size.
_VIDEO_OPTIONS = {"preset": "veryfast", "crf": "22"}
_AUDIO_BIT_RATE, _AUDIO_RATE = 160_000, 48_000
_KEY_FRAME_SECONDS = 2  # seeking lands on key frames
AUDIO_AS_IT_IS = frozenset({"aac", "mp3", "mp3float"})

Feed = Callable[[Packet], Iterator[Packet]]


def make_playable(source: Path, target: Path) -> None:
    """Write `target`, an MP4 for all browsers with at most 1920 pixels on its longer side. Raises UnreadableFile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary:
        try:
            _convert(source, temporary, copy=True)
        except UnreadableFile:  # copying fails on odd time stamps, which encoding corrects
            _convert(source, temporary, copy=False)


def _convert(source: Path, target: Path, copy: bool) -> None:
    with video.opened(source) as (container, stream):
        view = video.view_of(video.first_frame(container, stream), stream)
    with ExitStack() as stack:  # opened again: not every container can seek to its very beginning
        container, stream = stack.enter_context(video.opened(source))
        options = {"movflags": "+faststart"}
        output = stack.enter_context(av.open(f"file:{target}", "w", format="mp4", options=options))
        feeds = {stream.index: _video_feed(output, stream, view, stack, copy)}
        if container.streams.audio and container.streams.audio[0].codec_context is not None:
            audio = container.streams.audio[0]
            feeds[audio.index] = _audio_feed(output, audio, copy)
        pump(container, output, feeds)


def pump(container: InputContainer, output: OutputContainer, feeds: dict[int, Feed]) -> None:
    """Write what the feeds make of the packets of their streams. Raises UnreadableFile."""
    written = 0
    for packet in container.demux([container.streams[index] for index in feeds]):
        for made in feeds[packet.stream.index](packet):
            output.mux(made)
            written += 1
    if not written:
        raise UnreadableFile(video.NO_PICTURE)


def copy_feed(output: OutputContainer, stream: VideoStream | AudioStream) -> Feed:
    """Copy a stream as it is. What it yields may not fit, and encoding does then."""
    copied = output.add_stream_from_template(stream)
    undated: list[Packet] = []

    def feed(packet: Packet) -> Iterator[Packet]:
        if _is_end(packet):
            if undated:
                raise UnreadableFile(video.DAMAGED)  # encoding will find out
            return
        packet.stream = copied
        if packet.dts is None:
            undated.append(packet)
            return
        yield from _dated(undated, packet.dts, packet.duration or 1)
        undated.clear()
        yield packet

    return feed


def _dated(packets: list[Packet], following: int, gap: int) -> list[Packet]:
    """Set decoding times of the first packets of a Matroska file, which may have none."""
    for distance, packet in enumerate(reversed(packets), start=1):
        packet.dts = following - distance * gap
    return packets


def _audio_feed(output: OutputContainer, stream: AudioStream, copy: bool) -> Feed:
    if copy and stream.codec_context.name in AUDIO_AS_IT_IS:
        return copy_feed(output, stream)
    layout = "mono" if stream.codec_context.channels == 1 else "stereo"
    encoder = output.add_stream("aac", rate=_AUDIO_RATE, layout=layout, bit_rate=_AUDIO_BIT_RATE)
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=_AUDIO_RATE, frame_size=1024)

    def feed(packet: Packet) -> Iterator[Packet]:
        for frame in [*_decoded(packet), *([None] if _is_end(packet) else [])]:
            for samples in resampler.resample(frame):
                yield from encoder.encode(samples)
        if _is_end(packet):
            yield from encoder.encode(None)

    return feed


def _is_end(packet: Packet) -> bool:
    """The empty packet that ends a stream."""
    return packet.size == 0 and packet.pts is None


def _decoded(packet: Packet) -> list:
    """The packet's frames. A damaged packet has none, and the video continues."""
    try:
        return packet.decode()
    except av.FFmpegError:  # damage: AAC has several names for it
        return []


def _video_feed(output: OutputContainer, stream: VideoStream, view: View, stack: ExitStack, copy: bool) -> Feed:
    mirrored = view.orientation in (2, 4, 5, 7)
    if copy and video.is_common_h264(stream) and not mirrored:
        return copy_feed(output, stream)
    return _Encoder(output, stream, view, stack).feed


class _Encoder:
    """Encodes H.264 from upright frames with square pixels in 8-bit BT.709."""

    def __init__(self, output: OutputContainer, stream: VideoStream, view: View, stack: ExitStack) -> None:
        rate = min(stream.guessed_rate or stream.average_rate or Fraction(30), Fraction(MAX_FRAME_RATE))
        self._time_base = stream.time_base or Fraction(1, 1000)
        self._upright = Upright(view, self._time_base, LONG_SIDE, stack)
        self._stream = output.add_stream("libx264", rate=rate, options=_VIDEO_OPTIONS)
        self._stream.width, self._stream.height = self._upright.size
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base = self._time_base
        context.gop_size = max(1, round(rate * _KEY_FRAME_SECONDS))
        context.color_primaries = context.color_trc = context.colorspace = 1  # H.273: BT.709
        context.color_range = 1  # MPEG's, 16 to 235
        self._least_gap = 0.9 / MAX_FRAME_RATE
        self._last: int | None = None

    def feed(self, packet: Packet) -> Iterator[Packet]:
        """The encoded packets for this one."""
        for frame in _decoded(packet):
            if self._is_due(frame):
                yield from self._encode(self._upright.frames(frame))
        if _is_end(packet):
            yield from self._encode(self._upright.rest())
            yield from self._stream.encode(None)

    def _is_due(self, frame: VideoFrame) -> bool:
        """Whether to encode the frame: not if it has no time, is out of order, or exceeds 60 frames per second."""
        if frame.pts is None:
            return False
        if self._last is not None and (frame.pts - self._last) * self._time_base < self._least_gap:
            return False
        self._last = frame.pts
        return True

    def _encode(self, frames: Iterator[VideoFrame]) -> Iterator[Packet]:
        for frame in frames:
            yield from self._stream.encode(frame)
