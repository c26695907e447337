"""When a photo was taken: the best time in all layers, and the time zone of its local time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from media.metadata import instants, zones
from media.metadata.fields import Layer, Moment, Precision

ORDER = ("sidecar", "exif", "maker", "container", "xmp", "iptc", "png", "exiftool")
GPS_ORDER = ("exif", "xmp", "sidecar")
ANOTHER = timedelta(hours=26)  # more than time zones and daylight saving explain: not the same time
STALE_FIX = 180  # minutes for which a receiver without reception keeps reporting its last position and time
SHARED = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}  # what a less precise date has in common with a finer one
MAX_ALTERNATIVES = 8
WRITTEN = 2  # the rank of a container's own time


@dataclass
class Taken:
    """The result: UTC, local time, offset in minutes, their sources, and notes."""

    at: datetime | None = None
    local: datetime | None = None
    offset: int | None = None
    source: str | None = None
    precision: Precision = "time"
    offset_source: str | None = None  # exif, gps, zone, home, …
    by_instant: bool = False  # UTC was given and local time derived, not the other way round
    doubtful: bool = False
    notes: list[str] = field(default_factory=list)  # why the date is doubtful
    alternatives: list[dict[str, str]] = field(default_factory=list)  # other dates: source, local


@dataclass(frozen=True)
class Surroundings:
    """What is known besides the layers: name and age of the file, where it was taken, the home zone."""

    name_moment: Moment | None
    modified_at: float | None
    position: tuple[float, float] | None
    home_zone: str
    now: datetime
    duration: float = 0.0  # seconds, of a video


def choose(layers: Sequence[Layer], around: Surroundings) -> Taken:
    """The time to believe. It is doubtful if a better one is impossible or may come from an unset clock.

    A time from a possibly unset clock still precedes the time of a change or of the file.
    """
    by_source = {layer.source: layer for layer in layers}
    candidates = _candidates(by_source, around)
    later = _from_file(by_source, around)
    taken = Taken()
    believed, doubted = [], []
    for moment in [*candidates, *later]:
        impossible = instants.impossible(moment.wall, around.now) if moment.wall else "no date"
        reason = impossible or instants.unset(moment)
        if reason is None:
            believed.append(moment)
        elif not impossible:
            doubted.append(moment)
        if reason and not believed:
            taken.doubtful = True
            taken.notes.append(f"{moment.source}: {reason}")
    better = [moment for moment in believed if moment in candidates or moment is around.name_moment]
    usable = (better or doubted + believed) if doubted else believed
    if not usable:
        return taken
    moment = _most_precise(usable)
    taken.source, taken.precision = moment.source, moment.precision
    if taken.doubtful:
        taken.alternatives = _alternatives([*candidates, *later], moment)
    gps = _gps_instant(by_source)
    if moment.local is None:
        taken.by_instant = True
        _place_instant(moment, believed, around, taken)
    else:
        _place_wall_clock(moment, believed, gps, around, taken)
    return taken


def _alternatives(moments: Iterable[Moment], chosen: Moment) -> list[dict[str, str]]:
    """The other dates, each once, for somebody who knows better."""
    told = {m.wall.replace(microsecond=0): m.source for m in moments if m.wall and m.wall != chosen.wall}
    return [{"source": source, "local": wall.isoformat()} for wall, source in told.items()][:MAX_ALTERNATIVES]


def _candidates(layers: dict[str, Layer], around: Surroundings) -> list[Moment]:
    told = [_not_wall(m, around) for source in ORDER if source in layers for m in layers[source].moments]
    container = [m for m in told if m.source == "container"]
    # digiKam writes a video's UTC time into the sidecar as if it were local time.
    copies = [m for m in told if m.source == "sidecar" and m.offset is None and any(_copied(m, c) for c in container)]
    candidates = sorted((m for m in told if m not in copies), key=_rank)
    name = around.name_moment
    if name and candidates and _rank(candidates[0]) == WRITTEN and _is_earlier(name, candidates[0]):
        candidates.insert(0, name)  # for example a digitised tape, or a video encoded again
    gps = _gps_instant(layers)
    if gps:
        # A last change at the time of the GPS fix is the shot itself.
        changed = (layer.modified for layer in layers.values() if layer.modified)
        shot = (m for m in changed if m.local and instants.offset_from_gps(m.local, gps) is not None)
        candidates += [*shot, Moment("gps", instant=gps)]
    takeout = layers["takeout"].moments if "takeout" in layers else []
    first = candidates[0] if candidates else None
    edited = first and takeout and first.precise and _apart(first, takeout[0]) > ANOTHER
    return [*takeout, *candidates] if edited else [*candidates, *takeout]


def _not_wall(moment: Moment, around: Surroundings) -> Moment:
    """A camera that writes local time into videos wrote UTC if the file's name has another local time."""
    if moment.source != "container" or moment.local is None or moment.offset is not None or not moment.precise:
        return moment
    utc = Moment("container", instant=moment.local.replace(tzinfo=UTC))
    return utc if _offset_from_name(utc, around) else moment


