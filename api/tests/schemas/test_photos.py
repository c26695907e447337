"""Request bodies about photos, and photos in responses."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from api.schemas.photos import PhotoEdit, PhotoOut, PositionIn, TakenIn
from photos.models import Photo

RIGHT: list[dict[str, Any]] = [
    {},
    {"title": "x" * 255, "description": "", "rating": -1},
    {"rating": 5, "favourite": False},
    {"position": {"latitude": -90, "longitude": 180}},
    {"position": None},
    {"taken": {"local": "2024-05-01T12:00:00"}},
    {"taken": {"local": "2024-05-01T12:00:00", "offset": -840}},
    {"reset": ["taken", "position", "title", "description", "rating"]},
]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * 256}, "title"),
    ({"description": "x" * 100_001}, "description"),
    ({"rating": 6}, "rating"),
    ({"rating": -2}, "rating"),
    ({"position": {"latitude": 90.1, "longitude": 0}}, "latitude"),
    ({"position": {"latitude": 0, "longitude": -180.1}}, "longitude"),
    ({"position": {"latitude": "nan", "longitude": 0}}, "latitude"),
    ({"position": {"latitude": 0}}, "longitude"),
    ({"taken": {"local": "yesterday"}}, "local"),
    ({"taken": {"local": "2024-05-01T12:00:00", "offset": 841}}, "offset"),
    ({"reset": ["place"]}, "reset"),
]


@pytest.mark.parametrize("body", RIGHT)
def test_valid_edits(body: dict[str, Any]) -> None:
    told = PhotoEdit.model_validate(body).model_dump(exclude_unset=True)
    assert told.keys() == body.keys()


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_a_refused_edit_names_the_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PhotoEdit.model_validate(body)
    assert field in [part for error in refused.value.errors() for part in error["loc"]]


def test_null_differs_from_a_field_that_is_left_out() -> None:
    assert PhotoEdit.model_validate({"title": None}).model_dump(exclude_unset=True) == {"title": None}
    assert PhotoEdit.model_validate({}).model_dump(exclude_unset=True) == {}


def test_a_null_character_is_dropped() -> None:
    assert PhotoEdit.model_validate({"title": "a\0b"}).title == "ab"


def test_an_offset_is_optional() -> None:
    assert TakenIn.model_validate({"local": "2024-05-01T12:00"}).offset is None


def test_a_position_is_on_earth() -> None:
    for latitude, longitude in ((90, 180), (-90, -180)):
        assert PositionIn(latitude=latitude, longitude=longitude).latitude == latitude


def test_a_photo_in_a_list(make_photo: Callable[..., Photo]) -> None:
    photo = make_photo(name="a.jpg", thumbhash=bytes([1, 2, 255]))
    told = PhotoOut.from_orm(photo).model_dump()
    assert (told["name"], told["kind"], told["thumbhash"]) == ("a.jpg", "photo", "AQL/")
    assert told["taken_local"] == "2024-05-01T12:01:00"  # a wall clock has no zone
    assert told["taken_at"].isoformat() == "2024-05-01T12:01:00+00:00"
