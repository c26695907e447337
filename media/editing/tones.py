"""Light and colour: what happens to each pixel by itself, so that every size of a picture gets the same.

All works on the signal as it is encoded, from 0 to 1, in the picture's own colour space.
static/js/photos/editor/shader.js does the same for the preview: change both or neither.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.editing.description import Edit
from media.editing.presets import PRESETS

Colours = NDArray[Any]  # float32
LUMA = np.array([0.2126, 0.7152, 0.0722], "f4")
STOPS = 2.0  # of exposure at the amount 1
GAMMA = 2.2


@dataclass(frozen=True)
class Tones:
    """All amounts that a pixel needs to know. Those of a preset are added to those of the edit."""

    black: float = 0.0
    white: float = 1.0
    exposure: float = 0.0
    contrast: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    warmth: float = 0.0
    tint: float = 0.0
    saturation: float = 0.0
    vibrance: float = 0.0
    black_and_white: float = 0.0
    fade: float = 0.0
    toned: float = 0.0

    @property
    def change_nothing(self) -> bool:
        """Whether every pixel stays as it is."""
        return self == Tones()


def tones_of(edit: Edit) -> Tones:
    """The amounts of an edit, with its preset."""
    levels, preset = edit.find("levels") or {}, edit.find("preset") or {"name": None, "strength": 0.0}
    added = PRESETS.get(preset["name"] or "", {})
    amounts = {name: edit.amount(name) + preset["strength"] * added.get(name, 0.0) for name in asdict(Tones())}
    limited = {name: min(1.0, max(-1.0, value)) for name, value in amounts.items()}
    return Tones(**limited | {"black": levels.get("black", 0.0), "white": levels.get("white", 1.0)})


def apply(colours: Colours, tones: Tones) -> Colours:
    """The colours (…, 3) after all operations. They may leave 0 to 1; whoever stores them clips."""
    if tones.black or tones.white != 1:
        colours = ((colours - tones.black) / (tones.white - tones.black)).clip(0, 1)
    if tones.exposure:
        colours = exposed(colours, tones.exposure)
    if tones.warmth or tones.tint:
        colours = colours * gains(tones.warmth, tones.tint)
    if tones.highlights or tones.shadows:
        colours = lifted(colours.clip(0, 1), tones.highlights, tones.shadows)
    if tones.contrast:
        colours = contrasted(colours.clip(0, 1), tones.contrast)
    if tones.saturation or tones.vibrance or tones.black_and_white:
        colours = coloured(colours.clip(0, 1), tones)
    if tones.toned:
        colours = colours * np.array([1 + 0.1 * tones.toned, 1, 1 - 0.22 * tones.toned], "f4")
    if tones.fade:
        colours = 0.14 * tones.fade + colours * (1 - 0.2 * tones.fade)
    return colours.astype("f4", copy=False)


def exposed(colours: Colours, amount: float) -> Colours:
    """More light rolls off towards white, so that a bright sky keeps its form; less light is a plain factor."""
    gain = 2 ** (STOPS * amount / GAMMA)
    return colours * np.float32(gain) / (1 + np.float32(gain - 1) * colours) if gain > 1 else colours * np.float32(gain)


def gains(warmth: float, tint: float) -> NDArray[np.float32]:
    """Factors of red, green and blue that leave grey as bright as it was."""
    factors = np.array([1 + 0.2 * warmth + 0.08 * tint, 1 - 0.12 * tint, 1 - 0.2 * warmth + 0.08 * tint], "f4")
    return factors / (factors @ LUMA)


def lifted(colours: Colours, highlights: float, shadows: float) -> Colours:
    """Shadows and highlights, brighter or darker by their luma. Both curves rise everywhere."""
    luma = (colours @ LUMA)[..., None]
    wanted = luma + 0.9 * shadows * luma * (1 - luma) ** 3 + 0.9 * highlights * (1 - luma) * luma**3
    return colours * (wanted / np.maximum(luma, np.float32(1e-4)))


def contrasted(colours: Colours, amount: float) -> Colours:
    """Towards an S-curve about the middle, or towards half of the contrast."""
    curve = colours * colours * (3 - 2 * colours) if amount > 0 else 0.25 + 0.5 * colours
    return colours + np.float32(abs(amount)) * (curve - colours)


def coloured(colours: Colours, tones: Tones) -> Colours:
    """Saturation for all colours, vibrance for pale ones most, and black and white last."""
    luma = (colours @ LUMA)[..., None]
    pale = 1 - (colours.max(-1, keepdims=True) - colours.min(-1, keepdims=True))
    factor = (1 + tones.saturation) * (1 + tones.vibrance * pale) * (1 - tones.black_and_white)
    return luma + (colours - luma) * factor