def _rank(moment: Moment) -> int:
    """Sources for when it was taken precede those for when it was scanned or written to a file."""
    written = moment.source == "container" and (moment.local is None or not moment.precise)
    if not moment.digitized and not written:
        return 0
    if moment.source == "sidecar":
        return 1
    return 3 if moment.digitized else WRITTEN


def _from_file(layers: dict[str, Layer], around: Surroundings) -> list[Moment]:
    """The last resorts: the file's name, the tag of the last change, the file's own time."""
    name = [around.name_moment] if around.name_moment else []
    changed = [m for source in ("exif", "xmp", "sidecar") if source in layers and (m := layers[source].modified)]
    # A change comes after the shot: if the name has a later day, it is the name of a copy.
    if name and changed and name[0].wall and changed[0].wall and name[0].wall.date() > changed[0].wall.date():
        found = [*changed, *name]
    else:
        found = [*name, *changed]
    if around.modified_at is not None:
        with suppress(ValueError, OverflowError, OSError):  # a file system's time may be outside the range of dates
            found.append(Moment("file", instant=datetime.fromtimestamp(around.modified_at, UTC)))
    return found


def _gps_instant(layers: dict[str, Layer]) -> datetime | None:
    told = (layers[source].gps_instant for source in GPS_ORDER if source in layers)
    return next((instant for instant in told if instant and instant > instants.GPS_EPOCH), None)


def _copied(moment: Moment, original: Moment) -> bool:
    return original.local is None and _apart(moment, original) < timedelta(seconds=1)


def _is_earlier(name: Moment, other: Moment) -> bool:
    return bool(name.wall and other.wall and other.wall - name.wall > ANOTHER)


def _apart(one: Moment, other: Moment) -> timedelta:
    return abs(one.wall - other.wall) if one.wall and other.wall else timedelta()


def _most_precise(believed: Sequence[Moment]) -> Moment:
    """The first time, or a more precise version of the same one.

    For a day, the file's own time is more precise; for the year of a scan it would match by chance.
    """
    best = believed[0]
    if not best.precise:
        others = (
            believed if best.precision == "day" else [m for m in believed if not m.digitized and m.source != "file"]
        )
        best = next((m for m in others if m.precise and _agrees(m, best)), best)
    if best.local is not None and not best.local.microsecond:
        best = next((m for m in believed if _same_second(m, best) and m.local and m.local.microsecond), best)
    return best


def _agrees(one: Moment, other: Moment) -> bool:
    """Whether both are equal in what the other, less precise one says."""
    form = SHARED[other.precision]
    return bool(one.wall and other.wall and f"{one.wall:{form}}" == f"{other.wall:{form}}")


def _same_second(one: Moment, other: Moment) -> bool:
    if one.local is None or other.local is None:
        return False
    return one.local.replace(microsecond=0) == other.local.replace(microsecond=0)


