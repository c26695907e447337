"""The map and memories for programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from photos.models import Photo

Ask = Any


@pytest.fixture
def three(make_photo: Callable[..., Photo]) -> list[Photo]:
    """Two in Lisbon, one in Tokyo, and one without a place."""
    lisbon, tokyo = {"latitude": 38.7, "longitude": -9.1}, {"latitude": 35.7, "longitude": 139.7}
    make_photo()
    return [make_photo(title="tram", **lisbon), make_photo(**lisbon), make_photo(**tokyo)]


def test_clusters_of_the_world_and_of_a_box(ask: Ask, three: list[Photo]) -> None:
    found = ask("GET", "/map/clusters?zoom=2").json()["clusters"]
    assert [one["count"] for one in found] == [2, 1]
    assert found[0]["cover"] in {photo.key for photo in three[:2]}
    assert found[0]["box"] == [-9.1, 38.7, -9.1, 38.7]
    assert [one["count"] for one in ask("GET", "/map/clusters?zoom=2&box=100,0,180,80").json()["clusters"]] == [1]
    assert [one["count"] for one in ask("GET", "/map/clusters?zoom=2&query=tram").json()["clusters"]] == [1]


def test_photos_of_a_box(ask: Ask, three: list[Photo]) -> None:
    told = ask("GET", "/map/photos?box=-10,38,-9,39").json()
    assert {one["key"] for one in told["photos"]} == {photo.key for photo in three[:2]}
    assert told["next"] is None
    assert len(ask("GET", "/map/photos").json()["photos"]) == 3


@pytest.mark.parametrize(
    "wrong", ["box=1", "box=nan,0,1,1", "box=10,0,5,1", "zoom=99", "query=(", "list=nothing", "cursor=x", "colour=red"]
)
def test_invalid_values_are_422(ask: Ask, wrong: str) -> None:
    for address in ("/map/clusters?zoom=2&", "/map/photos?"):
        if (address, wrong) not in {("/map/clusters?zoom=2&", "cursor=x"), ("/map/photos?", "zoom=99")}:
            assert ask("GET", address + wrong).status_code == 422, address


def test_a_stranger_sees_an_empty_map(program: Any, stranger: User, three: list[Photo]) -> None:
    other = program(stranger)
    assert other("GET", "/map/clusters?zoom=2").json() == {"clusters": []}
    assert other("GET", "/map/photos").json()["photos"] == []


def test_photos_of_a_day_in_past_years(
    ask: Ask, program: Any, stranger: User, make_photo: Callable[..., Photo]
) -> None:
    photos = [make_photo(taken=datetime(year, 5, 31, 12)) for year in (2019, 2021)]
    make_photo(taken=datetime(2021, 6, 1, 12))
    told = ask("GET", "/memories?day=05-31").json()["memories"]
    assert [(one["date"], one["count"]) for one in told] == [("2021-05-31", 1), ("2019-05-31", 1)]
    assert [one["photos"][0]["key"] for one in told] == [photos[1].key, photos[0].key]
    assert ask("GET", "/memories?day=02-29").json() == {"memories": []}
    assert ask("GET", "/memories").status_code == 200
    assert program(stranger)("GET", "/memories?day=05-31").json() == {"memories": []}


@pytest.mark.parametrize("day", ["02-30", "13-01", "5-31", "2021-05-31", "today"])
def test_an_invalid_day_is_refused(ask: Ask, day: str) -> None:
    assert ask("GET", f"/memories?day={day}").status_code == 422
