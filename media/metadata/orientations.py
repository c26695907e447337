"""EXIF's eight orientations as turns that can be combined: each says how a stored picture becomes upright."""

from __future__ import annotations

# Where the orientation moves a point of the unit square, x to the right and y down.
_MOVES = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}
_BY_CORNERS = {(move(0, 0), move(1, 0)): orientation for orientation, move in _MOVES.items()}


MIRRORED = frozenset({2, 4, 5, 7})


def moved(turn: int, x: float, y: float) -> tuple[float, float]:
    """Where the turn moves a point of the picture, in fractions."""
    return _MOVES[turn](x, y)


def together(first: int, then: int) -> int:
    """Both turns as one."""
    ends = (_MOVES[then](*_MOVES[first](*corner)) for corner in ((0, 0), (1, 0)))
    return _BY_CORNERS[(next(ends), next(ends))]


def back(orientation: int) -> int:
    """The inverse turn."""
    return {6: 8, 8: 6}.get(orientation, orientation)
