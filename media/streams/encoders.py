"""Which encoder makes H.264: one of the graphics card if it works here, or else x264.

A card's encoder is tried with a few frames before it is used; `works` runs in a sandbox.
"""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.container import OutputContainer

from media.streams.plans import SOFTWARE

# NVIDIA, Intel's QuickSync, and the V4L2 of small boards. Each with what makes it quick.
CARDS: dict[str, dict[str, str]] = {
    "h264_nvenc": {"preset": "p3", "tune": "ll"},
    "h264_qsv": {"preset": "veryfast"},
    "h264_v4l2m2m": {},
}
QUICK = {"preset": "veryfast", "crf": "23"}
_TRIED = (640, 368, 8)  # pixels and frames


def add(output: OutputContainer, encoder: str, size: tuple[int, int], rate: Fraction, bit_rate: int) -> Any:
    """A stream that the encoder makes, with so many bits in a second at most, in 8-bit BT.709.

    Pictures are decoded in the order in which they are shown, so that pieces made one by one can follow each other.
    """
    limits = {"maxrate": str(bit_rate), "bufsize": str(bit_rate * 2)}
    options = {"bf": "0", **(QUICK if encoder == SOFTWARE else CARDS[encoder]), **limits}
    stream: Any = output.add_stream(encoder, rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p" if encoder != "h264_qsv" else "nv12"
    context = stream.codec_context
    if encoder != SOFTWARE:
        context.bit_rate = bit_rate
    context.gop_size = max(1, round(rate * 4))
    context.color_primaries = context.color_trc = context.colorspace = 1  # H.273: BT.709
    context.color_range = 1  # MPEG's, 16 to 235
    return stream


def works(encoder: str) -> bool:
    """Whether this encoder makes pictures here."""
    width, height, count = _TRIED
    try:
        with av.open(io.BytesIO(), "w", format="mpegts") as output:
            stream = add(output, encoder, (width, height), Fraction(30), 1_000_000)
            for number in range(count):
                frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), number * 9, "u1"), "rgb24")
                frame.pts = number
                output.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
            output.mux(stream.encode(None))
        return True
    except (av.FFmpegError, ValueError, OSError):
        return False


def best() -> str:
    """The first card's encoder that works here, or else x264."""
    return next((name for name in CARDS if name in av.codecs_available and works(name)), SOFTWARE)
