"""Importing an export: photos with their JSON, albums, favourites, archive and trash, and edited copies as stacks.

Importing it again, for example after a kill, adds what is missing and changes nothing else.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from albums.models import Album, AlbumItem
from media import names
from media.sentences import english
from photos.ingest import attachments, intake
from photos.ingest.comebacks import Comebacks
from photos.ingest.folders import listed
from photos.models import ImportFailure, Photo, Stack, StageRun
from takeout import google, icloud
from takeout.sources import BadExport, DamagedMember, Member, open_sources

log = logging.getLogger(__name__)

LONG_NAME = 46  # Takeout cuts names to this many characters; the JSON has the whole name
OnFile = Callable[[int, int], None]  # called with the files done and their total


@dataclass(frozen=True)
class Flags:
    """What an export says about a photo."""

    favourite: bool = False
    archived: bool = False
    trashed: bool = False


NO_FLAGS = Flags()


@dataclass
class Report:
    """The result of an import."""

    kind: str = ""
    added: int = 0
    already_there: int = 0
    in_trash: int = 0  # of those already there
    back_from_trash: int = 0
    left_out: dict[str, str] = field(default_factory=dict)  # reasons by ignored file or folder
    skipped: list[str] = field(default_factory=list)  # neither photos nor their descriptions
    failures: dict[str, str] = field(default_factory=dict)
    described: int = 0  # photos with JSON or a line in a list
    undescribed: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)  # descriptions and names in albums without a photo
    albums: dict[str, int] = field(default_factory=dict)  # photos in each
    favourites: int = 0
    archived: int = 0
    trashed: int = 0
    edited: int = 0  # edited copies stacked with their originals
    worth_again: bool = False  # whether another try may import what failed, as with a full disk
    ids: set[int] = field(default_factory=set)  # of all photos whose files were met
    new: dict[int, str] = field(default_factory=dict)  # labels of added files by photo id

    def include_refused(self) -> None:
        """Move added photos that could not be prepared to the failures. Call it after the stages."""
        for run in StageRun.objects.filter(status=StageRun.Status.FAILED).iterator():
            if label := self.new.pop(run.photo_id, None):
                self.added -= 1
                self.failures[label] = run.error

    def as_dict(self) -> dict[str, Any]:
        counts = ("added", "already_there", "in_trash", "back_from_trash", "described", "favourites", "archived")
        lists = {"undescribed": self.undescribed, "unmatched": self.unmatched, "skipped_files": self.skipped}
        return {
            "kind": self.kind,
            **{name: getattr(self, name) for name in (*counts, "trashed", "edited")},
            "skipped": len(self.skipped),
            "left_out": len(self.left_out),
            "failed": len(self.failures),
            "albums": [{"name": name, "photos": count} for name, count in self.albums.items()],
            **{name: list(map(names.shown, files)) for name, files in lists.items()},
            "left_out_files": listed(self.left_out, "file", "reason"),
            "failures": listed(self.failures, "file", "reason"),
        }


@dataclass
class Import:
    """A running import."""

    owner: User
    report: Report
    started: datetime
    comebacks: Comebacks
    ids: dict[str, int] = field(default_factory=dict)  # photo ids by the labels of their files
    described: set[int] = field(default_factory=set)


def import_export(
    owner: User,
    roots: list[Path],
    on_file: OnFile = lambda done, total: None,
    within: Sequence[Path] | None = None,
) -> Report:
    """Import an export of Google Takeout or iCloud from folders and zip files. Raises BadExport.

    With `within`, links that lead out of these folders are left out.
    """
    sources = open_sources(roots, within)
    members = [member for source in sources for member in source.members()]
    with Comebacks(owner) as comebacks:
        under_way = Import(owner, Report(), timezone.now(), comebacks)
        if icloud.is_export(members):
            import_icloud(under_way, icloud.read_export(members), on_file)
        elif google.is_takeout(export := google.read_export(members)):
            import_google(under_way, export, on_file)
        else:
            raise BadExport(
                english(
                    "This is neither a Google Takeout nor an iCloud export. Import other folders as folders of photos."
                )
            )
    for source in sources:
        under_way.report.left_out |= source.left_out
        under_way.report.failures |= source.failures
        under_way.report.worth_again |= bool(source.failures)
    return under_way.report


# --- Google Takeout ---------------------------------------------------------------------------------------------------


def import_google(under_way: Import, export: google.Export, on_file: OnFile) -> None:
    report = under_way.report
    report.kind = "Google Takeout"
    report.failures |= export.unreadable
    report.skipped = [member.label for member in export.other]
    total = sum(len(collection.items) for collection in export.collections)
    known: dict[tuple[str, int | None], int] = {}
    done = 0
    for collection in export.collections:
        for item in collection.items:
            photo_id = import_item(under_way, item, known)
            if photo_id and item.supplement:
                under_way.described.add(photo_id)
                known.setdefault(item.supplement.identity, photo_id)
            done += 1
            on_file(done, total)
    titles: set[str] = set()
    for collection in export.collections:
        finish_collection(under_way, collection, known, titles)
    report.described = len(under_way.described)
    items = (item for collection in export.collections for item in collection.items)
    report.undescribed = undescribed(under_way, (item.member for item in items))


def import_item(under_way: Import, item: google.Item, known: Mapping[tuple[str, int | None], int]) -> int | None:
    """Import a photo with its JSON, unless the same photo already brought its own from another folder."""
    supplement = item.supplement
    if supplement is None:
        return import_member(under_way, item.member)
    return import_member(
        under_way,
        item.member,
        supplement.member,
        met=supplement.identity in known,
        name=whole_name(item.member.name, supplement.title),
        flags=Flags(supplement.favourite, supplement.archived, supplement.trashed),
    )


def whole_name(name: str, title: str) -> str:
    """The name without Takeout's cut."""
    stem, _, extension = name.rpartition(".")
    cut = len(name) > LONG_NAME and title.startswith(stem) and title.lower().endswith(f".{extension.lower()}")
    return title if cut else name


