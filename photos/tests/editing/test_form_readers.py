"""What forms of the info panel and of the dialog for many ask for, and what they are told when they ask for nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from photos.editing import edits, form_readers
from photos.editing.edits import InvalidEdit, ResetFields, SetFields, SetTime, SetZone, ShiftTime
from photos.editing.form_readers import READERS, change_of, normal_zone
from photos.models import Photo

Maker = Callable[..., Photo]


def asked(user: User, field: str, **form: str) -> Any:
    return change_of(user, {"field": field, **form})


def refusal(user: User, field: str, **form: str) -> str:
    with pytest.raises(InvalidEdit) as caught:
        asked(user, field, **form)
    return str(caught.value)


def test_every_choice_of_the_dialog_has_a_reader() -> None:
    assert {name for name, _ in form_readers.EDIT_CHOICES} - {"files"} <= READERS.keys()


def test_a_form_that_asks_for_nothing(owner: User) -> None:
    for form in ({}, {"field": ""}, {"field": "colour"}, {"reset": "colour"}):
        with pytest.raises(InvalidEdit, match="Choose what to change"):
            change_of(owner, form)


@pytest.mark.parametrize("field", ["title", "description"])
def test_words(owner: User, field: str) -> None:
    assert asked(owner, field, value=" Us ") == edits.set_words(**{field: "Us"})
    assert asked(owner, field) == edits.set_words(**{field: ""})


@pytest.mark.parametrize(("value", "rating"), [("4", 4), ("0", 0), ("-1", -1), ("", None)])
def test_ratings(owner: User, value: str, rating: int | None) -> None:
    assert asked(owner, "rating", value=value) == edits.set_words(rating=rating)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("6", "A rating is 0 to 5, or -1 for rejected."),
        ("-2", "A rating is 0 to 5, or -1 for rejected."),
        ("many", "A rating must be a number."),
        ("1.5", "A rating must be a number."),
    ],
)
def test_ratings_that_are_none(owner: User, value: str, words: str) -> None:
    assert refusal(owner, "rating", value=value) == words


# --- time ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"date": "2024-05-01", "time": "08:30"}, edits.set_time(datetime(2024, 5, 1, 8, 30))),
        ({"date": "2024-05-01", "time": "08:30:15"}, edits.set_time(datetime(2024, 5, 1, 8, 30, 15))),
        ({"date": "2024-05-01"}, edits.set_time(datetime(2024, 5, 1, 12))),
        (
            {"date": "2024-07-01", "time": "08:30", "zone": "Europe/Zurich"},
            edits.set_time(datetime(2024, 7, 1, 8, 30), 120),
        ),
        ({"date": "2024-05-01", "time": "08:30", "zone": " UTC+9 "}, edits.set_time(datetime(2024, 5, 1, 8, 30), 540)),
    ],
)
def test_a_date_and_a_time(owner: User, form: dict[str, str], expected: SetTime) -> None:
    assert asked(owner, "taken", **form) == expected


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Give a date and a time."),
        ({"date": "2024-02-30"}, "Give a date and a time."),
        ({"date": "2024-05-01", "time": "25:00"}, "Give a date and a time."),
        ({"date": "2024-05-01", "zone": "Middle/Earth"}, "Middle/Earth is not a time zone."),
    ],
)
def test_invalid_times(owner: User, form: dict[str, str], words: str) -> None:
    assert refusal(owner, "taken", **form) == words


@pytest.mark.parametrize(
    ("by", "span"),
    [
        ("1:07", timedelta(hours=1, minutes=7)),
        ("+1:07", timedelta(hours=1, minutes=7)),
        ("-0:30", -timedelta(minutes=30)),
        (" - 26:00:05 ", -timedelta(hours=26, seconds=5)),
    ],
)
def test_a_shift(owner: User, by: str, span: timedelta) -> None:
    assert asked(owner, "shift", by=by) == ShiftTime(span.total_seconds())


@pytest.mark.parametrize("by", ["", "1", "1:60", "an hour", "1:00:60", "--1:00"])
def test_invalid_shifts(owner: User, by: str) -> None:
    assert refusal(owner, "shift", by=by).startswith("Say by how many hours and minutes")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("+02:00", "+02:00"),
        ("UTC+2", "+02:00"),
        ("UTC -3", "-03:00"),
        ("−3:30", "-03:30"),  # with a true minus
        ("+0545", "+05:45"),
        (" Europe/Zurich ", "Europe/Zurich"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_by_name_or_offset(owner: User, typed: str, zone: str) -> None:
    assert normal_zone(typed) == zone
    assert asked(owner, "zone", zone=typed) == edits.set_zone(zone)
    assert asked(owner, "zone", zone=typed, keep="instant") == edits.set_zone(zone, keep="instant")


def test_invalid_zones(owner: User) -> None:
    assert "not a time zone" in refusal(owner, "zone", zone="Middle/Earth")


# --- place -----------------------------------------------------------------------------------------------------------


def test_a_position_and_none(owner: User) -> None:
    assert asked(owner, "position", latitude=" 38.7167", longitude="-9.1333 ") == edits.set_place(38.7167, -9.1333)
    assert asked(owner, "position") == edits.clear_place()


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("38.7", ""), ("", "9"), ("north", "9"), ("91", "9"), ("38", "181"), ("nan", "9")]
)
def test_invalid_positions(owner: User, latitude: str, longitude: str) -> None:
    assert refusal(owner, "position", latitude=latitude, longitude=longitude)


# --- copies and resets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["{key}", "http://localhost/photo/{key}/", " /photo/{key} "])
def test_copying_from_a_photo_by_key_or_address(owner: User, make_photo: Maker, address: str) -> None:
    photo = make_photo(title="Us", latitude=1.0, longitude=2.0)
    given = address.format(key=photo.key)
    assert asked(owner, "copy", **{"from": given, "what": "title"}) == edits.copy_from(photo, ["title"])
    assert asked(owner, "copy", **{"from": given}) == edits.copy_from(photo, ["taken", "position"])


def test_only_photos_of_ones_own_are_copied_from(owner: User, stranger: User, make_photo: Maker) -> None:
    photo = make_photo()
    assert "no such photo" in refusal(stranger, "copy", **{"from": photo.key})
    assert "no such photo" in refusal(owner, "copy", **{"from": ""})


def test_back_to_what_the_files_say(owner: User) -> None:
    assert asked(owner, "reset", what="title") == edits.reset(["title"])
    assert asked(owner, "reset") == edits.reset()
    assert change_of(owner, {"field": "title", "value": "x", "reset": "title"}) == edits.reset(["title"])


def test_the_kind_of_each_change(owner: User) -> None:
    forms: dict[str, dict[str, str]] = {"title": {}, "reset": {}, "zone": {"zone": "UTC"}, "shift": {"by": "1:00"}}
    forms["taken"] = {"date": "2024-05-01"}
    kinds = [type(asked(owner, field, **form)) for field, form in forms.items()]
    assert kinds == [SetFields, ResetFields, SetZone, ShiftTime, SetTime]
