"""Picture files in one colour, for the tests that show photos.

Each is encoded once in a process, because every test shows the same ones, and WebP takes much longer to encode than a
photo's row to be made.
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image

SIZES = ("small", "medium", "large")


@cache
def encoded(size: tuple[int, int], colour: tuple[int, int, int], kind: str) -> bytes:
    """The content of a file of this kind ("WEBP", "JPEG")."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def write_thumbnails(
    folder: Path, size: tuple[int, int], colour: tuple[int, int, int] = (0, 0, 0), names: tuple[str, ...] = SIZES
) -> None:
    """Write a photo's thumbnails, all of this size."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.webp").write_bytes(encoded(size, colour, "WEBP"))


def write_picture(path: Path, size: tuple[int, int], colour: tuple[int, int, int] = (0, 0, 0)) -> None:
    """Write a file of the kind that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(size, colour, Image.registered_extensions()[path.suffix.lower()]))
