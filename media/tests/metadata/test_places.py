from datetime import datetime

import pytest

from media.metadata.places import find_place
from media.metadata.zones import offset_of, zone_at


@pytest.mark.parametrize(
    ("position", "place", "region", "code"),
    [
        ((48.8583, 2.2919), "Paris", "Île-de-France", "FR"),  # the middle of Neuilly is nearer
        ((40.7580, -73.9855), "New York City", "New York", "US"),
        ((47.5596, 7.5886), "Basel", "Basel-City", "CH"),
        ((46.2, 6.14), "Genève", "Geneva", "CH"),
        ((-25.34, 131.03), "Yulara", "Northern Territory", "AU"),
        ((65.0, -18.0), None, "Northeast", "IS"),  # no town for 30 km
        ((64.9, -45.0), None, None, "GL"),
    ],
)
def test_names(position: tuple[float, float], place: str | None, region: str | None, code: str) -> None:
    found = find_place(*position)
    assert found is not None
    assert (found.place, found.region, found.country_code) == (place, region, code)
    assert found.country


def test_far_out_at_sea_there_is_no_name() -> None:
    assert find_place(0.0, -30.0) is None


def test_towns_beyond_the_date_line_are_near() -> None:
    east, west = find_place(-16.8, 179.99), find_place(-16.8, -179.99)
    assert east == west


def test_zones() -> None:
    assert zone_at(27.7, 85.3) == "Asia/Kathmandu"
    assert offset_of(datetime(2023, 7, 1), "Asia/Kathmandu") == 345
    assert offset_of(datetime(2023, 7, 1), "No/Where") is None
