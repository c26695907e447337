"""Pictures as the pipeline keeps them: their thumbnails, fingerprints and sketches."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.sizes import LARGE, SHORT_SIDES, grid_size
from media.thumbnails import QUALITY
from vision import fingerprints
from vision.copies import borders, sketches


def rendered(image: Image.Image) -> bytes:
    """As the pipeline's large thumbnail holds it."""
    small = image.copy()
    small.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=QUALITY)
    return stream.getvalue()


def fingerprints_of(image: Image.Image) -> NDArray[np.float32]:
    """One, and one more of what it shows within its borders, as the stage takes them."""
    inner = borders.within(image)
    return fingerprints.compute([image] if inner is None else [image, inner])


def sketched(image: Image.Image) -> list[sketches.Sketch]:
    """The sketches of the small thumbnail, as the stage draws them."""
    small = image.resize(grid_size(image.size, SHORT_SIDES["small"]), Image.Resampling.LANCZOS)
    inner = borders.within(small)
    return [sketches.read(sketches.draw(view)) for view in (small, inner) if view is not None]
