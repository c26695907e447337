"""What "Auto" suggests: levels, exposure and white balance from the picture itself, and calmly."""

import numpy as np
from PIL import Image

from media.editing.description import Operation, read
from media.editing.tones import LUMA

SIDE = 400
TOWARDS = 0.45  # the brightness that the middle of the picture moves to
PART = 0.5  # of the way
LEAST = 0.02  # amounts below are left out


def suggest(image: Image.Image) -> list[Operation]:
    """Operations that improve an upright picture of mode RGB. Empty if it is well as it is."""
    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    colours = np.asarray(small, "f4").reshape(-1, 3) / 255
    luma = colours @ LUMA
    black = min(0.1, 0.8 * float(np.percentile(luma, 0.5)))
    white = max(0.65, 1 - 0.8 * (1 - float(np.percentile(colours.max(-1), 99.5))))
    middle = (float(np.median(luma)) - black) / (white - black)
    amounts = {"exposure": float(np.clip(PART * (TOWARDS - middle), -0.2, 0.4)), **_balance(colours, luma)}
    operations: list[Operation] = [
        {"op": name, "amount": value} for name, value in amounts.items() if abs(value) >= LEAST
    ]
    if black >= LEAST or white <= 1 - LEAST:
        operations.append({"op": "levels", "black": black, "white": white})
    return list(read({"version": 1, "operations": operations}).operations)


def _balance(colours: np.ndarray, luma: np.ndarray) -> dict[str, float]:
    """Warmth and tint that make the pale colours of middle brightness a little greyer."""
    spread = colours.max(-1) - colours.min(-1)
    pale = (luma > 0.2) & (luma < 0.9) & (spread < 0.25)
    if pale.mean() < 0.05:
        return {}
    red, green, blue = colours[pale].mean(0)
    warmth, tint = (blue - red) / (red + blue), (green - (red + blue) / 2) / (green + 1e-6)
    return {"warmth": float(np.clip(PART * warmth / 0.2, -0.25, 0.25)),
            "tint": float(np.clip(PART * tint / 0.2, -0.15, 0.15))}  # fmt: skip
