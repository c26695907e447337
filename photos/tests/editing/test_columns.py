"""What a photo's columns hold: what its files say, except where the owner edited it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from photos.editing import columns
from photos.editing.columns import PLAIN_FIELDS, POSITION, TAKEN, TEXT_FIELDS, changed_by, columns_of, effective

TOLD: dict[str, Any] = {
    "taken_local": "2024-05-01T12:00:00",
    "taken_at": "2024-05-01T10:00:00+00:00",
    "taken_offset": 120,
    "taken_source": "exif",
    "taken_doubtful": False,
    "title": "From the file",
}
TOKYO = {"latitude": 35.6, "longitude": 139.7, "zone": "Asia/Tokyo"}


def moment(*parts: int) -> datetime:
    year, month, day, hour = parts
    return datetime(year, month, day, hour, tzinfo=UTC)


def time_of(found: dict[str, Any]) -> tuple[datetime, datetime, int | None, str, bool]:
    return tuple(found[name] for name in ("taken_local", "taken_at", "taken_offset", "taken_source", "taken_doubtful"))  # type: ignore[return-value]


def test_every_column_is_told_of_a_file_that_could_be_read() -> None:
    found = effective(TOLD, {}, {})
    assert found.keys() == {*TEXT_FIELDS, *PLAIN_FIELDS, *TAKEN}
    assert (found["title"], found["description"], found["iso"], found["turn"], found["panorama"]) == (
        "From the file",
        "",
        None,
        1,
        False,
    )


def test_an_unreadable_file_has_only_the_columns_of_its_edits() -> None:
    assert effective({}, {}, {}) == {}
    assert effective({}, {}, {"title": "Mine"}) == {"title": "Mine"}
    assert effective({}, {}, {"position": TOKYO})["latitude"] == 35.6


def test_an_edit_wins_also_where_it_is_empty() -> None:
    found = effective(TOLD, {}, {"title": "", "rating": None})
    assert (found["title"], found["rating"]) == ("", None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "x" * 300, "x" * 255),
        ("description", "x" * 9999, "x" * 9999),
        ("camera_make", None, ""),
        ("turn", None, 1),
        ("turn", 6, 6),
        ("panorama", None, False),
        ("panorama", 1, True),
        ("iso", None, None),
        ("rating", 0, 0),
    ],
)
def test_values_as_their_columns_take_them(name: str, value: Any, expected: Any) -> None:
    assert columns.fitting(name, value) == expected


# --- time ------------------------------------------------------------------------------------------------------------


def test_the_time_as_the_files_have_it() -> None:
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert time_of(effective(TOLD, {}, {})) == (noon, datetime(2024, 5, 1, 10, tzinfo=UTC), 120, "exif", False)
    doubtful = effective({**TOLD, "taken_doubtful": True, "taken_source": None}, {}, {})
    assert time_of(doubtful)[3:] == ("file", True)


def test_an_instant_that_is_not_told_follows_from_the_wall_clock() -> None:
    found = effective({**TOLD, "taken_at": None}, {}, {})
    assert found["taken_at"] == datetime(2024, 5, 1, 10, tzinfo=UTC)
    unknown = effective({**TOLD, "taken_at": None, "taken_offset": None}, {}, {})
    assert (unknown["taken_at"], unknown["taken_offset"]) == (datetime(2024, 5, 1, 12, tzinfo=UTC), None)


@pytest.mark.parametrize("local", [None, "0001-01-01T00:00:00", "9999-12-31T00:00:00"])
def test_a_time_that_no_database_holds_is_none(local: str | None) -> None:
    assert not set(TAKEN) & effective({**TOLD, "taken_local": local}, {}, {}).keys()


def test_a_time_that_the_owner_set() -> None:
    edit = {"taken": {"local": "2020-01-02T03:04:05", "offset": -210}}
    found = effective({**TOLD, "taken_doubtful": True}, {}, edit)
    assert time_of(found) == (
        datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        datetime(2020, 1, 2, 6, 34, 5, tzinfo=UTC),
        -210,
        "user",
        False,
    )


# --- place -----------------------------------------------------------------------------------------------------------


def test_a_place_that_the_owner_set_replaces_all_of_it() -> None:
    told = {**TOLD, "latitude": 1.0, "longitude": 2.0, "altitude": 3.0, "place": "Old", "country": "Old"}
    found = effective(told, {}, {"position": {"latitude": 35.6, "longitude": 139.7, "place": "Tokyo"}})
    assert {name: found[name] for name in POSITION} == {
        "latitude": 35.6,
        "longitude": 139.7,
        "altitude": None,
        "place": "Tokyo",
        "region": "",
        "country": "",
        "country_code": "",
    }
    cleared = effective(told, {}, {"position": None})
    assert (cleared["latitude"], cleared["place"]) == (None, "")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        # the clock's reading stays and its instant moves
        ({"taken_offset": "home"}, ((2024, 5, 1, 12), (2024, 5, 1, 3), 540)),
        ({"taken_offset": "zone"}, ((2024, 5, 1, 12), (2024, 5, 1, 3), 540)),
        # of an instant the reading moves
        ({"taken_offset": "home", "taken_at": "container"}, ((2024, 5, 1, 19), (2024, 5, 1, 10), 540)),
        # the files tell the offset themselves
        ({"taken_offset": "exif"}, ((2024, 5, 1, 12), (2024, 5, 1, 10), 120)),
        ({}, ((2024, 5, 1, 12), (2024, 5, 1, 10), 120)),
    ],
)
def test_the_time_follows_the_zone_of_a_place_that_was_set(
    sources: dict[str, str], expected: tuple[Any, Any, int]
) -> None:
    found = effective(TOLD, sources, {"position": TOKYO})
    local, instant, offset = expected
    assert time_of(found)[:3] == (moment(*local), moment(*instant), offset)
    assert found["taken_source"] == "exif"


def test_a_doubt_about_the_time_stays_at_another_place() -> None:
    found = effective({**TOLD, "taken_doubtful": True}, {"taken_offset": "home"}, {"position": TOKYO})
    assert found["taken_doubtful"] is True


@pytest.mark.parametrize("position", [None, {"latitude": 1.0, "longitude": 2.0}, {**TOKYO, "zone": "Middle/Earth"}])
def test_without_a_zone_the_time_stays(position: dict[str, Any] | None) -> None:
    found = effective(TOLD, {"taken_offset": "home"}, {"position": position})
    assert found["taken_offset"] == 120


def test_a_time_that_the_owner_set_does_not_follow_the_place() -> None:
    edits = {"position": TOKYO, "taken": {"local": "2020-01-02T03:04:05", "offset": 60}}
    found = effective(TOLD, {"taken_offset": "home"}, edits)
    assert (found["taken_offset"], found["latitude"]) == (60, 35.6)


# --- which columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "names"), [("taken", TAKEN), ("position", POSITION), ("title", ("title",)), ("rating", ("rating",))]
)
def test_the_columns_that_an_edit_sets(field: str, names: tuple[str, ...]) -> None:
    assert columns_of(field) == names
    value = {"taken": {"local": "2020-01-02T03:04:05", "offset": None}, "position": {}}.get(field)
    assert set(columns.edited_columns(field, value)) == set(names)


def test_a_place_may_change_the_time_too() -> None:
    assert changed_by(["title"]) == {"title"}
    assert changed_by(["position"]) == {*POSITION, *TAKEN}
    assert changed_by(["taken", "rating"]) == {*TAKEN, "rating"}
    assert changed_by([]) == set()


def test_times_as_text_and_as_they_are() -> None:
    noon = datetime(2024, 5, 1, 12)
    assert columns.as_datetime("2024-05-01T12:00:00") == columns.as_datetime(noon) == noon
    assert columns.as_datetime(None) is None