def finish_collection(
    under_way: Import, collection: google.Collection, known: Mapping[tuple[str, int | None], int], titles: set[str]
) -> None:
    """Make a folder's album and stack its edited copies, after its photos were imported."""
    ids = {item.member.name: under_way.ids.get(item.member.label) for item in collection.items}
    under_way.report.edited += stack_edited(under_way.owner, collection.edited, ids)
    present = [photo_id for photo_id in ids.values() if photo_id]
    for supplement in collection.lonely:
        if photo_id := known.get(supplement.identity):
            present.append(photo_id)
        else:
            under_way.report.unmatched.append(supplement.member.label)
    if collection.title is not None and present:
        name = free_name(collection.title, titles)
        under_way.report.albums[name] = fill_album(under_way.owner, name, collection.description, present)


# --- iCloud -----------------------------------------------------------------------------------------------------------


def import_icloud(under_way: Import, export: icloud.Export, on_file: OnFile) -> None:
    report = under_way.report
    report.kind = "iCloud"
    report.skipped = [member.label for member in export.other]
    by_name: dict[str, set[int]] = {}
    for done, member in enumerate(export.media, 1):
        details = export.details.get(member.name)
        if photo_id := import_with_details(under_way, member, details):
            by_name.setdefault(member.name, set()).add(photo_id)
            if details:
                under_way.described.add(photo_id)
        on_file(done, len(export.media))
    single = {name: next(iter(ids)) for name, ids in by_name.items() if len(ids) == 1}
    report.edited += stack_edited(under_way.owner, icloud.edited_pairs(single), single)
    for album in export.albums:
        ids = [under_way.ids[member.label] for member in album.members if member.label in under_way.ids]
        ids += [single[name] for name in album.names if name in single]
        report.unmatched += [f"{album.name}: {name}" for name in album.names if name not in single]
        if ids:
            report.albums[album.name] = fill_album(under_way.owner, album.name, "", ids)
    report.described = len(under_way.described)
    report.undescribed = undescribed(under_way, export.media)


def import_with_details(under_way: Import, member: Member, details: icloud.Details | None) -> int | None:
    if details is None:
        return import_member(under_way, member)
    created = details.created.timestamp() if details.created else None  # the last resort if the file has no date
    flags = Flags(details.favourite, details.hidden, details.deleted)
    return import_member(under_way, member, modified_at=created, flags=flags)


# --- both -------------------------------------------------------------------------------------------------------------


