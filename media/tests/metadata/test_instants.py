from datetime import UTC, datetime

import pytest

from media.metadata import instants

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "local", "offset"),
    [
        ("2023:06:07 13:45:55", datetime(2023, 6, 7, 13, 45, 55), None),
        ("2023-06-07T13:45:55+02:00", datetime(2023, 6, 7, 13, 45, 55), 120),
        ("2023-06-07T13:45:55.125-0330", datetime(2023, 6, 7, 13, 45, 55, 125000), -210),
        ("2008:05:25 19:31:26.0+1:00", datetime(2008, 5, 25, 19, 31, 26), 60),
        ("2023-06-07T13:45Z", datetime(2023, 6, 7, 13, 45), 0),
        ("2023:06:07 24:00:00", datetime(2023, 6, 8), None),
        ("2016:12:31 23:59:60", datetime(2016, 12, 31, 23, 59, 59), None),
    ],
)
def test_times_as_tags_write_them(value: str, local: datetime, offset: int | None) -> None:
    moment = instants.parse(value, "exif")
    assert moment is not None
    assert (moment.local, moment.offset, moment.precise) == (local, offset, True)


@pytest.mark.parametrize("value", ["2023-06-07", "2023:06", "1999"])
def test_a_day_alone_is_not_precise(value: str) -> None:
    moment = instants.parse(value, "xmp")
    assert moment is not None
    assert not moment.precise


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2023:13:01 00:00:00",
        "2023:06:07 25:00:00",
        "soon",
        "١٩٩٩",
    ],
)
def test_what_is_no_date(value: str | None) -> None:
    assert instants.parse(value, "exif") is None


def test_subseconds_and_offset_of_their_own_tags() -> None:
    moment = instants.parse("2023:06:07 13:45:55", "exif", subseconds="07 ", offset="-08:00")
    assert moment is not None
    assert moment.local == datetime(2023, 6, 7, 13, 45, 55, 70000)
    assert moment.instant == datetime(2023, 6, 7, 21, 45, 55, 70000, tzinfo=UTC)


@pytest.mark.parametrize("value", ["+19:00", "-15:00", "here", "", None])
def test_offsets_that_no_zone_has(value: str | None) -> None:
    assert instants.parse_offset(value) is None


@pytest.mark.parametrize(
    ("wall", "doubted"),
    [
        (datetime(1601, 6, 6), True),
        (datetime(1826, 7, 1), False),
        (datetime(1904, 1, 1), True),
        (datetime(1970, 1, 1, 1), True),
        (datetime(1980, 1, 1, 0, 3), True),
        (datetime(2000, 1, 1), True),
        (datetime(2000, 1, 1, 0, 10), False),
        (datetime(2025, 6, 1, 14), False),  # ahead of UTC, not of the wall clock there
        (datetime(2025, 6, 3), True),
    ],
)
def test_doubt(wall: datetime, doubted: bool) -> None:
    assert (instants.doubt(wall, NOW) is not None) is doubted


@pytest.mark.parametrize(
    ("local", "offset"),
    [
        (datetime(2023, 6, 7, 13, 45, 55), 60),
        (datetime(2023, 6, 7, 13, 46, 50), 60),  # the camera's clock is a minute off
        (datetime(2023, 6, 7, 18, 30, 55), 345),  # Nepal
        (datetime(2023, 6, 7, 13, 52, 0), None),  # seven minutes off: one of the two is stale
        (datetime(2023, 6, 9, 13, 45, 55), None),
    ],
)
def test_offset_from_gps_time(local: datetime, offset: int | None) -> None:
    gps = datetime(2023, 6, 7, 12, 45, 55, tzinfo=UTC)
    assert instants.offset_from_gps(local, gps) == offset
