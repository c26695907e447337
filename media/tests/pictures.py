"""Pictures made on the spot whose turns and colours can be told, and what to look for in them."""

from pathlib import Path

from PIL import Image

from media.decoding import open_upright
from media.mediatypes import identify

# Four quarters that no turn or mirroring leaves as they are.
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 180, 20), (20, 20, 220), (250, 250, 250)


def quarters(size: tuple[int, int] = (96, 64)) -> Image.Image:
    width, height = size
    image = Image.new("RGB", size, RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def pixel(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    value = image.getpixel(place)
    assert isinstance(value, tuple)
    return value


def mime_of(path: Path) -> str:
    media = identify(path)
    assert media is not None
    return media.mime


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Colours within the upper left, upper right, lower left and lower right quarters."""
    width, height = image.size
    places = [(width // 4, height // 4), (width * 3 // 4, height // 4), (width // 4, height * 3 // 4)]
    return [pixel(image, place) for place in [*places, (width * 3 // 4, height * 3 // 4)]]


def same(found: tuple[int, ...], wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    return len(found) == len(wanted) and all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def assert_upright_quarters(image: Image.Image, tolerance: int = 12) -> None:
    assert image.mode == "RGB"
    for found, wanted in zip(corners(image), (RED, GREEN, BLUE, WHITE), strict=True):
        assert same(found, wanted, tolerance), (corners(image), wanted)


def opened(path: Path, fit: int | None = None) -> Image.Image:
    return open_upright(path, mime_of(path), fit)


FORMATS = {
    "a.jpg": {"quality": 95, "subsampling": 0},
    "a.png": {},
    "a.gif": {},
    "a.bmp": {},
    "a.webp": {"quality": 95},
    "a.heic": {"quality": 95},
    "a.avif": {"quality": 95},
    "a.jxl": {"quality": 95},
    "a.tif": {},
    "a.jp2": {},
}
