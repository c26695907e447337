"""Transcoding videos so that every browser can play them: H.264 and AAC in MP4.

Run this in a sandbox. Streams that browsers can play are copied, others are encoded.
"""

import tempfile
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

from media import decoding, video
from media.files import replacing
from media.pixels import colour
from media.sandbox import UnreadableFile
from media.video import View

LONG_SIDE = 1920
MAX_FRAME_RATE = 60
# 3 s of 1440 x 1080 take 2.9 s of CPU time, instead of 7.1 s with "medium" and crf 23 for the same file size.
_VIDEO_OPTIONS = {"preset": "veryfast", "crf": "22"}
_AUDIO_BIT_RATE, _AUDIO_RATE = 160_000, 48_000
_KEY_FRAME_SECONDS = 2  # seeking lands on key frames
_TURNS = {  # FFmpeg's filters by EXIF's orientation
    2: [("hflip", "")],
    3: [("hflip", ""), ("vflip", "")],
    4: [("vflip", "")],
    5: [("transpose", "cclock_flip")],
    6: [("transpose", "clock")],
    7: [("transpose", "clock_flip")],
    8: [("transpose", "cclock")],
}
_AUDIO_AS_IT_IS = frozenset({"aac", "mp3", "mp3float"})

_Feed = Callable[[Packet], Iterator[Packet]]


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
        _pump(container, output, feeds)


def _pump(container: InputContainer, output: OutputContainer, feeds: dict[int, _Feed]) -> None:
    written = 0
    for packet in container.demux([container.streams[index] for index in feeds]):
        for made in feeds[packet.stream.index](packet):
            output.mux(made)
            written += 1
    if not written:
        raise UnreadableFile(video.NO_PICTURE)


def _copy_feed(output: OutputContainer, stream: VideoStream | AudioStream) -> _Feed:
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


def _audio_feed(output: OutputContainer, stream: AudioStream, copy: bool) -> _Feed:
    if copy and stream.codec_context.name in _AUDIO_AS_IT_IS:
        return _copy_feed(output, stream)
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
    except av.error.InvalidDataError:
        return []


def _video_feed(output: OutputContainer, stream: VideoStream, view: View, stack: ExitStack, copy: bool) -> _Feed:
    mirrored = view.orientation in (2, 4, 5, 7)
    if copy and video.is_common_h264(stream) and not mirrored:
        return _copy_feed(output, stream)
    return _Encoder(output, stream, view, stack).feed


class _Encoder:
    """Encodes H.264 from upright frames with square pixels in 8-bit BT.709."""

    def __init__(self, output: OutputContainer, stream: VideoStream, view: View, stack: ExitStack) -> None:
        rate = min(stream.guessed_rate or stream.average_rate or Fraction(30), Fraction(MAX_FRAME_RATE))
        size = decoding.scaled((round(view.width * view.pixel_aspect), view.height), LONG_SIDE)
        self._size = max(2, size[0] // 2 * 2), max(2, size[1] // 2 * 2)
        self._view, self._stack = view, stack
        self._time_base = stream.time_base or Fraction(1, 1000)
        self._stream = output.add_stream("libx264", rate=rate, options=_VIDEO_OPTIONS)
        self._stream.width, self._stream.height = self._size[::-1] if view.orientation >= 5 else self._size
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base = self._time_base
        context.gop_size = max(1, round(rate * _KEY_FRAME_SECONDS))
        context.color_primaries = context.color_trc = context.colorspace = 1  # H.273: BT.709
        context.color_range = 1  # MPEG's, 16 to 235
        self._least_gap = 0.9 / MAX_FRAME_RATE
        self._graph: av.filter.Graph | None = None
        self._made_for: tuple = ()
        self._last: int | None = None
        self._cube: Path | None = None

    def feed(self, packet: Packet) -> Iterator[Packet]:
        """The encoded packets for this one."""
        for frame in _decoded(packet):
            if self._is_due(frame):
                yield from self._encode(frame)
        if _is_end(packet):
            if self._graph is not None:
                yield from self._drain()
            yield from self._stream.encode(None)

    def _is_due(self, frame: VideoFrame) -> bool:
        """Whether to encode the frame: not if it has no time, is out of order, or exceeds 60 frames per second."""
        if frame.pts is None:
            return False
        if self._last is not None and (frame.pts - self._last) * self._time_base < self._least_gap:
            return False
        self._last = frame.pts
        return True

    def _encode(self, frame: VideoFrame) -> Iterator[Packet]:
        kind = (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)
        if kind != self._made_for:
            if self._graph is not None:
                yield from self._drain()
            self._graph, self._made_for = self._make_graph(frame), kind
        assert self._graph is not None
        self._graph.vpush(frame)
        yield from self._pull()

    def _drain(self) -> Iterator[Packet]:
        assert self._graph is not None
        self._graph.vpush(None)
        yield from self._pull()

    def _pull(self) -> Iterator[Packet]:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            frame.pict_type = 0  # the encoder chooses its own key frames
            yield from self._stream.encode(frame)

    def _make_graph(self, frame: VideoFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        nodes = [video.add_source(graph, frame, self._time_base)]
        if frame.interlaced_frame:
            nodes.append(graph.add("bwdif", deint="interlaced"))
        nodes.append(video.add_scale(graph, frame, *self._size))
        if cube := self._cube_for(frame):
            nodes += [graph.add("format", pix_fmts="gbrp"), graph.add("lut3d", file=str(cube))]
            nodes.append(graph.add("scale", out_color_matrix="bt709"))
        nodes += [graph.add(name, args) for name, args in _TURNS.get(self._view.orientation, [])]
        nodes += [graph.add("scale", out_range="tv"), graph.add("format", pix_fmts="yuv420p"), graph.add("setsar", "1")]
        graph.link_nodes(*nodes, graph.add("buffersink")).configure()
        return graph

    def _cube_for(self, frame: VideoFrame) -> Path | None:
        """A look-up table if the colours are wide-gamut or HDR."""
        if self._cube is None and (text := colour.cube_of(int(frame.color_primaries), int(frame.color_trc))):
            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="mirage-"))
            self._cube = Path(folder, "srgb.cube")
            self._cube.write_text(text)
        return self._cube
