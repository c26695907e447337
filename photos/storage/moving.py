"""Moving the files of one photo within the library, so that a kill at any moment loses nothing.

1. `note`: journal rows say from where to where. 2. `copy`: each file gets its second name, by a link where there are
links. 3. `switch`: one transaction gives the rows their new paths and marks the journal. 4. `finish`: the old names are
removed, and then the journal. Until the switch the old paths count, after it the new ones; `settle` puts away what a
killed move left. Old names stay for a while, for those who read them at that moment.
"""

import errno
import logging
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from media import names
from media.storage_template import free_number, is_at, numbered
from photos.models import FileMove, Photo, PhotoFile
from photos.storage import paths
from photos.storage.recorded import refers

log = logging.getLogger(__name__)

KEPT = timedelta(seconds=10)  # how long an old name stays after the switch
TRIES = 5  # if other files take the new names meanwhile

Left = tuple[FileMove, OSError]


def move(photo: Photo, wanted: str) -> bool:
    """Move the photo's original and sidecars to the wanted path, with a number if it is taken. Whether any moved.

    Raises OSError, and then nothing has changed.
    """
    for _try in range(TRIES):
        steps = note(plan(photo, wanted))
        if not steps:
            return False
        try:
            copy(steps)
            if switch(photo, steps):
                return True
        except FileExistsError:
            pass  # another file took a name; the next plan avoids it
        except BaseException:
            give_up(steps)
            if is_there(photo):
                raise
        give_up(steps)
        if not is_there(photo):
            return False
        photo.refresh_from_db(fields=["path", "sha256"])
    raise FileExistsError(errno.EEXIST, "Other files took its place again and again", photo.path)


def is_there(photo: Photo) -> bool:
    """Whether the photo was not deleted meanwhile."""
    return Photo.objects.filter(pk=photo.pk, in_place=False).exists()


# --- the four steps ---------------------------------------------------------------------------------------------------


def plan(photo: Photo, wanted: str) -> list[FileMove]:
    """Unsaved rows for each file that is not where it should be."""
    sidecars = list(photo.files.filter(in_place=False, kind=PhotoFile.Kind.SIDECAR).order_by("pk"))
    if is_at(photo.path, wanted):
        moves = moves_to(photo, sidecars, photo.path)
        return moves if are_free(moves) else []  # a sidecar has no room beside its photo: it stays where it is
    number = free_number(lambda number: not are_free(moves_to(photo, sidecars, numbered(wanted, number))))
    if number is None:
        raise FileExistsError(errno.EEXIST, "A hundred thousand files have this name", wanted)
    return moves_to(photo, sidecars, numbered(wanted, number))


def moves_to(photo: Photo, sidecars: Sequence[PhotoFile], target: str) -> list[FileMove]:
    """Unsaved rows that bring the original to this path, and its sidecars beside it."""
    pairs: list[tuple[int | None, str, str, str]] = [(None, photo.path, target, photo.sha256)]
    pairs += [(row.pk, row.path, beside(target, photo.path, row.path), row.sha256) for row in sidecars]
    return [
        FileMove(photo=photo.pk, file=file, before=before, after=after, sha256=sha256)
        for file, before, after, sha256 in pairs
        if before != after
    ]


def are_free(moves: Sequence[FileMove]) -> bool:
    """Whether nothing is at the new paths."""
    targets = [one.after for one in moves]
    return len(set(targets)) == len(targets) and not any(is_taken(path) for path in targets)


def beside(target: str, original: str, sidecar: str) -> str:
    """The sidecar's path beside the new original, with the same ending: IMG.jpg.xmp becomes NEW.jpg.xmp."""
    name, was = Path(sidecar).name, Path(original).name
    ending = name.removeprefix(was) if name.startswith(was) else ""
    new = Path(target)
    return str(new.with_name(new.name + ending if ending else name))


def is_taken(path: str) -> bool:
    """Whether a file, a photo's row or another move has this path."""
    if refers(path) or FileMove.objects.filter(after=path).exists():
        return True
    return paths.is_there(path_of(path))


def note(moves: Sequence[FileMove]) -> list[FileMove]:
    """Write the journal."""
    try:
        with transaction.atomic():
            for one in moves:
                one.save()
    except IntegrityError as error:
        raise FileExistsError(errno.EEXIST, "Another move goes to this path", moves[0].after) from error
    return list(moves)


def copy(steps: Sequence[FileMove]) -> None:
    """Give each file its second name. Raises FileExistsError, OSError."""
    for step in steps:
        before, after = path_of(step.before), path_of(step.after)
        paths.add_new(paths.fetched(before), after)
        FileMove.objects.filter(pk=step.pk).update(made=True)
        paths.sync_folder(after.parent.parent)


