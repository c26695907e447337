"""Editing the date, place and texts of one photo or thousands, with preview and undo.

    change = edits.shift_time(timedelta(hours=1, minutes=7))
    bulk.preview(edits.of_camera(photo), change)
    activity = bulk.make(owner, edits.of_camera(photo), change, by)
    undoing.undo(activity, by)

An edit is a PhotoEdit row, which always wins over the files, and the columns that follow from it
(photos/editing/columns.py). Originals stay as they are. Keywords are tags: tags/keywords.py has their changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from media.metadata import zones
from media.metadata.orientations import together
from media.sandbox import shared
from media.text import clean
from mirage.refusals import NotPossible
from mirage.wording import number_in_words
from photos import pipeline
from photos.editing import renditions, turning
from photos.editing.bulk import Change, Difference, Entry
from photos.editing.columns import as_json, changed_by, columns_of
from photos.editing.edit_rows import Told, photos_to_edit, write_columns, write_edits
from photos.models import Photo, PhotoEdit, PhotoQuerySet

WORDS = ("title", "description", "rating", "label", "author", "copyright")
FIELDS = ("taken", "position", *WORDS)
RESETTABLE = (*FIELDS, "turn", "picture_edit")
MAX_OFFSET = 14 * 60  # minutes


class InvalidEdit(NotPossible):
    """A value that is not valid."""


# --- making changes ---------------------------------------------------------------------------------------------------


def set_time(local: datetime, offset: int | None = None, precision: str = Photo.Precision.TIME) -> "SetTime":
    """Set the local time and its offset in minutes east of UTC. Without an offset each photo keeps its own.

    `precision` says how much of the date is known.
    """
    if precision not in Photo.Precision.values:
        raise InvalidEdit(_("Say whether the year, the month, the day or the time is known."))
    if not 2 <= local.year <= 9998:
        raise InvalidEdit(_("The year must be between 2 and 9998."))
    if offset is not None and abs(offset) > MAX_OFFSET:
        raise InvalidEdit(_("No time zone is more than 14 hours from UTC."))
    return SetTime(beginning(local.replace(tzinfo=None), precision).isoformat(), offset, precision)


def beginning(local: datetime, precision: str) -> datetime:
    """The start of the year, month or day. For a known time, the time itself."""
    if precision == Photo.Precision.TIME:
        return local
    month = 1 if precision == Photo.Precision.YEAR else local.month
    return datetime(local.year, month, local.day if precision == Photo.Precision.DAY else 1)


def shift_time(by: timedelta) -> "ShiftTime":
    """Shift the local time, for a camera whose clock was wrong. Time zones stay."""
    if not by or abs(by) > timedelta(days=200 * 366):
        raise InvalidEdit(_("Say by how much, up to two hundred years."))
    return ShiftTime(by.total_seconds())


def set_zone(zone: str, *, keep: str = "wall") -> "SetZone":
    """Set the zone (Europe/Lisbon or +05:30), and keep the local time (`keep="wall"`) or the instant ("instant")."""
    if keep not in ("wall", "instant"):
        raise InvalidEdit(_("Keep either the local time or the instant."))
    if offset_in(zone, datetime(2000, 1, 1)) is None:
        raise InvalidEdit(_("%(zone)s is not a time zone.") % {"zone": zone})
    return SetZone(zone, keep)


def set_place(latitude: float, longitude: float) -> "SetFields":
    """Set a position in degrees, without an altitude. The place's names and its time zone follow from it."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidEdit(_("Latitudes range from -90 to 90, longitudes from -180 to 180."))
    names = shared().call("media.metadata.places:name_position", latitude, longitude)
    position = {"latitude": latitude, "longitude": longitude, "altitude": None, **names}
    return SetFields({"position": position})


def clear_place() -> "SetFields":
    """Remove the position, whatever the files say."""
    return SetFields({"position": None})


def set_words(**words: Any) -> "SetFields":
    """Set some of `title`, `description`, `rating` (0 to 5, -1 rejected, None), `label`, `author`, `copyright`."""
    for name, value in words.items():
        if name not in WORDS:
            raise InvalidEdit(_("%(field)s cannot be edited.") % {"field": name})
        if name == "rating":
            if value is not None and (not isinstance(value, int) or not -1 <= value <= 5):
                raise InvalidEdit(_("A rating is 0 to 5, or -1 for rejected."))
            continue
        limit = getattr(Photo._meta.get_field(name), "max_length", None)
        words[name] = clean(value) if isinstance(value, str) else value
        if not isinstance(value, str) or (limit and len(words[name]) > limit):
            raise InvalidEdit(not_a_text(name, limit))
    return SetFields(words)


def not_a_text(field: str, limit: int | None) -> str:
    """That the field takes a text only, or a shorter one."""
    if not limit:
        return _("The description must be a text.") if field == "description" else _("This must be a text.")
    words = {
        "title": _("The title must be a text of at most %(limit)s characters."),
        "label": _("The label must be a text of at most %(limit)s characters."),
        "author": _("The author must be a text of at most %(limit)s characters."),
        "copyright": _("The copyright must be a text of at most %(limit)s characters."),
    }
    return words.get(field, _("The text must have at most %(limit)s characters.")) % {"limit": limit}


