"""When a photo was taken: the best moment of all layers, and the time zone of its wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from media.metadata import instants, zones
from media.metadata.fields import Layer, Moment

ORDER = ("sidecar", "exif", "maker", "container", "xmp", "iptc", "png", "exiftool")
GPS_ORDER = ("exif", "xmp", "sidecar")
TAKEOUT_EDIT = timedelta(hours=26)  # further apart than time zones and day-light saving explain: corrected by hand


@dataclass
class Taken:
    """The answer: instant, wall clock, offset in minutes, where they come from, and what is to be said about it."""

    at: datetime | None = None
    local: datetime | None = None
    offset: int | None = None
    source: str | None = None
    offset_source: str | None = None  # exif, gps, zone, home, …
    by_instant: bool = False  # an instant was told and the wall clock concluded, not the other way round
    doubtful: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """What is known beside the layers: name and age of the file, where it was taken, where home is."""

    name_moment: Moment | None
    modified_at: float | None
    position: tuple[float, float] | None
    home_zone: str
    now: datetime
    duration: float = 0.0  # seconds, of a video


def choose(layers: Sequence[Layer], around: Surroundings) -> Taken:
    """The moment to believe; one that cannot be true makes the answer doubtful and the next best is taken."""
    by_source = {layer.source: layer for layer in layers}
    candidates = _candidates(by_source, around)
    taken = Taken()
    believed = []
    for moment in candidates:
        reason = instants.doubt(moment.wall, around.now) if moment.wall else "no date"
        if reason is None:
            believed.append(moment)
        elif not believed:
            taken.doubtful = True
            taken.notes.append(f"{moment.source}: {reason}")
    if not believed:
        return taken
    moment = _most_precise(believed)
    taken.source = moment.source
    gps = _gps_instant(by_source)
    if moment.local is None:
        taken.by_instant = True
        _place_instant(moment, believed, around, taken)
    else:
        _place_wall_clock(moment, believed, gps, around, taken)
    return taken


def _candidates(layers: dict[str, Layer], around: Surroundings) -> list[Moment]:
    told = [moment for source in ORDER if source in layers for moment in layers[source].moments]
    # What says when it was taken comes before what says when it was scanned or written to a file.
    container = [m for m in told if m.source == "container"]
    # digiKam writes a video's UTC time into the sidecar as if it were the wall clock.
    copies = [m for m in told if m.source == "sidecar" and m.offset is None and any(_copied(m, c) for c in container)]
    candidates = [m for m in told if m.source == "sidecar" and m not in copies]
    candidates += [m for m in told if m.source != "sidecar" and not m.digitized]
    candidates += [m for m in told if m.source != "sidecar" and m.digitized]
    gps = _gps_instant(layers)
    if gps:
        # A last change at the time of the GPS fix is the shot itself.
        changed = (layer.modified for layer in layers.values() if layer.modified)
        shot = (m for m in changed if m.local and instants.offset_from_gps(m.local, gps) is not None)
        candidates += [*shot, Moment("gps", instant=gps)]
    takeout = layers["takeout"].moments if "takeout" in layers else []
    edited = candidates and takeout and _apart(candidates[0], takeout[0]) > TAKEOUT_EDIT
    candidates = [*takeout, *candidates] if edited else [*candidates, *takeout]
    candidates += _from_file(layers, around)
    return candidates


def _from_file(layers: dict[str, Layer], around: Surroundings) -> list[Moment]:
    """The last resorts: the file's name, the last change that a tag tells, the file's own time."""
    name = [around.name_moment] if around.name_moment else []
    changed = [m for source in ("exif", "xmp", "sidecar") if source in layers and (m := layers[source].modified)]
    # A change comes after the shot: where the name tells a later day, the name is of a copy.
    if name and changed and name[0].wall and changed[0].wall and name[0].wall.date() > changed[0].wall.date():
        found = [*changed, *name]
    else:
        found = [*name, *changed]
    if around.modified_at is not None:
        with suppress(ValueError, OverflowError, OSError):  # a file system's time may lie beyond what a date can hold
            found.append(Moment("file", instant=datetime.fromtimestamp(around.modified_at, UTC)))
    return found


def _gps_instant(layers: dict[str, Layer]) -> datetime | None:
    told = (layers[source].gps_instant for source in GPS_ORDER if source in layers)
    return next((instant for instant in told if instant and instant > instants.GPS_EPOCH), None)


def _copied(moment: Moment, original: Moment) -> bool:
    return original.local is None and _apart(moment, original) < timedelta(seconds=1)


def _apart(one: Moment, other: Moment) -> timedelta:
    return abs(one.wall - other.wall) if one.wall and other.wall else timedelta()


def _most_precise(believed: Sequence[Moment]) -> Moment:
    """The first moment, or another telling of the same one that says more."""
    best = believed[0]
    if not best.precise:
        same_day = (m for m in believed if m.precise and m.wall and best.wall and m.wall.date() == best.wall.date())
        best = next(same_day, best)
    if best.local is not None and not best.local.microsecond:
        best = next((m for m in believed if _same_second(m, best) and m.local and m.local.microsecond), best)
    return best


def _same_second(one: Moment, other: Moment) -> bool:
    if one.local is None or other.local is None:
        return False
    return one.local.replace(microsecond=0) == other.local.replace(microsecond=0)


def _place_wall_clock(
    moment: Moment, believed: Iterable[Moment], gps: datetime | None, around: Surroundings, taken: Taken
) -> None:
    """Find the offset of a wall clock: from its own tag, its twins, GPS time, the position's zone, Takeout, home."""
    assert moment.local is not None
    local = taken.local = moment.local
    twins = [m for m in believed if m.offset is not None and _same_second(m, moment)]
    takeout = next((m.instant for m in believed if m.source == "takeout"), None)
    for source, offset in (
        (moment.source, moment.offset),
        # `Z` on a twin is more often carelessness than UTC, so it counts only where nothing better is known.
        *((m.source, m.offset) for m in twins if m.offset),
        ("gps", instants.offset_from_gps(local, gps) if gps and moment.precise else None),
        ("zone", _zone_offset(local, around)),
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
    """Find the wall clock of an instant: by another tag of it, the file's name, the position's zone, or at home."""
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
    """The offset between a video's UTC time and the wall clock in its name.

    The name tells the start; the container's time is the start or the end, depending on the maker.
    """
    name = around.name_moment
    if moment.source != "container" or name is None or name.local is None or not name.precise or not moment.instant:
        return None
    for lag in (0.0, around.duration):
        offset = instants.offset_from_gps(name.local + timedelta(seconds=lag), moment.instant)
        if offset is not None:
            return offset
    return None


def _zone_offset(local: datetime, around: Surroundings) -> int | None:
    zone = zones.zone_at(*around.position) if around.position else None
    return zones.offset_of(local, zone) if zone else None


def _utc(local: datetime, offset: int) -> datetime | None:
    try:
        return (local - timedelta(minutes=offset)).replace(tzinfo=UTC)
    except OverflowError:
        return None
