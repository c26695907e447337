"""Small faces of large photos, cut from the original, because Mirage's own picture is smaller. Runs in the sandbox."""

from pathlib import Path

from media import decoding
from media.boxes import Box

SIDE = 6000  # pixels: larger originals are scaled down to this
AROUND = 0.6  # margin on every side, in face sizes

Window = tuple[int, int, int, int, int, bytes]  # width of the whole picture; left, top, width, height of this; RGB


def cut(path: Path, mime: str, boxes: list[Box], turn: int = 1) -> list[Window]:
    """The surroundings of these boxes (in fractions) from the upright original, turned. Raises UnreadableFile."""
    image = decoding.turned(decoding.decode(path, mime, SIDE), turn).image
    windows = []
    for x, y, width, height in boxes:
        left, top = (max(0.0, at - AROUND * size) for at, size in ((x, width), (y, height)))
        right, bottom = (min(1.0, at + (1 + AROUND) * size) for at, size in ((x, width), (y, height)))
        corners = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        part = image.crop(tuple(round(each) for each in corners))  # type: ignore[arg-type]
        windows.append((image.width, round(corners[0]), round(corners[1]), *part.size, part.tobytes()))
    return windows
