"""The land that a page draws before its map is there."""

import re

import pytest

from mirage.web import land

SEEN = {
    "Vienna": (16.37, 48.21), "Sydney": (150.0, -33.0), "Kansas": (-98.0, 38.5), "Chukotka": (-175.0, 67.0),
    "the pole": (0.0, -84.0),
}  # fmt: skip
WATER = {"the Atlantic": (-40.0, 30.0), "the Pacific": (-140.0, 0.0), "the Indian Ocean": (80.0, -20.0)}


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    rings = []
    for part in re.findall(r"M([^z]+)z", path):
        start, steps = part.split("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        [x, y] = map(int, start.split())
        ring = [(x, y)]
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            ring.append((x, y))
        rings.append(ring)
    return rings


def is_land(drawing: land.Drawing, degrees: tuple[float, float]) -> bool:
    """Whether the spot is inside, as `evenodd` fills; also where a ring goes on beyond the end of the world."""
    x, y = (part * drawing.width for part in land.place(degrees))
    crossed = 0
    for ring in rings_of(drawing.path):
        for turn in (-drawing.width, 0, drawing.width):
            for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
                if (y1 > y) != (y2 > y) and x - turn < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                    crossed += 1
    return crossed % 2 == 1


@pytest.mark.parametrize("name", [*SEEN, *WATER])
def test_all_of_the_world_has_land_where_land_is(name: str) -> None:
    whole = land.around(-130, -40, 150, 65)
    assert whole.whole
    assert is_land(whole, (SEEN | WATER)[name]) == (name in SEEN)


def test_a_part_has_the_land_near_by_and_finer() -> None:
    part = land.around(12.0, 43.5, 14.0, 46.0)  # the Adriatic's end
    assert not part.whole
    assert is_land(part, (12.0, 44.5))
    assert not is_land(part, (13.0, 45.0))
    assert len(part.path) < 20_000
    west, *_ = land.around(12.0, 43.5, 14.0, 46.0).view.split()
    assert float(west) / part.width == pytest.approx(land.place((12.0, 0))[0], abs=1e-6)


def test_the_view_is_the_part() -> None:
    drawing = land.around(-9.0, 37.0, -7.0, 42.0)
    left, top, wide, high = (float(number) / drawing.width for number in drawing.view.split())
    assert (left, top) == pytest.approx(land.place((-9.0, 42.0)), abs=1e-5)
    assert (left + wide, top + high) == pytest.approx(land.place((-7.0, 37.0)), abs=1e-5)


def test_one_spot_has_some_width_and_height() -> None:
    drawing = land.around(16.37, 48.21, 16.37, 48.21)
    _, _, wide, high = map(float, drawing.view.split())
    assert wide == high > 0
    assert is_land(drawing, (16.37, 48.21)), "of a country whose edges are all out of sight"


def test_a_line_of_places_has_some_width() -> None:
    _, _, wide, high = map(float, land.around(16.0, 40.0, 16.0, 50.0).view.split())
    assert 0 < wide < high


@pytest.mark.parametrize("window", [(0, 0, 10, 10), (4, 4, 6, 6), (-5, 2, 5, 3)])
def test_what_is_cut_stays_in_the_window(window: land.Window) -> None:
    left, top, right, bottom = window
    square = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0)]
    kept = land.clipped(square, window)
    assert kept
    assert all(left <= x <= right and top <= y <= bottom for x, y in kept)
    assert land.clipped(square, (20, 20, 30, 30)) == []


def test_parts_near_each_other_share_a_drawing() -> None:
    """Reading the countries anew for each costs a good part of a second."""
    land.drawn.cache_clear()
    drawings = [
        land.around(12.0 + move, 43.5 + move, 14.0 + move * 1.1, 46.0 + move) for move in (0, 0.005, 0.01, 0.02)
    ]
    assert len({drawing.view for drawing in drawings}) == 4
    assert land.drawn.cache_info().misses <= 2  # some may lie at an edge


@pytest.mark.parametrize("west", [8.0, 9.3, 11.7, 13.1])
@pytest.mark.parametrize("wide", [0.3, 1.0, 1.9])
def test_the_drawing_reaches_beyond_what_a_screen_shows(
    west: float, wide: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows: list[land.Window] = []

    def draw(_width: int, window: land.Window) -> str:
        windows.append(window)
        return ""

    monkeypatch.setattr(land, "drawn", draw)
    x, y, across, down = map(float, land.around(west, 44.0, west + wide, 44.0 + wide / 2).view.split())
    [(left, top, right, bottom)] = windows
    length = max(across, down)
    assert min(x + across / 2 - left, right - x - across / 2) >= land.AROUND * length - 1
    assert min(y + down / 2 - top, bottom - y - down / 2) >= land.AROUND * length - 1
