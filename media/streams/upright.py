"""Frames of a video as browsers show them: upright, in square pixels, in 8-bit BT.709, with HDR rolled off."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from media import decoding, video
from media.metadata.orientations import together
from media.pixels import colour
from media.video import View

_TURNS = {  # FFmpeg's filters by EXIF's orientation
    2: [("hflip", "")],
    3: [("hflip", ""), ("vflip", "")],
    4: [("vflip", "")],
    5: [("transpose", "cclock_flip")],
    6: [("transpose", "clock")],
    7: [("transpose", "clock_flip")],
    8: [("transpose", "cclock")],
}


class Upright:
    """Makes such frames, with even sides, the longer one at most `long_side` pixels. `turn` is put onto the upright."""

    def __init__(self, view: View, time_base: Fraction, long_side: int, stack: ExitStack, turn: int = 1) -> None:
        width, height = decoding.scaled((round(view.width * view.pixel_aspect), view.height), long_side)
        self._scaled = max(2, width // 2 * 2), max(2, height // 2 * 2)
        self._lies = together(view.orientation, turn)
        self._time_base, self._stack = time_base, stack
        self._graph: av.filter.Graph | None = None
        self._made_for: tuple = ()
        self._cube: Path | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames."""
        return self._scaled[::-1] if self._lies >= 5 else self._scaled

    def frames(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """What becomes of this frame, and of those before that waited for it."""
        kind = (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)
        if kind != self._made_for:
            yield from self.rest()
            self._graph, self._made_for = self._make_graph(frame), kind
        assert self._graph is not None
        self._graph.vpush(frame)
        yield from self._pull(self._graph)

    def rest(self) -> Iterator[VideoFrame]:
        """What is left at the end."""
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._pull(self._graph)
        self._graph, self._made_for = None, ()

    def _pull(self, graph: av.filter.Graph) -> Iterator[VideoFrame]:
        while True:
            try:
                frame = graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            frame.pict_type = 0  # the encoder chooses its own key frames
            yield frame

    def _make_graph(self, frame: VideoFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        nodes = [video.add_source(graph, frame, self._time_base)]
        if frame.interlaced_frame:
            nodes.append(graph.add("bwdif", deint="interlaced"))
        nodes.append(video.add_scale(graph, frame, *self._scaled))
        if cube := self._cube_for(frame):
            nodes += [graph.add("format", pix_fmts="gbrp"), graph.add("lut3d", file=str(cube))]
            nodes.append(graph.add("scale", out_color_matrix="bt709"))
        nodes += [graph.add(name, args) for name, args in _TURNS.get(self._lies, [])]
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
