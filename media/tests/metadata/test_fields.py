"""Moments, layers, and text that can be kept."""

from datetime import UTC, datetime

import pytest

from media.metadata import fields
from media.metadata.fields import Layer, Moment, capped, decode, text

NOON = datetime(2023, 6, 7, 12)


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        (Moment("exif", local=NOON), NOON),
        (Moment("exif", local=NOON, instant=datetime(2023, 6, 7, 3, tzinfo=UTC)), NOON),
        (Moment("gps", instant=datetime(2023, 6, 7, 3, tzinfo=UTC)), datetime(2023, 6, 7, 3)),
        (Moment("exif"), None),
    ],
)
def test_the_wall_clock_else_the_utc_reading(moment: Moment, wall: datetime | None) -> None:
    assert moment.wall == wall


def test_a_wall_clock_with_its_offset_is_an_instant() -> None:
    moment = Moment.zoned("exif", NOON, 540, precision="day")
    assert moment == Moment("exif", NOON, 540, datetime(2023, 6, 7, 3, tzinfo=UTC), precision="day")
    assert Moment.zoned("exif", NOON, None) == Moment("exif", NOON)
    assert Moment.zoned("exif", NOON, 0).instant == NOON.replace(tzinfo=UTC)


@pytest.mark.parametrize(("local", "offset"), [(datetime.min, 60), (datetime.max, -60)])
def test_an_instant_beyond_the_calendar_is_left_out(local: datetime, offset: int) -> None:
    assert Moment.zoned("exif", local, offset) == Moment("exif", local)


def test_a_layer_keeps_the_first_value_that_says_anything() -> None:
    layer = Layer("exif")
    empty: tuple[object, ...] = (None, "", [])
    for value in (*empty, "first", "second"):
        layer.put("title", value)
    layer.put("rating", 0)
    layer.put("flash", False)
    assert layer.fields == {"title": "first", "rating": 0, "flash": False}


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept", "notes"),
    [
        (51.5, -0.1, {"latitude": 51.5, "longitude": -0.1}, []),
        (90.0, -180.0, {"latitude": 90.0, "longitude": -180.0}, []),
        (0.0, 9.5, {"latitude": 0.0, "longitude": 9.5}, []),
        (None, None, {}, []),
        (51.5, None, {}, ["position with one coordinate only"]),
        (None, 9.5, {}, ["position with one coordinate only"]),
        (0.0, 0.0, {}, ["position 0, 0 taken as none"]),
        (90.5, 0.0, {}, ["position out of range: 90.5, 0"]),
        (0.0, -180.5, {}, ["position out of range: 0, -180.5"]),
    ],
)
def test_both_coordinates_or_none(
    latitude: float | None, longitude: float | None, kept: dict[str, float], notes: list[str]
) -> None:
    layer = Layer("exif")
    layer.put_position(latitude, longitude)
    assert (layer.fields, layer.notes) == (kept, notes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (" \0\x07 ", None),
        ("  Fähre\0\x1b[31m ", "Fähre[31m"),
        ("Zwei\nZeilen\tbreit", "Zwei\nZeilen\tbreit"),
        (1 / 4, "0.25"),
        ("lone \udcff half", "lone  half"),
        ("\u202bשלום\u202c!", "\u202bשלום\u202c!"),
    ],
)
def test_text(value: object, expected: str | None) -> None:
    assert text(value) == expected


def test_text_is_bounded() -> None:
    assert len(text("x" * (fields.MAX_TEXT + 5)) or "") == fields.MAX_TEXT


@pytest.mark.parametrize(
    ("value", "expected"), [(b"F\xc3\xa4hre", "Fähre"), (b"F\xe4hre", "Fähre"), (b"\x81\xff", "\ufffdÿ"), (b"", "")]
)
def test_bytes_as_text(value: bytes, expected: str) -> None:
    assert decode(value) == expected


def test_raw_tags_are_cut_one_by_one_and_all_together() -> None:
    kept = capped({"long": "x" * 5000, "n" * 300: "v"})
    assert len(kept["long"]) == fields.MAX_VALUE_LENGTH
    assert kept["n" * 200] == "v"
    many = capped({f"tag{number}": "v" for number in range(fields.MAX_RAW_TAGS + 7)})
    assert len(many) == fields.MAX_RAW_TAGS + 1
    assert many["…"] == "7 more tags left out"
    much = capped({f"tag{number}": "x" * 2000 for number in range(150)})
    assert sum(len(name) + len(value) for name, value in much.items()) <= fields.MAX_RAW_LENGTH + 50
    assert much["…"].endswith("more tags left out")


def test_a_tag_of_control_characters_is_kept_empty() -> None:
    assert capped({"a": "\0\1"}) == {"a": ""}
