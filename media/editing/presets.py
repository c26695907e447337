"""Presets: named amounts of the operations on light and colour, which a strength scales. They are never changed:
an edit keeps the name alone, so another look needs another name.
"""

PRESETS: dict[str, dict[str, float]] = {
    "clear": {"contrast": 0.2, "highlights": -0.2, "shadows": 0.2, "vibrance": 0.25},
    "vivid": {"contrast": 0.3, "saturation": 0.2, "vibrance": 0.4},
    "soft": {"contrast": -0.25, "highlights": -0.2, "shadows": 0.25, "fade": 0.25},
    "warm": {"warmth": 0.35, "vibrance": 0.2, "highlights": -0.1},
    "cool": {"warmth": -0.35, "tint": 0.05, "contrast": 0.1},
    "golden": {"warmth": 0.55, "tint": 0.1, "shadows": 0.15, "saturation": 0.1, "fade": 0.1},
    "forest": {"warmth": -0.1, "tint": -0.25, "contrast": 0.15, "vibrance": 0.25},
    "faded": {"fade": 0.7, "contrast": -0.1, "saturation": -0.3, "warmth": 0.1},
    "film": {"fade": 0.35, "contrast": 0.25, "saturation": -0.15, "warmth": 0.15, "tint": 0.05},
    "bleach": {"contrast": 0.5, "saturation": -0.55, "highlights": 0.1},
    "mono": {"black_and_white": 1.0, "contrast": 0.1},
    "noir": {"black_and_white": 1.0, "contrast": 0.6, "exposure": -0.1},
    "sepia": {"black_and_white": 1.0, "toned": 0.7, "fade": 0.15},
}
