"""Dates and times out of tags: what is read, what is doubted, and offsets by GPS time."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from media.metadata import instants
from media.metadata.fields import Moment

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "local", "offset"),
    [
        ("2023:06:07 13:45:55", datetime(2023, 6, 7, 13, 45, 55), None),
        ("2023-06-07T13:45:55+02:00", datetime(2023, 6, 7, 13, 45, 55), 120),
        ("2023-06-07T13:45:55.125-0330", datetime(2023, 6, 7, 13, 45, 55, 125000), -210),
        ("2008:05:25 19:31:26.0+1:00", datetime(2008, 5, 25, 19, 31, 26), 60),
        ("2023-06-07T13:45Z", datetime(2023, 6, 7, 13, 45), 0),
        ("Wed, 7 Jun 2023 13:45:55 +0200", datetime(2023, 6, 7, 13, 45, 55), 120),
        ("Wed, 7 Jun 2023 13:45:55 -0330", datetime(2023, 6, 7, 13, 45, 55), -210),
        ("Wed, 7 Jun 2023 13:45:55 GMT", datetime(2023, 6, 7, 13, 45, 55), 0),
        ("2023:06:07 13:45:55 GMT", datetime(2023, 6, 7, 13, 45, 55), 0),
        ("Wed Jun 7 13:45:55 2023", datetime(2023, 6, 7, 13, 45, 55), None),
        ("2023:06:07 24:00:00", datetime(2023, 6, 8), None),
        ("2016:12:31 23:59:60", datetime(2016, 12, 31, 23, 59, 59), None),
        ("2023:06:07\x0013:45:55", datetime(2023, 6, 7, 13, 45, 55), None),
        ("2023-06-07T13:45:55.1234567", datetime(2023, 6, 7, 13, 45, 55, 123456), None),
    ],
)
def test_times_as_tags_write_them(value: str, local: datetime, offset: int | None) -> None:
    moment = instants.parse(value, "exif")
    assert moment is not None
    assert (moment.local, moment.offset, moment.precise) == (local, offset, True)


@pytest.mark.parametrize(
    ("value", "local"),
    [
        ("2003: 1: 2  3:04:05", datetime(2003, 1, 2, 3, 4, 5)),
        ("2003:01:02 03: 4: 5", datetime(2003, 1, 2, 3, 4, 5)),
        ("2003:1:2 3:4:5", datetime(2003, 1, 2, 3, 4, 5)),
        ("2003:01:02 03:04:05 PM", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003:01:02 3:04:05 p.\u00a0m.", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003:01:02 12:04:05 AM", datetime(2003, 1, 2, 0, 4, 5)),
        ("2003:01:02 12:04:05 pm", datetime(2003, 1, 2, 12, 4, 5)),
        ("2003:01:02 15:04:05 PM", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003-01-02 03.04.05", datetime(2003, 1, 2, 3, 4, 5)),
        ("2003-01-02 3.04.05 PM", datetime(2003, 1, 2, 15, 4, 5)),
        ("Jan 2, 2003 3:04:05 PM", datetime(2003, 1, 2, 15, 4, 5)),
        ("Jan 2, 2003 12:04:05 AM", datetime(2003, 1, 2, 0, 4, 5)),
        ("2003:01:02 下午 03:04:05", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003:01:02 03:04:05 오후", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003:01:02 午前12:04:05", datetime(2003, 1, 2, 0, 4, 5)),
        ("2003:01:02 PM 3:04:05", datetime(2003, 1, 2, 15, 4, 5)),
        ("2003/01/02 03:04", datetime(2003, 1, 2, 3, 4)),
        ("2003:01:02 03:04:  ", datetime(2003, 1, 2, 3, 4)),
        ("2003:01:02 03:04:", datetime(2003, 1, 2, 3, 4)),
        ("2003:01:02:03:04:05", datetime(2003, 1, 2, 3, 4, 5)),
        ("2003:01:02 03:04:05\0", datetime(2003, 1, 2, 3, 4, 5)),
        ("٢٠٠٣:٠١:٠٢ ٠٣:٠٤:٠٥", datetime(2003, 1, 2, 3, 4, 5)),
        ("THU JAN 02 03:04:05 2003", datetime(2003, 1, 2, 3, 4, 5)),
        ("Thu, 2 Jan 2003 03:04:05 +0100", datetime(2003, 1, 2, 3, 4, 5)),
    ],
)
def test_padded_times_and_halves_of_the_day(value: str, local: datetime) -> None:
    moment = instants.parse(value, "exif")
    assert moment is not None
    assert (moment.local, moment.precision) == (local, "time")


@pytest.mark.parametrize(
    ("value", "local", "precision"),
    [
        ("2023-06-07", datetime(2023, 6, 7), "day"),
        ("20230607", datetime(2023, 6, 7), "day"),
        ("2023:06:07   :  :  ", datetime(2023, 6, 7), "day"),
        ("2023:06:07 13:  :  ", datetime(2023, 6, 7), "day"),
        ("2023:06:07 13:", datetime(2023, 6, 7), "day"),
        ("1974-05-06T07", datetime(1974, 5, 6), "day"),
        ("1974-05-06T07+02:00", datetime(1974, 5, 6), "day"),
        ("2 Jan 2003", datetime(2003, 1, 2), "day"),
        ("January 2, 2003", datetime(2003, 1, 2), "day"),
        ("circa 1974", datetime(1974, 1, 1), "year"),
        ("ca. 1974", datetime(1974, 1, 1), "year"),
        ("1974?", datetime(1974, 1, 1), "year"),
        ("1974~", datetime(1974, 1, 1), "year"),
        ("2023:06", datetime(2023, 6, 1), "month"),
        ("2023-06-00", datetime(2023, 6, 1), "month"),
        ("2023:06:   12:00:00", datetime(2023, 6, 1), "month"),
        ("20230600", datetime(2023, 6, 1), "month"),
        ("1999", datetime(1999, 1, 1), "year"),
        ("1999:00:00 00:00:00", datetime(1999, 1, 1), "year"),
        ("1999-00-00", datetime(1999, 1, 1), "year"),
        ("1999:  :     :  :  ", datetime(1999, 1, 1), "year"),
        ("19990000", datetime(1999, 1, 1), "year"),
        ("1999:00:15 10:00:00", datetime(1999, 1, 1), "year"),
        ("١٩٩٩", datetime(1999, 1, 1), "year"),
        ("2023:02:30 10:00:00", datetime(2023, 2, 1), "month"),  # no such day
        ("1900:02:29 10:00:00", datetime(1900, 2, 1), "month"),
        ("2023:06:07 25:00:00", datetime(2023, 6, 7), "day"),  # no such time
        ("2023:06:07 10:60:00", datetime(2023, 6, 7), "day"),
    ],
)
def test_partial_dates_keep_what_they_say(value: str, local: datetime, precision: str) -> None:
    moment = instants.parse(value, "xmp")
    assert moment is not None
    assert (moment.local, moment.precision, moment.precise) == (local, precision, False)


def test_the_source_and_whether_it_is_a_scan_are_kept() -> None:
    scanned = instants.parse("2023:06:07 13:45:55", "exif", digitized=True)
    taken = instants.parse("2023:06:07 13:45:55", "xmp")
    assert scanned is not None
    assert taken is not None
    assert (scanned.source, scanned.digitized) == ("exif", True)
    assert (taken.source, taken.digitized) == ("xmp", False)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2023:13:01 00:00:00",
        "2023:06:32 00:00:00",
        "2023:99:99 99:99:99",
        "9999:12:31 24:00:00",
        "soon",
        "maybe",
        "circa 0000",
        "1970s",
        "Jan 99, 2003 3:04:05 PM",
        "0000:06:07 10:00:00",
        "20231301",
    ],
)
def test_values_that_are_no_date(value: str | None) -> None:
    assert instants.parse(value, "exif") is None


def test_subseconds_and_offset_of_their_own_tags() -> None:
    moment = instants.parse("2023:06:07 13:45:55", "exif", subseconds="07 ", offset="-08:00")
    assert moment is not None
    assert moment.local == datetime(2023, 6, 7, 13, 45, 55, 70000)
    assert moment.instant == datetime(2023, 6, 7, 21, 45, 55, 70000, tzinfo=UTC)


@pytest.mark.parametrize("subseconds", ["", "  ", "soon", "٠٧"])
def test_subseconds_that_are_no_number_are_left_out(subseconds: str) -> None:
    moment = instants.parse("2023:06:07 13:45:55", "exif", subseconds=subseconds)
    assert moment is not None
    assert moment.local == datetime(2023, 6, 7, 13, 45, 55)


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("+02:00", 120),
        ("-0330", -210),
        ("+2", 120),
        ("Z", 0),
        ("utc", 0),
        ("GMT", 0),
        ("+14:00", 840),
        ("-14:00", -840),
    ],
)
def test_offsets_as_tags_write_them(value: str, minutes: int) -> None:
    assert instants.parse_offset(value) == minutes


@pytest.mark.parametrize("value", ["+19:00", "-15:00", "+14:01", "here", "", None])
def test_offsets_that_no_zone_has(value: str | None) -> None:
    assert instants.parse_offset(value) is None


@pytest.mark.parametrize(
    ("wall", "impossible"),
    [
        (datetime(1601, 6, 6), True),
        (datetime(1825, 12, 31, 23, 59), True),
        (datetime(1826, 1, 1), False),
        (datetime(2025, 6, 1, 14), False),  # ahead of UTC, not of the wall clock there
        (datetime(2025, 6, 2), False),
        (datetime(2025, 6, 2, 0, 1), True),
        (datetime(2025, 6, 2, 0, 0, 1), True),
        (datetime(2025, 6, 3), True),
    ],
)
def test_impossible_times(wall: datetime, impossible: bool) -> None:
    assert (instants.impossible(wall, NOW) is not None) is impossible


@pytest.mark.parametrize(
    ("wall", "unset"),
    [
        (datetime(1904, 1, 1), True),
        (datetime(1904, 1, 1, 1), False),
        (datetime(1970, 1, 1, 1), True),  # the beginning of Unix's clock in Berlin,
        (datetime(1969, 12, 31, 19, 0, 20), True),  # in New York
        (datetime(1969, 12, 31, 19, 30), False),
        (datetime(1970, 1, 1, 15, 30), False),
        (datetime(1970, 1, 2), False),
        (datetime(1980, 1, 1, 0, 3), True),
        (datetime(1980, 1, 1, 12), False),
        (datetime(1980, 1, 6), False),
        (datetime(2000, 1, 1), True),
        (datetime(2000, 1, 1, 0, 10), False),
    ],
)
def test_what_an_unset_clock_says(wall: datetime, unset: bool) -> None:
    assert (instants.unset(Moment("exif", local=wall)) is not None) is unset


@pytest.mark.parametrize(
    "moment",
    [
        Moment("sidecar", local=datetime(1980, 1, 1)),
        Moment("filename", local=datetime(1980, 1, 1)),
        Moment("xmp", local=datetime(1980, 1, 1)),
        Moment("iptc", local=datetime(1980, 1, 1)),
        Moment("takeout", instant=datetime(1970, 1, 1, tzinfo=UTC)),
        Moment.zoned("exif", datetime(1980, 1, 1), 60),
        *(Moment("exif", local=datetime(1980, 1, 1), precision=precision) for precision in ("year", "month", "day")),
    ],
)
def test_a_date_that_somebody_wrote_is_not_doubted(moment: Moment) -> None:
    assert instants.unset(moment) is None


@pytest.mark.parametrize(
    ("wall", "reason"),
    [
        (datetime(1601, 6, 6), "1601-06-06 is before the first photograph"),
        (datetime(2031, 2, 3), "2031-02-03 is in the future"),
        (datetime(1980, 1, 1), "1980-01-01 00:00 is what an unset clock says"),
        (datetime(2000, 1, 1, 0, 0, 0, 5), "2000-01-01 00:00 is what an unset clock says"),
        (datetime(1980, 1, 2), None),
        (datetime(1980, 2, 1), None),
        (datetime(1981, 1, 1), None),
    ],
)
def test_reasons_for_doubt(wall: datetime, reason: str | None) -> None:
    assert (instants.impossible(wall, NOW) or instants.unset(Moment("exif", local=wall))) == reason


@pytest.mark.parametrize(
    ("local", "offset"),
    [
        (datetime(2023, 6, 7, 13, 45, 55), 60),
        (datetime(2023, 6, 7, 13, 48, 55), 60),  # as far off as it may be
        (datetime(2023, 6, 7, 13, 48, 56), None),
        (datetime(2023, 6, 7, 0, 45, 55), -720),
        (datetime(2023, 6, 7, 0, 30, 55), None),
        (datetime(2023, 6, 8, 2, 45, 55), 840),
        (datetime(2023, 6, 8, 3, 0, 55), None),
        (datetime(2023, 6, 7, 13, 46, 50), 60),  # the camera's clock is a minute off
        (datetime(2023, 6, 7, 18, 30, 55), 345),  # Nepal
        (datetime(2023, 6, 7, 13, 52, 0), None),  # seven minutes off: one of the two is stale
        (datetime(2023, 6, 7, 15, 0, 55), None),  # UTC+02:15: a fix of a quarter of an hour ago
        (datetime(2023, 6, 7, 9, 15, 55), -210),  # Newfoundland
        (datetime(2023, 6, 7, 9, 0, 55), None),
        (datetime(2023, 6, 8, 3, 45, 55), None),
        (datetime(2023, 6, 9, 13, 45, 55), None),
    ],
)
def test_offset_from_gps_time(local: datetime, offset: int | None) -> None:
    gps = datetime(2023, 6, 7, 12, 45, 55, tzinfo=UTC)
    assert instants.offset_from_gps(local, gps) == offset
    assert instants.offset_from_gps(local, gps.astimezone(timezone(timedelta(hours=9)))) == offset


def test_offset_from_gps_time_whatever_zone_the_machine_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        gps = datetime(2023, 6, 7, 12, tzinfo=UTC)
        assert instants.offset_from_gps(datetime(2023, 6, 7, 13), gps) == 60
    finally:
        monkeypatch.undo()
        time.tzset()
