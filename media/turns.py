"""EXIF's eight orientations as what Pillow does with pixels, and a quick copy of a turned thumbnail."""

from pathlib import Path

from PIL import Image

from media.files import replacing

UPRIGHT = {  # EXIF 2.32, tag 0x0112
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUALITY = 85  # a second compression, until the thumbnail is made from the original


def turn_thumbnail(thumbnail: Path, target: Path, by: int) -> None:
    """Write a turned copy of one of our own thumbnails. `by`: an orientation, 2 to 8. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(thumbnail) as image, replacing(target) as temporary:
        image.transpose(UPRIGHT[by]).save(temporary, "WEBP", quality=QUALITY, method=2)