def _place_wall_clock(
    moment: Moment, believed: Iterable[Moment], gps: datetime | None, around: Surroundings, taken: Taken
) -> None:
    """Find the offset of a local time: from its own tag, its twins, GPS time, the position's zone, Takeout, home."""
    assert moment.local is not None
    local = taken.local = moment.local
    twins = [m for m in believed if m.offset is not None and _same_second(m, moment)]
    takeout = next((m.instant for m in believed if m.source == "takeout"), None)
    for source, offset in (
        (moment.source, moment.offset),
        # `Z` on a twin is more often carelessness than UTC, so it counts only if nothing better is known.
        *((m.source, m.offset) for m in twins if m.offset),
        _offset_there(local, gps if moment.precise else None, around),
        ("takeout", (instants.offset_from_gps(local, takeout) if takeout and moment.precise else None) or None),
        *((m.source, m.offset) for m in twins),
        ("home", zones.offset_of(local, around.home_zone)),
        ("home", 0),
    ):
        if offset is not None:
            taken.offset, taken.offset_source = offset, source
            break
    taken.at = _utc(local, taken.offset or 0)


def _place_instant(moment: Moment, believed: Iterable[Moment], around: Surroundings, taken: Taken) -> None:
    """Find the local time of a UTC time: by another tag, the file's name, the position's zone, or at home."""
    assert moment.instant is not None
    taken.at = moment.instant
    twins = (m for m in believed if m.offset and m.instant and abs(m.instant - moment.instant) < timedelta(seconds=1))
    twin, offset = next(twins, None), _offset_from_name(moment, around)
    if twin:
        offset, taken.offset_source = twin.offset or 0, twin.source
    elif offset is not None:
        taken.offset_source = "filename"
    else:
        zone = zones.zone_at(*around.position) if around.position else None
        taken.offset_source = "zone" if zone else "home"
        local = zones.local_in(moment.instant, zone or around.home_zone) or moment.instant.replace(tzinfo=None)
        offset = round((local - moment.instant.replace(tzinfo=None)) / timedelta(minutes=1))
    taken.offset = offset
    taken.local = (moment.instant + timedelta(minutes=offset)).replace(tzinfo=None)


def _offset_from_name(moment: Moment, around: Surroundings) -> int | None:
    """The offset between a video's UTC time and the local time in its name.

    The name has the start; the container's time is the start or the end, depending on the maker.
    """
    name = around.name_moment
    if moment.source != "container" or name is None or name.local is None or not name.precise or not moment.instant:
        return None
    for lag in (0.0, around.duration):
        offset = instants.offset_from_gps(name.local + timedelta(seconds=lag), moment.instant)
        if offset is not None:
            return offset
    return None


def _offset_there(local: datetime, gps: datetime | None, around: Surroundings) -> tuple[str, int | None]:
    """The offset by GPS time and by the zone of the position.

    If they differ, the clock was set to another zone, or to summer time out of season. A clock up to three hours ahead
    of the zone is right: a receiver that has lost the satellites keeps reporting its last fix.
    """
    told = instants.offset_from_gps(local, gps) if gps else None
    zone = _zone_offset(local, around)
    if told is None or zone is None:
        return ("zone", zone) if told is None else ("gps", told)
    seasons = {_zone_offset(local.replace(month=month, day=1), around) for month in (1, 7)}
    stale = 0 < told - zone <= STALE_FIX and told not in seasons
    return ("zone", zone) if stale else ("gps", told)


def _zone_offset(local: datetime, around: Surroundings) -> int | None:
    zone = zones.zone_at(*around.position) if around.position else None
    return zones.offset_of(local, zone) if zone else None


def _utc(local: datetime, offset: int) -> datetime | None:
    try:
        return (local - timedelta(minutes=offset)).replace(tzinfo=UTC)
    except OverflowError:
        return None
