"""Videos made on the spot, and the colours to look for in them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc
from PIL import Image

RATE = 10
RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(left: tuple[int, int, int] = RED, right: tuple[int, int, int] = BLUE) -> np.ndarray:
    """96 by 64, with enough in it not to be called flat."""
    picture = np.empty((64, 96, 3), np.uint8)
    picture[:, :48], picture[:, 48:] = left, right
    return picture


def write(
    path: Path, *, codec: str = "libx264", pix_fmt: str = "yuv420p", audio: str | None = None, seconds: float = 2,
    dark: float = 0, turned: int | None = None, format: str | None = None, options: dict[str, str] | None = None,
    aspect: Fraction | None = None, hdr: bool = False,
) -> Path:  # fmt: skip
    """A video of two halves, the first `dark` seconds black."""
    with av.open(str(path), "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, pix_fmt
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned is not None:
            stream.set_display_rotation(turned)
        if hdr:
            stream.codec_context.color_primaries, stream.codec_context.color_trc = 9, 18
            stream.codec_context.colorspace = 9
        sound: Any = container.add_stream(audio, rate=48000, layout="mono") if audio else None
        for number in range(round(seconds * RATE)):
            picture = halves() if number >= dark * RATE else np.zeros((64, 96, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            if hdr:
                frame = frame.reformat(format=pix_fmt, dst_colorspace=Colorspace.BT2020)
                frame.color_primaries, frame.color_trc = ColorPrimaries.BT2020, ColorTrc.ARIB_STD_B67
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            write_tone(container, sound, seconds)
    return path


def write_tone(container, sound, seconds):
    tone = np.sin(np.arange(round(seconds * 48000)) * 0.05).astype("f4")
    resampler = av.AudioResampler(format=sound.codec_context.format, layout="mono", rate=48000, frame_size=1024)
    frame = av.AudioFrame.from_ndarray(tone[None], format="fltp", layout="mono")
    frame.sample_rate = 48000
    for piece in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(sound.encode(piece))
    container.mux(sound.encode(None))


def colours(image: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Within the left and the right half."""
    left = image.getpixel((image.width // 4, image.height // 2))
    right = image.getpixel((image.width * 3 // 4, image.height // 2))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return left, right


def near(found: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 25) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))
