"""The largest differences of edits between sizes, for each format: the table of docs/measured/editing.md.

    python -m media.tests.editing.formats

writes one picture without edges in every format and size, edits the files, reduces what became of the large one, and
compares.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from media.editing import deep, description, originals
from media.pixels import colour
from media.tests.editing.pictures import EDITS

Samples = NDArray[Any]
LARGE, SMALLER = 1200, (600, 300, 150)
MIMES = {
    "png": "image/png",
    "tif": "image/tiff",
    "heic": "image/heic",
    "avif": "image/avif",
    "jxl": "image/jxl",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}


def waves(width: int, height: int) -> Samples:
    """A picture without edges, in sixteen bits."""
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    made = [
        0.5 + 0.4 * np.sin(2 * np.pi * (fx * x + fy * y) + at)
        for fx, fy, at in ((1, 0.5, 0), (0.3, 1.2, 1), (1.4, -0.7, 2))
    ]
    return (np.stack(made, -1) * 65535 + 0.5).astype("u2")


def write(samples: Samples, path: Path) -> Path:
    """The picture in the format that the path's suffix names, in as many bits as that has."""
    kind = path.suffix[1:]
    eight = originals.eight_bits(samples)
    if kind in ("png", "tif"):
        cv2.imwrite(str(path), samples[..., ::-1])
    elif kind == "heic":
        size = samples.shape[1], samples.shape[0]
        pillow_heif.from_bytes("RGB;16", size, samples.tobytes()).save(path, quality=-1, chroma=444)
    elif kind == "avif":
        ten = ((samples.astype("u4") * 1023 + 32767) // 65535).astype("u2")
        path.write_bytes(imagecodecs.avif_encode(ten, level=100, bitspersample=10, speed=10))
    elif kind == "jxl":
        light = (colour.srgb_light(samples / 65535) * 65535 + 0.5).astype("u2")  # imagecodecs writes that it is linear
        path.write_bytes(imagecodecs.jpegxl_encode(light, lossless=True, effort=1))
    else:
        options: dict[str, Any] = {"lossless": True} if kind == "webp" else {"quality": 100, "subsampling": 0}
        Image.fromarray(eight).save(path, icc_profile=colour.profile_of(12, 13), **options)
    return path


def edited(path: Path, operations: list[dict[str, Any]]) -> Samples:
    """The edited file, in parts of 255."""
    edit = description.read({"version": 1, "operations": operations})
    samples = originals.edited(path, MIMES[path.suffix[1:]], edit).samples
    return samples.astype("f4") / (257 if samples.dtype == np.uint16 else 1)


def differences(folder: Path, kind: str, names: list[str]) -> Iterator[tuple[str, list[float]]]:
    """For each edit, the largest difference of a sample at each smaller size."""
    files = [write(waves(width, width * 3 // 4), folder / f"{width}.{kind}") for width in (LARGE, *SMALLER)]
    for name in names:
        large = edited(files[0], EDITS[name])
        yield name, [largest(large, edited(file, EDITS[name])) for file in files[1:]]


def largest(large: Samples, small: Samples) -> float:
    reduced = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    return float(np.abs(reduced - small).max())


def table() -> Iterator[str]:
    """The table in Markdown: for each edit and format the largest difference at 600, 300 and 150 pixels."""
    found: dict[str, list[str]] = {name: [] for name in EDITS}
    for kind in MIMES:
        with tempfile.TemporaryDirectory() as folder:
            for name, sizes in differences(Path(folder), kind, list(EDITS)):
                found[name].append(" ".join(f"{size:.1f}" for size in sizes))
    yield "| Operation | " + " | ".join(MIMES) + " |"
    yield "|---" * (len(MIMES) + 1) + "|"
    for name, cells in found.items():
        yield f"| {name} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    assert set(MIMES.values()) >= deep.DEEP - {"image/heif"}
    print("\n".join(table()))