def turn(way: str) -> "Turn":
    """Turn pictures `left` or `right` by a quarter, `round` by half, or `mirror` them. Originals stay as they are."""
    if way not in turning.WAYS:
        raise InvalidEdit(_("Say which way to turn: left, right, round or mirror."))
    return Turn(turning.WAYS[way])


def copy_from(photo: Photo, fields: Iterable[str] = FIELDS) -> "SetFields":
    """Set these fields to the values of this photo."""
    values: dict[str, Any] = {}
    for field in fields:
        if field == "taken":
            values[field] = taken_edit(wall(photo), photo.taken_offset, photo.taken_precision)
        elif field == "position":
            position = {name: getattr(photo, name) for name in columns_of("position")}
            edited = photo.edits.filter(field="position").values_list("value", flat=True).first() or {}
            values[field] = None if photo.latitude is None else {**position, "zone": edited.get("zone")}
        elif field in WORDS:
            values[field] = getattr(photo, field)
        else:
            raise InvalidEdit(_("%(field)s cannot be copied.") % {"field": field})
    return SetFields(values)


def reset(fields: Iterable[str] = FIELDS) -> "ResetFields":
    """Reset these fields to what the files say."""
    unknown = [field for field in fields if field not in RESETTABLE]
    if unknown:
        raise InvalidEdit(_("%(field)s cannot be reset.") % {"field": unknown[0]})
    return ResetFields(list(fields))


def of_camera(photo: Photo) -> PhotoQuerySet:
    """All photos of the same owner with the same camera, or without a known camera if this photo has none."""
    return Photo.objects.filter(owner=photo.owner_id, camera_make=photo.camera_make, camera_model=photo.camera_model)


def edited_fields(photo: Photo) -> dict[str, datetime]:
    """The fields that the owner has edited, and when. They can be reset."""
    return dict(photo.edits.standing().values_list("field", "at"))


# --- the changes ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit(Change):
    """A change of PhotoEdit rows."""

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        """The edits to set, by field."""
        return {}

    def unwanted(self) -> Sequence[str]:
        """The fields whose edits to remove."""
        return ()

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        return [
            Difference(photo.pk, {name: (getattr(photo, name), value) for name, value in columns.items()})
            for photo, _, _, columns in self.plan(photos_to_edit(photo_ids))
        ]

    def plan(self, photos: Sequence[tuple[Photo, Told]]) -> list[tuple[Photo, Told, dict[str, Any], dict[str, Any]]]:
        """For each photo that would change: the photo, what is told about it, the edits to set, and new columns."""
        plans = []
        for photo, told in photos:
            wanted = self.wanted(photo, told)
            after = {field: value for field, value in told.edits.items() if field not in self.unwanted()} | wanted
            touched = changed_by([*wanted, *self.unwanted()])
            columns = {
                name: value
                for name, value in told.columns(after).items()
                if name in touched and getattr(photo, name) != value
            }
            if columns or any(field in told.edits for field in self.unwanted()):
                plans.append((photo, told, wanted, columns))
        return plans

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        plans = self.plan(photos_to_edit(photo_ids, lock=True))
        entries: list[Entry] = []
        rows, removed = [], []
        for photo, told, wanted, columns in plans:
            names = [*wanted, *(field for field in self.unwanted() if field in told.edits)]
            before = {field: as_it_was(told.rows.get(field)) for field in names}
            # If the files could not be read, nothing else knows the columns' old values.
            held = 0 if told.fields else {name: as_json(getattr(photo, name)) for name in columns}
            entries.append([photo.pk, before, held])
            rows += [
                PhotoEdit(photo=photo, field=field, value=value, by=by, at=stamp) for field, value in wanted.items()
            ]
            removed.append(photo.pk)
        if self.unwanted():
            PhotoEdit.objects.filter(photo__in=removed, field__in=self.unwanted()).delete()
        write_edits(rows)
        write_columns({photo: columns for photo, _, _, columns in plans})
        announce([photo.pk for photo, *_ in plans])
        return entries

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        known = {photo.pk: (photo, told) for photo, told in photos_to_edit([entry[0] for entry in entries], lock=True)}
        people = User.objects.in_bulk({row[2] for _, before, _ in entries for row in before.values() if row and row[2]})
        rows: list[PhotoEdit] = []
        removed: dict[str, list[int]] = {}
        changes: dict[Photo, dict[str, Any]] = {}
        kept = 0
        for photo_id, before, held in entries:
            if photo_id not in known:
                continue
            photo, told = known[photo_id]
            # Undo a field only if its edit is still the one that this change set, or still absent if it was reset.
            now = {field: row.at for field, row in told.rows.items()}
            ours = {field for field in before if now.get(field) == (None if field in self.unwanted() else stamp)}
            kept += len(ours) < len(before)
            after = {field: value for field, value in told.edits.items() if field not in ours}
            after |= {field: before[field][0] for field in ours if before[field]}
            for field in ours:
                if before[field]:
                    value, at, by = before[field]
                    at = datetime.fromisoformat(at)
                    rows.append(PhotoEdit(photo=photo, field=field, value=value, at=at, by=people.get(by)))
                else:
                    removed.setdefault(field, []).append(photo_id)
            touched = changed_by(ours)
            columns = told.columns(after)
            if held:
                columns = {name: from_json(name, value) for name, value in held.items()} | columns
            changes[photo] = {
                name: columns[name] for name in touched if name in columns and getattr(photo, name) != columns[name]
            }
        for field, ids in removed.items():
            PhotoEdit.objects.filter(field=field, photo__in=ids).delete()
        write_edits(rows)
        write_columns(changes)
        announce([photo.pk for photo in changes])
        return kept