def switch(photo: Photo, steps: Sequence[FileMove]) -> bool:
    """Let the new paths count. False if the photo or one of its files has changed meanwhile."""
    with transaction.atomic():
        row = Photo.objects.select_for_update().filter(pk=photo.pk).first()
        if row is None or (row.path, row.sha256) != (photo.path, photo.sha256):
            return False
        for step in steps:
            sharing = Photo.objects.filter(owner=photo.owner_id)  # the photo, and the copies that share its file
            rows = sharing if step.file is None else PhotoFile.objects.filter(pk=step.file)
            if not rows.filter(path=step.before, sha256=step.sha256, in_place=False).update(path=step.after):
                transaction.set_rollback(True)
                return False
        ours = FileMove.objects.filter(pk__in=[step.pk for step in steps], switched_at=None)
        if ours.update(switched_at=timezone.now()) != len(steps):  # another process took this one for dead
            transaction.set_rollback(True)
            return False
    photo.refresh_from_db(fields=["path"])
    return True


def finish(*, at_once: bool = False) -> int:
    """Remove the old names of files that were moved some time ago, or of all. Returns how many."""
    limit = timezone.now() - (timedelta() if at_once else KEPT)
    moved = list(FileMove.objects.filter(switched_at__lte=limit).order_by("pk"))
    return len(moved) - len(put_away(moved, finish_one))


def put_away(rows: Sequence[FileMove], do: Callable[[FileMove], None]) -> list[Left]:
    """Call `do` for each row. One that fails stays for the next time. Returns those, with their errors."""
    left = []
    for row in rows:
        try:
            do(row)
        except OSError as error:
            log.warning("The move of %s was not put away: %s", names.shown(row.before), error)
            left.append((row, error))
    return left


def finish_one(one: FileMove) -> None:
    """Remove the old name, or the new one too if the photo is gone meanwhile; the journal's row goes last."""
    before, after = path_of(one.before), path_of(one.after)
    if not refers(one.after):
        paths.remove(after)
    elif not paths.is_there(after) and paths.is_there(before):
        paths.add_new(paths.fetched(before), after)  # never remove the last one
    if not refers(one.before) and is_same(one):
        paths.remove(before)
        remove_empty(before.parent)
    FileMove.objects.filter(pk=one.pk).delete()


# --- after a kill -----------------------------------------------------------------------------------------------------


def settle() -> list[Left]:
    """Put away what a killed move left: its photos are where they were, or where they should be.

    Returns what could not be put away.
    """
    left = give_up(list(FileMove.objects.filter(switched_at=None)))
    return left + put_away(list(FileMove.objects.exclude(switched_at=None).order_by("pk")), finish_one)


def give_up(steps: Sequence[FileMove]) -> list[Left]:
    """Remove the second names of files that are not moved after all. Returns those that cannot be removed."""
    return put_away(steps, give_up_one)


def give_up_one(step: FileMove) -> None:
    """Remove the second name, and then the journal's row."""
    if step.pk and not FileMove.objects.filter(pk=step.pk, switched_at=None).exists():
        return  # it was switched, or somebody else put it away
    if not refers(step.after) and is_ours(step):
        paths.remove(path_of(step.after))
    remove_empty(path_of(step.after).parent)
    FileMove.objects.filter(pk=step.pk).delete()


def is_ours(step: FileMove) -> bool:
    """Whether the file at the new path was put there by this move, and not by somebody else at the same moment."""
    if FileMove.objects.filter(pk=step.pk, made=True).exists():
        return True
    before, after = path_of(step.before), path_of(step.after)
    try:
        if before.exists() and after.exists() and before.samefile(after):
            return True
        alone = not after.exists() or after.stat().st_nlink == 1  # a file that is coming in has two names
        return alone and paths.kept_sha256(after) == step.sha256
    except (FileNotFoundError, NotADirectoryError):
        return False


def is_same(one: FileMove) -> bool:
    """Whether the old name is still that of the file that was moved, and not of one that came in since."""
    before, after = path_of(one.before), path_of(one.after)
    try:
        return (after.exists() and before.samefile(after)) or paths.kept_sha256(before) == one.sha256
    except (FileNotFoundError, NotADirectoryError):
        return False


def path_of(relative: str) -> Path:
    return paths.originals_folder() / relative


def remove_empty(folder: Path) -> None:
    """Remove the folder and those above it that are empty, up to that of the owner."""
    while folder.parent != paths.originals_folder() and folder.is_relative_to(paths.originals_folder()):
        try:
            os.rmdir(folder)
        except OSError:
            return
        folder = folder.parent
