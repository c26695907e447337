"""Titles, descriptions, ratings, hearts, archive, trash and tags: what is missing here comes, what is here stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from media.editing import description
from photos.editing.edit_rows import Told, photos_to_edit
from photos.editing.edits import Edit
from photos.editing.picture_edits import SetPicture
from photos.models import Photo, RawMetadata
from switching.writing.wishes import PhotoWish, tag_token
from tags.keywords import OWNER, States, TagsChange, known_tags, states_of
from tags.models import Tag, TagAlias

NEW = 0  # instead of a tag's id


@dataclass(frozen=True)
class BringWords(Edit):
    """Sets the values of each photo, by its id as text."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        values = dict(self.values.get(str(photo.pk), {}))
        if "picture_edit" in values:
            values |= SetPicture(values.pop("picture_edit")).wanted(photo, told)  # nothing if it does not fit
        if photo.is_video and "turn" in values:
            edit = description.read(values.get("picture_edit", photo.picture_edit))
            values["picture_edit"] = edit.turned(values.pop("turn")).as_json()
        return values


@dataclass(frozen=True)
class BringTags(TagsChange):
    """Adds tags to each photo, by its id as text."""

    tags: dict[str, list[int]] = field(default_factory=dict)

    def targets(self, owner_id: int, states: States) -> States:
        return {
            photo: {tag: [OWNER, False, None] for tag in self.tags.get(str(photo), ()) if own.get(tag) is None}
            for photo, own in states.items()
        }


@dataclass
class Plan:
    """What comes to each photo, and what stays as the owner has it."""

    words: dict[int, dict[str, Any]] = field(default_factory=dict)
    flags: dict[str, list[int]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=dict)
    kept: int = 0  # values that the owner changed here


def plan(wishes: Sequence[PhotoWish], came: Mapping[int, set[str]], meanings: Mapping[str, int | None]) -> Plan:
    """What is missing here. `came` is what came before, `meanings` are the tags by casefolded path."""
    found = Plan()
    ids = [wish["photo"] for wish in wishes]
    known = {photo.pk: (photo, told) for photo, told in photos_to_edit(ids)}
    files = texts_of_files([wish["photo"] for wish in wishes if "description" in wish["words"]])
    states = states_of([wish["photo"] for wish in wishes if wish["tags"]])
    for wish in wishes:
        photo, told = known.get(wish["photo"], (None, None))
        if photo is None or told is None:
            continue
        before = came.get(photo.pk, set())
        plan_words(found, photo, told, wish["words"], before, files)
        for flag in wish["flags"]:
            there = photo.trashed_at is not None if flag == "trashed" else getattr(photo, flag)
            if not there and flag not in before:
                found.flags.setdefault(flag, []).append(photo.pk)
        held = states.get(photo.pk, {})
        new = [path for path in wish["tags"] if tag_token(path) not in before and is_missing(path, held, meanings)]
        if new:
            found.tags[photo.pk] = new
    return found


def plan_words(
    found: Plan, photo: Photo, told: Told, words: Mapping[str, Any], before: set[str], files: Mapping[int, set[str]]
) -> None:
    """The words that the photo does not have. One that only repeats what its file says is nobody's choice."""
    for name, value in words.items():
        if name in before or getattr(photo, name) == value:
            continue
        # The turn of a video is a part of its picture's edit.
        if name in told.edits or (name == "turn" and photo.is_video and "picture_edit" in told.edits):
            found.kept += 1
        elif not (name == "description" and value in files.get(photo.pk, ())):
            found.words.setdefault(photo.pk, {})[name] = value


def texts_of_files(photo_ids: Sequence[int]) -> dict[int, set[str]]:
    """All texts in the photos' files."""
    rows = RawMetadata.objects.filter(photo__in=photo_ids).values_list("photo_id", "tags")
    return {photo: {str(value).strip() for value in tags.values()} for photo, tags in rows}


def is_missing(path: str, held: Mapping[int, Any], meanings: Mapping[str, int | None]) -> bool:
    """Whether a photo has no row for the tag. One that the owner rejected is not missing, nor a tag they deleted."""
    tag = meanings.get(path.casefold(), NEW)
    return tag is not None and tag not in held


def tag_meanings(owner: User) -> dict[str, int | None]:
    """What paths mean here, casefolded: a tag, or None for one that the owner deleted."""
    aliases = dict(TagAlias.objects.filter(owner=owner).values_list("path", "tag_id"))
    return {**aliases, **{path: tag.pk for path, tag in known_tags(owner.pk).items()}}


# --- doing it ---------------------------------------------------------------------------------------------------------


def do(found: Plan, stamp: datetime, by: User | None, tags: Mapping[str, Tag | None]) -> dict[str, Any]:
    """Do what is planned. `tags` are by casefolded path. Returns what undo needs."""
    words = BringWords(values={str(photo): values for photo, values in found.words.items()})
    tagged = BringTags(
        tags={
            str(photo): [tag.pk for path in paths if (tag := tags.get(path.casefold()))]
            for photo, paths in found.tags.items()
        }
    )
    return {
        "words": words.apply(list(found.words), stamp, by),
        "tags": tagged.apply(list(found.tags), stamp, by),
        "flags": {flag: set_flag(flag, ids, stamp) for flag, ids in found.flags.items()},
    }


def set_flag(flag: str, ids: Sequence[int], stamp: datetime) -> list[int]:
    """Set a flag where it is not set. Returns the photos that it was set on."""
    without: dict[str, Any] = {"trashed_at": None} if flag == "trashed" else {flag: False}
    rows = Photo.objects.filter(pk__in=ids, **without)
    changed = list(rows.values_list("pk", flat=True))
    rows.update(**({"trashed_at": stamp} if flag == "trashed" else {flag: True}))
    return changed


def revert(before: Mapping[str, Any], stamp: datetime) -> int:
    """Undo it, except where it was changed since. Returns how many photos were left."""
    for flag, ids in before["flags"].items():
        rows = Photo.objects.filter(pk__in=ids)
        if flag == "trashed":
            rows.filter(trashed_at=stamp).update(trashed_at=None)
        else:
            rows.update(**{flag: False})
    kept = BringTags().revert(before["tags"], stamp) if before["tags"] else 0
    return kept + (BringWords().revert(before["words"], stamp) if before["words"] else 0)


def tokens(found: Plan) -> dict[int, set[str]]:
    """What the ledger notes for each photo."""
    came: dict[int, set[str]] = {}
    for photo, values in found.words.items():
        came.setdefault(photo, set()).update(values)
    for flag, ids in found.flags.items():
        for photo in ids:
            came.setdefault(photo, set()).add(flag)
    for photo, paths in found.tags.items():
        came.setdefault(photo, set()).update(map(tag_token, paths))
    return came


def remove_unused(tag_ids: Iterable[int]) -> None:
    """Delete these tags again where nothing uses them."""
    for tag in sorted(Tag.objects.filter(pk__in=list(tag_ids)), key=lambda tag: -tag.path.count("/")):
        if not tag.photo_tags.exists() and not tag.children.exists():
            tag.delete()