def as_it_was(row: PhotoEdit | None) -> list[Any] | int:
    """What undo needs to know about an edit. 0 if there was none."""
    return [row.value, row.at.isoformat(), row.by_id] if row else 0


@dataclass(frozen=True)
class SetFields(Edit):
    """Set the same values for all photos, by field."""

    values: dict[str, Any]
    verb: ClassVar[str] = "edited"

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        return self.values


@dataclass(frozen=True)
class SetTime(Edit):
    """Set the same local time for all photos. With `offset` None each photo keeps its own."""

    local: str
    offset: int | None = None
    precision: str = Photo.Precision.TIME
    verb: ClassVar[str] = "edited time"

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        offset = photo.taken_offset if self.offset is None else self.offset
        return {"taken": taken_edit(datetime.fromisoformat(self.local), offset, self.precision)}


@dataclass(frozen=True)
class ShiftTime(Edit):
    """Shift the local time by some seconds."""

    seconds: float
    verb: ClassVar[str] = "shifted time"

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        try:
            local = wall(photo) + timedelta(seconds=self.seconds)
        except OverflowError:
            return {}
        if not 1 < local.year < 9999:
            return {}
        return {"taken": taken_edit(local, photo.taken_offset, photo.taken_precision)}


@dataclass(frozen=True)
class SetZone(Edit):
    """Set the zone, and keep the local time or the instant."""

    zone: str
    keep: str
    verb: ClassVar[str] = "edited time zone"

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        local = wall(photo)
        if self.keep == "instant":
            local = local_in(self.zone, photo.taken_at) or local
        offset = offset_in(self.zone, local)
        return {} if offset is None else {"taken": taken_edit(local, offset, photo.taken_precision)}


@dataclass(frozen=True)
class Turn(Edit):
    """Turn pictures further than they are. `by`: an EXIF orientation. Of a video the turn is a part of its edit."""

    by: int
    verb: ClassVar[str] = "rotated"

    def sentence(self, number: int) -> str:
        words = (
            ngettext("Photo mirrored", "%(number)s photos mirrored", number)
            if self.by == turning.MIRROR
            else ngettext("Photo rotated", "%(number)s photos rotated", number)
        )
        return words % {"number": number_in_words(number)}

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        return renditions.turned_video(photo, self.by) if photo.is_video else {"turn": together(photo.turn, self.by)}


@dataclass(frozen=True)
class ResetFields(Edit):
    """Remove edits, so that the columns have the values of the files again."""

    fields: list[str]
    verb: ClassVar[str] = "reset"

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        turned = photo.is_video and "turn" in self.fields and "picture_edit" not in self.fields
        return renditions.turned_video(photo) if turned else {}

    def unwanted(self) -> Sequence[str]:
        return self.fields


def announce(photo_ids: Sequence[int]) -> None:
    """Write the sidecars again if the setting says so."""
    if settings.MIRAGE_WRITE_SIDECARS != "no":
        pipeline.demand("sidecars", photo_ids)


def taken_edit(local: datetime, offset: int | None, precision: str) -> dict[str, Any]:
    """The value of an edit of `taken`."""
    return {"local": local.isoformat(), "offset": offset, "precision": precision}


def wall(photo: Photo) -> datetime:
    """The local time, naive."""
    return photo.taken_local.replace(tzinfo=None)


def offset_in(zone: str, local: datetime) -> int | None:
    """Minutes east of UTC in a zone (a name or +05:30) at a local time. None if there is no such zone."""
    if zone[:1] in ("+", "-"):
        hours, _, minutes = zone[1:].partition(":")
        if not (hours.isdecimal() and (minutes or "0").isdecimal()):
            return None
        offset = int(hours) * 60 + int(minutes or 0)
        return None if offset > MAX_OFFSET else -offset if zone[0] == "-" else offset
    return zones.offset_of(local, zone)


def local_in(zone: str, instant: datetime) -> datetime | None:
    """The local time in a zone at an instant, naive."""
    if zone[:1] in ("+", "-"):
        return instant.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=offset_in(zone, instant) or 0)
    return zones.local_in(instant, zone)


def from_json(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in ("taken_at", "taken_local") and value else value
