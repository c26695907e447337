"""ThumbHash: a picture's colours in about 25 bytes, shown until the picture has loaded.

Follows the reference implementation by Evan Wallace (https://github.com/evanw/thumbhash, MIT licence, js/thumbhash.js),
with matrix products for the cosine sums. Browsers decode it (static/js).
"""

import math

import numpy as np
from PIL import Image

_LONG_SIDE = 100  # pixels, the most that the format uses
_PLACES = 9  # decimals; the rest is rounding error, which differs between processors


def encode(image: Image.Image) -> bytes:
    """The hash of an RGB or RGBA image of any size."""
    small = image.copy()
    small.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.BOX)
    width, height = small.size
    rgba = np.asarray(small.convert("RGBA"), dtype=np.float64) / 255
    alpha = rgba[..., 3]
    rgb = rgba[..., :3] * alpha[..., None]
    average = rgb.sum(axis=(0, 1)) / max(alpha.sum(), 1e-9)
    has_alpha = bool(alpha.sum() < width * height - 1e-9)
    rgb += average * (1 - alpha)[..., None]
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]

    limit = 5 if has_alpha else 7  # fewer terms of luminance if alpha needs space
    longest = max(width, height)
    nx, ny = max(1, _round(limit * width / longest)), max(1, _round(limit * height / longest))
    luminance = _channel((red + green + blue) / 3, max(3, nx), max(3, ny))
    yellow_blue = _channel((red + green) / 2 - blue, 3, 3)
    red_green = _channel(red - green, 3, 3)
    opacity = _channel(alpha, 5, 5) if has_alpha else None

    landscape = width > height
    header = _round(63 * luminance[0]) | _round(31.5 + 31.5 * yellow_blue[0]) << 6
    header |= _round(31.5 + 31.5 * red_green[0]) << 12 | _round(31 * luminance[2]) << 18 | has_alpha << 23
    shape = (ny if landscape else nx) | _round(63 * yellow_blue[2]) << 3 | _round(63 * red_green[2]) << 9
    hashed = header.to_bytes(3, "little") + (shape | landscape << 15).to_bytes(2, "little")
    parts = [luminance[1], yellow_blue[1], red_green[1]]
    if opacity is not None:
        hashed += bytes([_round(15 * opacity[0]) | _round(15 * opacity[2]) << 4])
        parts.append(opacity[1])
    return hashed + _nibbles(np.concatenate(parts))


def _channel(values: np.ndarray, nx: int, ny: int) -> tuple[float, np.ndarray, float]:
    """The mean, the other cosine terms of the upper left triangle scaled to 0 to 1, and their scale."""
    height, width = values.shape
    across = np.cos(math.pi / width * np.outer(np.arange(width) + 0.5, np.arange(nx)))
    down = np.cos(math.pi / height * np.outer(np.arange(ny), np.arange(height) + 0.5))
    terms = down @ values @ across / (width * height)
    kept = np.array([terms[cy, cx] for cy in range(ny) for cx in range(nx) if (cx or cy) and cx * ny < nx * (ny - cy)])
    scale = float(np.abs(kept).max())
    if scale < 1e-9:  # a single colour; the terms are rounding errors
        return float(terms[0, 0]), np.full_like(kept, 0.5), 0.0
    return float(terms[0, 0]), 0.5 + 0.5 / scale * kept, scale


def _nibbles(values: np.ndarray) -> bytes:
    quantised = np.floor(np.round(15 * values, _PLACES) + 0.5).astype(np.uint8)
    quantised = np.append(quantised, np.uint8(0)) if len(quantised) % 2 else quantised
    return (quantised[0::2] | quantised[1::2] << 4).astype(np.uint8).tobytes()


def _round(value: float) -> int:
    return math.floor(round(value, _PLACES) + 0.5)  # as JavaScript rounds
