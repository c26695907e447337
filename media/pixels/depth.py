"""Converting samples of any depth to eight bits."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.generic]
_ROWS = 256  # converted at a time, to save memory
_LOOKED_AT = 1_000_000  # samples that are checked to guess the range of a large picture


def eight_bits(
    samples: Samples, span: tuple[float, float], curve: Callable[[NDArray[np.float32]], NDArray] | None = None
) -> NDArray[np.uint8]:
    """Map `span` to 0 to 255, clipped. NaN becomes 0. `curve` is applied in between, to values from 0 to 1."""
    low, high = span
    made = np.empty(samples.shape, "u1")
    for first in range(0, len(samples), _ROWS):
        part = samples[first : first + _ROWS].astype("f4")
        part -= low
        part /= max(high - low, 1e-30)
        part = np.nan_to_num(part, copy=False, nan=0, posinf=1, neginf=0).clip(0, 1, out=part)
        part = (curve(part) if curve else part) * 255
        made[first : first + _ROWS] = part + 0.5
    return made


def span_of(samples: Samples, bits: int) -> tuple[float, float]:
    """The values for black and white: by the type for unsigned samples of up to 16 bits, or else by their range."""
    kind = samples.dtype.kind
    if kind == "u" and bits <= 16:
        return 0, 2**bits - 1
    some = samples.reshape(-1)[:: max(1, samples.size // _LOOKED_AT)].astype("f8")
    some = some[np.isfinite(some)]
    if not some.size:
        return 0, 1
    if kind == "f" and np.mean((some >= 0) & (some <= 1)) > 0.5:
        return 0, 1  # the rest is brighter than white or out of gamut
    low, high = float(some.min()), float(some.max())
    tops = {"f": (1, 255, 65535), "u": (255, 65535, 2**bits - 1), "i": (2 ** (bits - 1) - 1,)}[kind]
    top = next((top for top in tops if low >= 0 and high <= top), None)
    return (0, top) if top is not None and high >= top / 256 else (low, high)  # measurements: use the whole range
