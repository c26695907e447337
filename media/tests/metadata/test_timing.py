"""The best of all that is told of a moment, and the time zone of its wall clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from media.metadata import instants
from media.metadata.fields import Layer, Moment
from media.metadata.timing import Surroundings, choose

NOW = datetime(2025, 6, 1, tzinfo=UTC)
LONDON, SYDNEY = (51.5007, -0.1246), (-33.857, 151.215)
NOON = datetime(2023, 6, 7, 12, 0, 0)
NOTHING_KNOWN = Surroundings(name_moment=None, modified_at=None, position=None, home_zone="Europe/Zurich", now=NOW)


def told(source: str, *moments: Moment, **more: object) -> Layer:
    return Layer(source, moments=list(moments), **more)  # type: ignore[arg-type]


def test_an_offset_tag_comes_first() -> None:
    layer = told("exif", Moment.zoned("exif", NOON, 540), gps_instant=datetime(2023, 6, 7, 11, tzinfo=UTC))
    taken = choose([layer], replace(NOTHING_KNOWN, position=SYDNEY))
    assert (taken.local, taken.offset, taken.offset_source) == (NOON, 540, "exif")
    assert taken.at == datetime(2023, 6, 7, 3, tzinfo=UTC)


def test_then_gps_time() -> None:
    layer = told("exif", Moment("exif", local=NOON), gps_instant=datetime(2023, 6, 7, 2, 0, 3, tzinfo=UTC))
    taken = choose([layer], replace(NOTHING_KNOWN, position=LONDON))
    assert (taken.offset, taken.offset_source) == (600, "gps")


def test_then_the_zone_of_the_position() -> None:
    taken = choose([told("exif", Moment("exif", local=NOON))], replace(NOTHING_KNOWN, position=SYDNEY))
    assert (taken.offset, taken.offset_source) == (600, "zone")
    summer = choose([told("exif", Moment("exif", local=datetime(2023, 1, 7)))], replace(NOTHING_KNOWN, position=SYDNEY))
    assert summer.offset == 660


def test_then_home() -> None:
    taken = choose([told("exif", Moment("exif", local=NOON))], NOTHING_KNOWN)
    assert (taken.offset, taken.offset_source, taken.at) == (120, "home", datetime(2023, 6, 7, 10, tzinfo=UTC))


def test_an_unknown_home_zone_is_utc() -> None:
    taken = choose([told("exif", Moment("exif", local=NOON))], replace(NOTHING_KNOWN, home_zone="Middle/Earth"))
    assert (taken.offset, taken.at) == (0, NOON.replace(tzinfo=UTC))


def test_an_outdated_gps_time_is_ignored() -> None:
    layer = told("exif", Moment("exif", local=NOON), gps_instant=datetime(2023, 6, 6, 21, 7, tzinfo=UTC))
    assert choose([layer], replace(NOTHING_KNOWN, position=LONDON)).offset_source == "zone"


def test_taking_comes_before_scanning() -> None:
    scanned = Moment("exif", local=datetime(2020, 1, 5), digitized=True)
    taken = choose([told("exif", scanned), told("xmp", Moment("xmp", local=datetime(1974, 5, 1)))], NOTHING_KNOWN)
    assert (taken.local, taken.source) == (datetime(1974, 5, 1), "xmp")


def test_an_impossible_date_is_not_believed() -> None:
    layer = told("exif", Moment("exif", local=datetime(1601, 6, 6)), Moment("exif", local=NOON, digitized=True))
    taken = choose([layer], NOTHING_KNOWN)
    assert (taken.local, taken.doubtful) == (NOON, True)
    assert taken.notes == ["exif: 1601-06-06 is before the first photograph"]


UNSET = Moment("exif", local=datetime(1980, 1, 1, 0, 4))


def test_what_an_unset_clock_said_is_kept_before_the_times_of_changes() -> None:
    around = replace(NOTHING_KNOWN, modified_at=1_686_132_000.0)
    changed = Moment("exif", local=datetime(2020, 2, 2, 9), digitized=True)
    taken = choose([told("exif", UNSET, modified=changed)], around)
    assert (taken.source, taken.doubtful, taken.local) == ("exif", True, UNSET.local)
    assert taken.notes == ["exif: 1980-01-01 00:04 is what an unset clock says"]
    assert taken.alternatives == [
        {"source": "exif", "local": "2020-02-02T09:00:00"},
        {"source": "file", "local": "2023-06-07T10:00:00"},
    ]


def test_the_name_or_takeout_know_better_than_an_unset_clock() -> None:
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON), modified_at=1_686_132_000.0)
    taken = choose([told("exif", UNSET)], around)
    assert (taken.source, taken.doubtful, taken.local) == ("filename", True, NOON)
    google = told("takeout", Moment("takeout", instant=NOON.replace(tzinfo=UTC)))
    assert choose([told("exif", UNSET), google], NOTHING_KNOWN).source == "takeout"


def test_a_sound_date_has_no_alternatives() -> None:
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=datetime(2020, 1, 1)))
    taken = choose([told("exif", Moment("exif", local=NOON))], around)
    assert (taken.doubtful, taken.notes, taken.alternatives) == (False, [], [])


def test_less_precise_dates_are_kept_so() -> None:
    year = Moment("xmp", local=datetime(1970, 1, 1), precision="year")
    around = replace(NOTHING_KNOWN, modified_at=1_000_000.0)  # in January 1970, by chance
    taken = choose([told("xmp", year)], around)
    assert (taken.local, taken.precision, taken.doubtful, taken.source) == (datetime(1970, 1, 1), "year", False, "xmp")
    google = told("takeout", Moment("takeout", instant=datetime(2015, 3, 4, tzinfo=UTC)))
    assert choose([told("xmp", year), google], around).source == "xmp"


def test_a_more_precise_version_of_the_same_date_is_used() -> None:
    month = told("sidecar", Moment("sidecar", local=datetime(2023, 6, 1), precision="month"))
    taken = choose([told("exif", Moment("exif", local=NOON)), month], NOTHING_KNOWN)
    assert (taken.local, taken.precision, taken.source) == (NOON, "time", "exif")
    other = choose([told("exif", Moment("exif", local=datetime(2023, 7, 1, 12))), month], NOTHING_KNOWN)
    assert (other.local, other.precision) == (datetime(2023, 6, 1), "month")


def test_a_day_is_made_finer_by_the_files_own_time() -> None:
    day = Moment("filename", local=datetime(2023, 6, 7), precision="day")
    around = replace(NOTHING_KNOWN, name_moment=day, modified_at=1_686_132_000.0)
    assert choose([], around).local == NOON


def test_a_sidecars_date_of_scanning_does_not_beat_the_camera() -> None:
    scanned = Moment("sidecar", local=datetime(2021, 3, 4), digitized=True)
    taken = choose([told("sidecar", scanned), told("exif", Moment("exif", local=NOON))], NOTHING_KNOWN)
    assert (taken.local, taken.source) == (NOON, "exif")
    digitized = Moment("exif", local=NOON, digitized=True)
    assert choose([told("sidecar", scanned), told("exif", digitized)], NOTHING_KNOWN).source == "sidecar"
    container = told("container", Moment("container", instant=NOON.replace(tzinfo=UTC)))
    assert choose([told("sidecar", scanned), container], NOTHING_KNOWN).source == "sidecar"


def test_the_zone_comes_from_the_position_where_the_fix_is_old() -> None:
    for minutes, offset, source in ((0, 60, "gps"), (15, 60, "zone"), (60, 60, "zone"), (180, 60, "zone")):
        local = datetime(2023, 1, 7, 12)
        fix = datetime(2023, 1, 7, 11, tzinfo=UTC) - timedelta(minutes=minutes)
        layer = told("exif", Moment("exif", local=local), gps_instant=fix)
        taken = choose([layer], replace(NOTHING_KNOWN, position=(0.3, 9.45)))  # Libreville, without summer time
        assert (taken.offset, taken.offset_source) == (offset, source), minutes


def test_gps_time_tells_a_clock_that_was_not_set_to_the_zone() -> None:
    for offset in (0, 120, 540, -300):  # behind; on summer time in winter; at home elsewhere
        fix = datetime(2023, 1, 7, 12, tzinfo=UTC) - timedelta(minutes=offset)
        layer = told("exif", Moment("exif", local=datetime(2023, 1, 7, 12)), gps_instant=fix)
        taken = choose([layer], replace(NOTHING_KNOWN, position=(48.85, 2.35)))
        assert (taken.offset, taken.offset_source) == (offset, "gps")


def test_a_film_encoded_again_is_as_old_as_its_name_says() -> None:
    container = told("container", Moment("container", instant=datetime(2024, 6, 7, 8, tzinfo=UTC)))
    day = Moment("filename", local=datetime(2014, 2, 3), precision="day")
    assert choose([container], replace(NOTHING_KNOWN, name_moment=day)).local == datetime(2014, 2, 3)
    same = Moment("filename", local=datetime(2024, 6, 7), precision="day")
    assert choose([container], replace(NOTHING_KNOWN, name_moment=same)).source == "container"
    camera = told("container", Moment("container", local=datetime(2024, 6, 7, 8)))
    assert choose([camera], replace(NOTHING_KNOWN, name_moment=day)).source == "container"


def test_a_name_tells_that_a_camera_wrote_utc() -> None:
    camera = told("container", Moment("container", local=datetime(2023, 6, 7, 10)))
    taken = choose([camera], replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON)))
    assert (taken.local, taken.offset, taken.offset_source) == (NOON, 120, "filename")


def test_the_same_second_with_more_detail() -> None:
    sidecar = told("sidecar", Moment("sidecar", local=NOON))
    exif = told("exif", Moment.zoned("exif", NOON.replace(microsecond=250_000), 60))
    taken = choose([exif, sidecar], NOTHING_KNOWN)
    assert (taken.local, taken.offset) == (NOON.replace(microsecond=250_000), 60)


def test_a_sidecar_corrects_the_camera() -> None:
    exif, sidecar = Moment("exif", local=NOON), Moment("sidecar", local=datetime(2022, 6, 7, 12))
    taken = choose([told("exif", exif), told("sidecar", sidecar)], NOTHING_KNOWN)
    assert (taken.local, taken.source) == (datetime(2022, 6, 7, 12), "sidecar")


def test_a_sidecars_copy_of_a_videos_utc_time_is_no_wall_clock() -> None:
    container = told("container", Moment("container", instant=NOON.replace(tzinfo=UTC)))
    taken = choose([container, told("sidecar", Moment("sidecar", local=NOON))], NOTHING_KNOWN)
    assert (taken.local, taken.source) == (datetime(2023, 6, 7, 14), "container")


def test_takeout_wins_only_when_the_date_was_corrected_by_hand() -> None:
    exif = told("exif", Moment("exif", local=NOON))
    near = told("takeout", Moment("takeout", instant=datetime(2023, 6, 7, 3, tzinfo=UTC)))
    far = told("takeout", Moment("takeout", instant=datetime(2019, 6, 7, 3, tzinfo=UTC)))
    kept = choose([exif, near], NOTHING_KNOWN)
    assert (kept.source, kept.local, kept.offset, kept.offset_source) == ("exif", NOON, 540, "takeout")
    assert choose([exif, far], NOTHING_KNOWN).source == "takeout"


def test_the_wall_clock_in_a_videos_name_tells_its_offset() -> None:
    container = told("container", Moment("container", instant=datetime(2023, 6, 7, 10, 0, 30, tzinfo=UTC)))
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON), duration=30.0, home_zone="UTC")
    taken = choose([container], around)
    assert (taken.local, taken.offset, taken.offset_source) == (datetime(2023, 6, 7, 12, 0, 30), 120, "filename")


def test_a_name_before_the_last_change_is_the_shot() -> None:
    changed = Moment("exif", local=datetime(2024, 1, 1, 9), digitized=True)
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON))
    assert choose([Layer("exif", modified=changed)], around).source == "filename"
    later = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=datetime(2024, 3, 3)))
    assert choose([Layer("exif", modified=changed)], later).source == "exif"


def test_gps_time_alone_is_a_time() -> None:
    layer = Layer("exif", gps_instant=datetime(2023, 6, 7, 2, tzinfo=UTC))
    taken = choose([layer], replace(NOTHING_KNOWN, position=SYDNEY))
    assert (taken.source, taken.local, taken.offset) == ("gps", NOON, 600)


def test_a_gps_time_before_gps_is_none() -> None:
    layer = told("exif", Moment("exif", local=NOON), gps_instant=datetime(1899, 12, 30, 1, tzinfo=UTC))
    assert choose([layer], NOTHING_KNOWN).offset_source == "home"
    assert choose([Layer("exif", gps_instant=layer.gps_instant)], NOTHING_KNOWN).local is None


def test_nothing_known_at_all() -> None:
    taken = choose([], NOTHING_KNOWN)
    assert (taken.at, taken.local, taken.source, taken.doubtful) == (None, None, None, False)


def test_the_future_is_what_lies_after_the_file_was_first_seen() -> None:
    """Read again years later, a date that was in the future is still not believed."""
    around = replace(NOTHING_KNOWN, now=datetime(2020, 1, 1, tzinfo=UTC), modified_at=1_500_000_000.0)
    taken = choose([told("exif", Moment("exif", local=NOON))], around)
    assert (taken.source, taken.doubtful, taken.by_instant) == ("file", True, True)


def test_a_tag_without_a_date_is_noted_and_ignored() -> None:
    taken = choose([told("exif", Moment("exif")), told("xmp", Moment("xmp", local=NOON))], NOTHING_KNOWN)
    assert (taken.local, taken.doubtful, taken.notes) == (NOON, True, ["exif: no date"])


def test_a_doubt_about_what_comes_later_is_none() -> None:
    exif = told("exif", Moment("exif", local=NOON), Moment("exif", local=datetime(1980, 1, 1)))
    taken = choose([exif], NOTHING_KNOWN)
    assert (taken.doubtful, taken.notes) == (False, [])


@pytest.mark.parametrize(
    ("changed", "source"),
    [
        (Moment("exif", local=datetime(2023, 6, 7, 13, 0, 5)), "exif"),  # on the quarter hour: the shot itself
        (Moment("exif", local=datetime(2023, 6, 7, 13, 7)), "gps"),
        (Moment("exif", instant=datetime(2023, 6, 7, 11, tzinfo=UTC)), "gps"),
    ],
)
def test_a_last_change_at_the_time_of_the_gps_fix_is_the_shot(changed: Moment, source: str) -> None:
    layer = Layer("exif", modified=changed, gps_instant=datetime(2023, 6, 7, 11, tzinfo=UTC))
    taken = choose([layer], NOTHING_KNOWN)
    assert taken.source == source
    assert taken.at == datetime(2023, 6, 7, 11, tzinfo=UTC) + timedelta(seconds=5 if source == "exif" else 0)


def test_the_first_moment_of_gps_time_is_that_of_a_receiver_without_a_fix() -> None:
    assert choose([Layer("exif", gps_instant=instants.GPS_EPOCH)], NOTHING_KNOWN).local is None


@pytest.mark.parametrize(("hours", "source"), [(26, "exif"), (27, "takeout")])
def test_takeout_a_day_and_two_hours_off_may_still_be_a_time_zone(hours: int, source: str) -> None:
    takeout = Moment("takeout", instant=NOON.replace(tzinfo=UTC) + timedelta(hours=hours))
    taken = choose([told("exif", Moment("exif", local=NOON)), told("takeout", takeout)], NOTHING_KNOWN)
    assert taken.source == source


def test_takeout_beside_a_tag_without_a_date() -> None:
    takeout = Moment("takeout", instant=NOON.replace(tzinfo=UTC))
    assert choose([told("exif", Moment("exif")), told("takeout", takeout)], NOTHING_KNOWN).source == "takeout"


@pytest.mark.parametrize("source", ["exif", "xmp", "sidecar"])
def test_a_last_change_is_better_than_nothing(source: str) -> None:
    taken = choose([Layer(source, modified=Moment(source, local=NOON))], NOTHING_KNOWN)
    assert (taken.source, taken.local) == (source, NOON)


def test_a_name_of_the_day_of_the_last_change_is_the_shot() -> None:
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON))
    layer = Layer("exif", modified=Moment("exif", local=NOON + timedelta(hours=3)))
    assert choose([layer], around).source == "filename"


@pytest.mark.parametrize("modified_at", [1e12, 1e17, 1e30, float("nan")])
def test_a_files_own_time_beyond_all_dates_is_none(modified_at: float) -> None:
    assert choose([], replace(NOTHING_KNOWN, modified_at=modified_at)).at is None


def test_a_files_own_time_is_an_instant() -> None:
    taken = choose([], replace(NOTHING_KNOWN, modified_at=1_686_132_000.0))
    assert (taken.at, taken.local) == (datetime(2023, 6, 7, 10, tzinfo=UTC), NOON)
    assert (taken.offset, taken.offset_source, taken.by_instant) == (120, "home", True)


@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(hours=1)])
def test_a_sidecar_that_tells_another_time_than_the_video_is_no_copy_of_it(apart: timedelta) -> None:
    container = told("container", Moment("container", instant=NOON.replace(tzinfo=UTC)))
    taken = choose([container, told("sidecar", Moment("sidecar", local=NOON + apart))], NOTHING_KNOWN)
    assert (taken.source, taken.local) == ("sidecar", NOON + apart)


def test_a_sidecar_that_agrees_with_a_videos_wall_clock_is_believed() -> None:
    container = told("container", Moment.zoned("container", NOON, 60))
    assert choose([container, told("sidecar", Moment("sidecar", local=NOON))], NOTHING_KNOWN).source == "sidecar"


def test_a_day_alone_gives_way_to_the_time_of_that_day() -> None:
    day = told("sidecar", Moment("sidecar", local=datetime(2023, 6, 7), precision="day"))
    exif = told("exif", Moment("exif", local=NOON))
    other_day = told("exif", Moment("exif", local=NOON + timedelta(days=1)))
    undated = told("xmp", Moment("xmp"))
    assert choose([day, undated, exif], NOTHING_KNOWN).local == NOON
    assert choose([day, other_day], NOTHING_KNOWN).local == datetime(2023, 6, 7)
    assert choose([day], NOTHING_KNOWN).local == datetime(2023, 6, 7)


def test_an_offset_is_taken_from_another_tag_of_the_same_second() -> None:
    exif = told("exif", Moment("exif", local=NOON))
    taken = choose([exif, told("xmp", Moment.zoned("xmp", NOON, 540))], replace(NOTHING_KNOWN, position=LONDON))
    assert (taken.source, taken.offset, taken.offset_source) == ("exif", 540, "xmp")


@pytest.mark.parametrize(
    "other",
    [
        Moment.zoned("xmp", NOON + timedelta(days=1), 540),
        Moment("xmp", offset=540, instant=NOON.replace(tzinfo=UTC)),  # without a wall clock
    ],
)
def test_an_offset_is_not_taken_from_a_tag_of_another_second(other: Moment) -> None:
    taken = choose([told("exif", Moment("exif", local=NOON)), told("xmp", other)], NOTHING_KNOWN)
    assert (taken.offset, taken.offset_source) == (120, "home")


def test_a_z_on_another_tag_counts_where_nothing_better_is_known() -> None:
    layers = [told("exif", Moment("exif", local=NOON)), told("xmp", Moment.zoned("xmp", NOON, 0))]
    known = choose(layers, replace(NOTHING_KNOWN, position=SYDNEY))
    assert (known.offset, known.offset_source) == (600, "zone")
    unknown = choose(layers, NOTHING_KNOWN)
    assert (unknown.offset, unknown.offset_source) == (0, "xmp")


def test_a_wall_clock_with_home_in_no_known_zone() -> None:
    taken = choose([told("exif", Moment("exif", local=NOON))], replace(NOTHING_KNOWN, home_zone="Middle/Earth"))
    assert taken.offset_source == "home"


VIDEO = Moment("container", instant=datetime(2023, 6, 7, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("apart", "offset", "source"),
    [(timedelta(), 540, "xmp"), (timedelta(seconds=0.9), 540, "xmp"), (timedelta(seconds=1), 120, "home")],
)
def test_a_videos_wall_clock_by_another_tag_of_the_instant(apart: timedelta, offset: int, source: str) -> None:
    xmp = told("xmp", replace(Moment.zoned("xmp", NOON + apart, 540), digitized=True))
    taken = choose([told("container", VIDEO), xmp], NOTHING_KNOWN)
    assert (taken.at, taken.offset, taken.offset_source) == (VIDEO.instant, offset, source)
    assert taken.local == datetime(2023, 6, 7, 3) + timedelta(minutes=offset)


def test_a_videos_wall_clock_by_where_it_was_taken_else_by_home() -> None:
    there = choose([told("container", VIDEO)], replace(NOTHING_KNOWN, position=SYDNEY))
    assert (there.local, there.offset, there.offset_source) == (datetime(2023, 6, 7, 13), 600, "zone")
    at_home = choose([told("container", VIDEO)], NOTHING_KNOWN)
    assert (at_home.local, at_home.offset, at_home.offset_source) == (datetime(2023, 6, 7, 5), 120, "home")


@pytest.mark.parametrize(
    "name",
    [
        Moment("filename", local=datetime(2023, 6, 7), precision="day"),  # on the quarter hour, by chance
        Moment("filename", instant=datetime(2023, 6, 7, 3, tzinfo=UTC)),
        Moment("filename", local=datetime(2023, 6, 7, 12, 7)),  # of a copy
    ],
)
def test_a_videos_name_that_does_not_tell_its_offset(name: Moment) -> None:
    taken = choose([told("container", VIDEO)], replace(NOTHING_KNOWN, name_moment=name))
    assert (taken.offset, taken.offset_source) == (120, "home")


def test_a_videos_name_tells_the_start_and_its_tag_the_end() -> None:
    container = told("container", Moment("container", instant=datetime(2023, 6, 7, 3, 10, tzinfo=UTC)))
    around = replace(NOTHING_KNOWN, name_moment=Moment("filename", local=NOON), duration=600.0)
    assert choose([container], around).offset == 540


def test_the_last_moment_that_a_date_can_hold() -> None:
    around = replace(NOTHING_KNOWN, now=datetime(9999, 12, 31, tzinfo=UTC) - timedelta(days=1))
    exif = told("exif", Moment("exif", local=datetime(9999, 12, 30, 23), offset=-720))
    assert choose([exif], around).at == datetime(9999, 12, 31, 11, tzinfo=UTC)
    assert choose([told("exif", Moment("exif", local=datetime.min, offset=60))], around).at is None