def import_member(
    under_way: Import,
    member: Member,
    sidecar: Member | None = None,
    *,
    met: bool = False,
    name: str = "",
    modified_at: float | None = None,
    flags: Flags = NO_FLAGS,
) -> int | None:
    """Import one file. Returns the photo's id. Failures are in the report and under Needs attention.

    If this import may have `met` the photo before, its JSON is only stored if the photo has none.
    """
    trashed_at = under_way.started if flags.trashed else None
    try:
        with member.staged() as path, sidecar.staged() if sidecar else nullcontext() as beside:
            outcome = intake.ingest(
                under_way.owner,
                path,
                name=name or member.name,
                sidecars=[beside] if beside else [],
                attach=not met,
                modified_at=member.modified_at if modified_at is None else modified_at,
                curation={"favourite": flags.favourite, "archived": flags.archived, "trashed_at": trashed_at},
                ours=member.source.ours,
                comebacks=None if flags.trashed else under_way.comebacks,
            )
            if met and beside and outcome.photo and outcome.photo.pk not in under_way.described:
                attachments.attach(outcome.photo, [beside])
    except (OSError, DamagedMember) as error:
        fail(under_way, member, error)
        return None
    except (OperationalError, InterfaceError):
        raise  # the database is unavailable: not the file's fault
    except Exception as error:  # one file must not end an import of thousands
        log.exception("%s was not imported", names.shown(member.label))
        fail(under_way, member, error)
        return None
    return count(under_way, outcome, member.label, flags)


def fail(under_way: Import, member: Member, error: Exception) -> None:
    """Report, also under Needs attention, that a file was not imported. Damaged ones stay so; others may succeed."""
    reason = f"{type(error).__name__}: {names.shown(str(error))}."
    if isinstance(error, OSError):
        reason = intake.explain(error)
    elif isinstance(error, DamagedMember):
        reason = str(error)
    under_way.report.worth_again |= not isinstance(error, DamagedMember)
    under_way.report.failures[member.label] = reason
    retry = english("%(reason)s Import the export again to retry.", reason=reason)
    intake.record_failure(under_way.owner, Path(member.label), retry, in_place=False)


def count(under_way: Import, outcome: intake.Outcome, label: str, flags: Flags) -> int | None:
    """Report a file that was imported or skipped. Returns the photo's id."""
    photo, report = outcome.photo, under_way.report
    if photo is None:
        report.skipped.append(label)
        return None
    ImportFailure.objects.filter(owner=under_way.owner, path=names.stored(label)[-intake.LONGEST_PATH :]).delete()
    under_way.ids[label] = photo.pk
    report.ids.add(photo.pk)
    if outcome.status is intake.Status.ADDED:
        report.added += 1
        report.new[photo.pk] = label
        report.favourites += flags.favourite
        report.archived += flags.archived
        report.trashed += flags.trashed
        return photo.pk
    if outcome.status is intake.Status.RESTORED:
        report.back_from_trash += 1
    else:
        report.already_there += 1
        report.in_trash += photo.trashed_at is not None
    if flags.favourite and not photo.favourite and photo.files.filter(added_at__gte=under_way.started).exists():
        Photo.objects.filter(pk=photo.pk).update(favourite=True)
        report.favourites += 1
    return photo.pk


def undescribed(under_way: Import, members: Iterable[Member]) -> list[str]:
    """The labels of imported files whose photos the export does not describe."""
    ids = ((member.label, under_way.ids.get(member.label)) for member in members)
    return [label for label, photo_id in ids if photo_id and photo_id not in under_way.described]


def free_name(title: str, taken: set[str]) -> str:
    """The title, with a number if an earlier folder of the export has the same, because these are two albums."""
    name, number = title[:240], 1
    while name in taken:
        number += 1
        name = f"{title[:240]} ({number})"
    taken.add(name)
    return name


def fill_album(owner: User, name: str, description: str, photo_ids: list[int]) -> int:
    """Add the photos to the owner's album with that name, at the end and by time. Returns the album's size."""
    mine = Album.objects.filter(owner=owner, kind=Album.Kind.MANUAL, name=name)
    album = mine.order_by("pk").first()
    if album is None:
        album = Album.objects.create(owner=owner, name=name, description=description)
    there = set(album.items.values_list("photo_id", flat=True))
    missing = Photo.objects.filter(pk__in=set(photo_ids) - there).order_by("taken_local", "pk")
    last = album.items.aggregate(last=Max("position"))["last"] or 0.0
    AlbumItem.objects.bulk_create(
        [
            AlbumItem(album=album, photo=photo, position=last + place, added_by=owner)
            for place, photo in enumerate(missing.only("pk"), 1)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return album.items.count()


def stack_edited(owner: User, pairs: list[tuple[str, str]], ids: Mapping[str, int | None]) -> int:
    """Stack edited copies on their originals if neither is in a stack. Returns how many."""
    count = 0
    for original_name, copy_name in pairs:
        original, copy = ids.get(original_name), ids.get(copy_name)
        if not original or not copy or original == copy:
            continue
        both = Photo.objects.filter(pk__in=[original, copy], stack=None)
        if both.count() == 2:
            stack = Stack.objects.create(owner=owner, kind=Stack.Kind.MANUAL, cover_id=copy)
            both.update(stack=stack)
            count += 1
    return count
