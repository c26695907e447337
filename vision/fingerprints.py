"""Fingerprints: a vector that stays the same when a picture is recompressed, resized, cropped, turned or filtered.

The model is SSCD (Pizzi et al., A Self-Supervised Descriptor for Image Copy Detection, 2022) in its distilled form.
Pictures are squeezed into squares: of the ways to make them equal in size, this told copies from others best, and it
allows batches.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import inference

KIND = "fingerprints"
MODEL = "sscd-distilled"  # in models.toml
DIMENSION = 512
SIDE = 288  # pixels, as in SSCD's training
AT_ONCE = 8


def prepare(image: Image.Image) -> NDArray[np.uint8]:
    """The model's input for an upright picture: SIDE × SIDE × 3."""
    return np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def compute(images: Sequence[Image.Image]) -> NDArray[np.float32]:
    """Fingerprints of upright pictures, one row each, normalised. Raises inference.MissingWeights."""
    model = inference.session(MODEL)
    rows = [np.empty((0, DIMENSION), np.float32)]
    for first in range(0, len(images), AT_ONCE):
        batch = np.stack([prepare(image) for image in images[first : first + AT_ONCE]])
        rows.append(model.run(None, {"image": batch})[0].astype(np.float32))
    return normalised(np.concatenate(rows))


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length one; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)
