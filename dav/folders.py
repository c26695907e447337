"""Folders and files below `Upload/`: making, moving, copying and deleting them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import PurePath

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from dav import trashing
from dav.access import entries_of, entry_at, inside, with_photos
from dav.models import Entry, SmallFile
from dav.protocol.paths import Segments, key
from dav.protocol.refusals import Refusal, not_found
from media.sentences import english
from photos.gallery.stacking import live, phone_edits, stacks
from photos.models import Photo

MOST_COPIED = 10_000
BATCH = 500


def folder_at(user: User, names: Segments) -> Entry | None:
    """The folder at this path; None for `Upload/` itself. Raises Refusal (409) if there is none."""
    if not names:
        return None
    folder = entry_at(user, names)
    if folder is None or not folder.is_folder:
        raise Refusal(409, english("The folder does not exist. Make it first."))
    return folder


def make(user: User, names: Segments) -> Entry:
    """Make a folder. Raises Refusal if something is there, or its own folder is not."""
    parent = folder_at(user, names[:-1])
    try:
        with transaction.atomic():
            made = Entry.objects.create(
                owner=user, parent=parent, name=names[-1], name_key=key(names[-1]), is_folder=True
            )
    except IntegrityError as error:
        raise Refusal(405, english("There is something of this name already.")) from error
    touch(made.parent)
    return made


def make_all(user: User, names: Segments) -> Entry | None:
    """The folder at this path, made with those above it where they are missing. Raises Refusal."""
    for depth in range(1, len(names) + 1):
        if entry_at(user, names[:depth]) is None:
            with suppress(Refusal):  # another file of this folder came first
                make(user, names[:depth])
    return folder_at(user, names)


def touch(folder: Entry | None) -> None:
    """Record that something changed in the folder, and so in those above it."""
    above, chain = folder, []
    while above is not None:
        chain.append(above.pk)
        above = above.parent if above.parent_id else None
    Entry.objects.filter(pk__in=chain).update(changed_at=timezone.now())


def below(user: User, entry: Entry) -> Iterator[Entry]:
    """All that is in a folder, level by level."""
    level = [entry.pk] if entry.is_folder else []
    while level:
        following: list[int] = []
        for first in range(0, len(level), BATCH):
            for child in entries_of(user).filter(parent__in=level[first : first + BATCH]):
                yield child
                if child.is_folder:
                    following.append(child.pk)
        level = following


# --- deleting ---------------------------------------------------------------------------------------------------------


def holds_photos(user: User, entry: Entry) -> bool:
    """Whether deleting this moves photos to the trash."""
    return bool(brought_by(user, [entry, *below(user, entry)]))


def brought_by(user: User, entries: Sequence[Entry]) -> list[int]:
    """The ids of the photos in the library only through these files."""
    ids = {entry.photo_id for entry in entries if entry.brought and entry.photo_id}
    gone = {entry.pk for entry in entries}
    kept: set[int | None] = set()
    for some in batches(sorted(ids)):
        rows = entries_of(user).filter(photo__in=some).values_list("pk", "photo_id")
        kept.update(photo for pk, photo in rows if pk not in gone)
    return [photo for photo in ids if photo not in kept]


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), BATCH):
        yield ids[first : first + BATCH]


def delete(user: User, entry: Entry) -> None:
    """Delete a file or a folder with all that is in it. Photos that came by these files alone go to the trash."""
    gone = [entry, *below(user, entry)]
    hand_on(user, gone)
    trashing.move_to_trash(user, brought_by(user, gone))
    parent = entry.parent
    for some in batches([one.pk for one in reversed(gone)]):
        entries_of(user).filter(pk__in=some).delete()
    touch(parent)


def hand_on(user: User, gone: Sequence[Entry]) -> None:
    """Another file of the same photo counts as the one that brought it, once the first is deleted."""
    photos = sorted({one.photo_id for one in gone if one.brought and one.photo_id})
    for some in batches(photos):
        others = entries_of(user).filter(photo__in=some).exclude(pk__in=[one.pk for one in gone[:BATCH]])
        others.filter(brought=False).update(brought=True)


# --- moving and copying -----------------------------------------------------------------------------------------------


def clear_way(user: User, source: Entry, names: Segments, *, overwrite: bool) -> tuple[Entry | None, bool]:
    """The folder that the source goes to, after what is at its place was deleted, and whether something was there.

    Raises Refusal.
    """
    parent = folder_at(user, names[:-1])
    target = entry_at(user, names)
    above: Entry | None = parent
    while above is not None:
        if above.pk == source.pk:
            raise Refusal(403, english("A folder cannot be put into itself."))
        above = above.parent
    if target is None:
        return parent, False
    if target.pk == source.pk:
        raise Refusal(403, english("Source and destination are the same."))
    if not overwrite:
        raise Refusal(412, english("There is something of this name already."))
    if replaces(source, target):
        entries_of(user).filter(pk=target.pk).delete()
    else:
        delete(user, target)
    return parent, True


def replaces(source: Entry, target: Entry) -> bool:
    """Whether a file takes the place of another: then the photo of the other stays in the library."""
    return not source.is_folder and not target.is_folder


def move(user: User, source: Entry, names: Segments, *, overwrite: bool) -> bool:
    """Move or rename. Returns whether something was at the destination. Raises Refusal."""
    was_there = entry_at(user, names)
    if was_there is not None and was_there.pk == source.pk and source.name != names[-1]:
        parent, replaced = source.parent, False  # only the encoding of accents changes
    else:
        parent, replaced = clear_way(user, source, names, overwrite=overwrite)
    before, before_parent = source.name, source.parent
    source.parent, source.name, source.name_key = parent, names[-1], key(names[-1])
    source.save(update_fields=["parent", "name", "name_key", "start"])
    touch(before_parent)
    touch(parent)
    rename_photo(source, before)
    return replaced


def rename_photo(entry: Entry, before: str) -> None:
    """A program that sends a file under another name first renames its photo too, unless the name came otherwise."""
    photo = entry.photo
    if photo is None or not entry.brought or entry.name == before or photo.original_name != PurePath(before).name:
        return
    Photo.objects.filter(pk=photo.pk).update(original_name=entry.name)
    photo.refresh_from_db()
    phone_edits.join(photo)
    live.pair(photo)
    stacks.stack([photo.pk])


def copy(user: User, source: Entry, names: Segments, *, overwrite: bool, deep: bool) -> bool:
    """Copy. Photos are not doubled: both files are the same photo. Returns whether something was there."""
    children = list(below(user, source)) if deep else []
    if len(children) > MOST_COPIED:
        raise Refusal(507, english("At most %(most)s files can be copied at once.", most=f"{MOST_COPIED:,}"))
    parent, replaced = clear_way(user, source, names, overwrite=overwrite)
    with transaction.atomic():
        made = {source.pk: copy_one(source, parent, names[-1])}
        for child in children:
            made[child.pk] = copy_one(child, made[child.parent_id or 0], child.name)
    touch(parent)
    return replaced


def copy_one(source: Entry, parent: Entry | None, name: str) -> Entry:
    """A new row for the same content."""
    fields = ("owner_id", "is_folder", "photo_id", "sha256", "size", "modified_at", "properties")
    same = {field: getattr(source, field) for field in fields}
    made = Entry.objects.create(parent=parent, name=name, name_key=key(name), **same)
    if small := SmallFile.objects.filter(entry=source).first():
        SmallFile.objects.create(entry=made, content=small.content)
    return made


def existing(user: User, names: Segments, *, with_photo: bool = False) -> Entry:
    """What is at this path. Raises Refusal (404)."""
    if (entry := entry_at(user, names, with_photo=with_photo)) is None:
        raise not_found()
    return entry


def children(user: User, folder: Entry | None) -> QuerySet[Entry]:
    """What is in a folder, by name."""
    return with_photos(inside(user, folder)).order_by("name_key")
