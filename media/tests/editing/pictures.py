"""Pictures that the tests of edits make themselves, and one edit for each operation.

    python -m media.tests.editing.pictures

adds the golden pictures of new edits to golden.npz. Those that are there stay: old edits must look the same for ever.
"""

from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def scene(width: int, height: int, dtype: str = "u1") -> NDArray[Any]:
    """A picture with slopes of all colours, a disc, a stripe and a red eye. The same at every size."""
    colours = drawn(width, height)
    if np.dtype(dtype).kind == "f":
        return colours.copy()
    top = np.iinfo(dtype).max
    return (colours.clip(0, 1) * top + 0.5).astype(dtype)


@cache
def drawn(width: int, height: int) -> NDArray[Any]:
    scale = 4  # drawn larger and averaged, so that edges lie between pixels as in a photo
    x, y = np.meshgrid(
        (np.arange(width * scale) + 0.5) / (width * scale), (np.arange(height * scale) + 0.5) / (height * scale)
    )
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * (x + 0.5 * y))
    colours = np.stack([x, 0.2 + 0.6 * y, 0.15 + 0.7 * (1 - x) * wave], -1)
    aspect = width / height
    disc = np.hypot((x - 0.3) * aspect, y - 0.4)
    colours = np.where((disc < 0.18)[..., None], [0.85, 0.7, 0.55], colours)
    colours = np.where((np.hypot((x - 0.3) * aspect, y - 0.4) < 0.05)[..., None], [0.75, 0.1, 0.12], colours)
    colours = np.where(((y > 0.75) & (y < 0.85))[..., None], np.stack([x, x, x], -1), colours)
    return cv2.resize(colours.astype("f4"), (width, height), interpolation=cv2.INTER_AREA)


EDITS: dict[str, list[dict[str, Any]]] = {
    "rotate right": [{"op": "turn", "by": 6}],
    "rotate left": [{"op": "turn", "by": 8}],
    "upside down": [{"op": "turn", "by": 3}],
    "mirror": [{"op": "turn", "by": 2}],
    "straighten": [{"op": "straighten", "degrees": 7.5}],
    "crop": [{"op": "crop", "x": 0.25, "y": 0.1, "width": 0.5, "height": 0.75}],
    "perspective": [{"op": "perspective", "corners": [[0.1, 0.05], [0.9, 0.15], [0.95, 0.9], [0.05, 0.8]]}],
    "exposure": [{"op": "exposure", "amount": 0.5}],
    "less exposure": [{"op": "exposure", "amount": -0.5}],
    "contrast": [{"op": "contrast", "amount": 0.6}],
    "less contrast": [{"op": "contrast", "amount": -0.6}],
    "highlights": [{"op": "highlights", "amount": -0.8}],
    "shadows": [{"op": "shadows", "amount": 0.8}],
    "warmth": [{"op": "warmth", "amount": 0.6}],
    "tint": [{"op": "tint", "amount": -0.6}],
    "saturation": [{"op": "saturation", "amount": 0.6}],
    "vibrance": [{"op": "vibrance", "amount": 0.8}],
    "sharpness": [{"op": "sharpness", "amount": 1}],
    "black and white": [{"op": "black_and_white"}],
    "levels": [{"op": "levels", "black": 0.1, "white": 0.85}],
    "red eye": [{"op": "red_eye", "x": 0.3, "y": 0.4, "radius": 0.06}],
    "blur": [{"op": "blur", "x": 0.2, "y": 0.2, "width": 0.3, "height": 0.4, "shape": "oval"}],
    "cover": [{"op": "cover", "x": 0.5, "y": 0.6, "width": 0.25, "height": 0.3}],
    "preset film": [{"op": "preset", "name": "film", "strength": 1}],
    "preset sepia": [{"op": "preset", "name": "sepia", "strength": 0.8}],
    "everything": [
        {"op": "perspective", "corners": [[0.02, 0.04], [0.97, 0], [1, 0.96], [0, 1]]},
        {"op": "straighten", "degrees": -4},
        {"op": "crop", "x": 0.1, "y": 0.12, "width": 0.7, "height": 0.75},
        {"op": "turn", "by": 7},
        {"op": "exposure", "amount": 0.2},
        {"op": "shadows", "amount": 0.4},
        {"op": "warmth", "amount": 0.2},
        {"op": "vibrance", "amount": 0.3},
        {"op": "blur", "x": 0.6, "y": 0.3, "width": 0.2, "height": 0.2, "shape": "box"},
    ],
}


def smooth(width: int, height: int) -> NDArray[np.uint8]:
    """A picture without edges: what an edit makes of it may not depend on the size at all."""
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    waves = [
        0.5 + 0.4 * np.sin(2 * np.pi * (fx * x + fy * y) + at)
        for fx, fy, at in ((1, 0.5, 0), (0.3, 1.2, 1), (1.4, -0.7, 2))
    ]
    return (np.stack(waves, -1) * 255 + 0.5).astype("u1")


def add_golden() -> None:
    """Render what golden.npz does not have yet."""
    from media.editing import description, rendering

    path = Path(__file__).with_name("golden.npz")
    kept = dict(np.load(path)) if path.exists() else {}
    for name, operations in EDITS.items():
        edit = description.read({"version": 1, "operations": operations})
        kept.setdefault(name.replace(" ", "_"), rendering.render(scene(64, 48), edit))
    np.savez_compressed(path, **kept)


if __name__ == "__main__":
    add_golden()
