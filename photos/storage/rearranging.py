"""Moving all originals to where the storage template says: asked for in the page, done by a process of its own.

`manage.py move_originals`, which the beat starts, claims the move by a conditional UPDATE. A killed one is continued.
"""

import fcntl
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import batches
from accounts.models import Activity, User
from media import names
from media import storage_template as template
from media.sentences import english
from media.storage_template import Facts
from mirage.refusals import NotPossible
from mirage.registry import Registry
from photos.models import FileMove, OriginalsMove, Photo, StageRun
from photos.storage import moving, recorded

log = logging.getLogger(__name__)

BATCH = 50  # photos between two looks at whether somebody has stopped it
SILENT = timedelta(minutes=15)  # a process that is silent for so long counts as killed
MOST_FAILURES = 50  # that are listed
EXAMPLES = 10
QUIET, LONGEST, DAY = timedelta(minutes=15), timedelta(hours=6), timedelta(days=1)
# What actions are about that may give an original another place: its album, its date, where it was taken
MOVERS = ("album", "album rule", "photos", "switching", "duplicates")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
EXAMINED = 2000  # originals, for how many would move
FIELDS = ("path", "taken_local", "original_name", "camera_make", "camera_model", "kind", "folder", "place", "country",
          "owner__username")  # fmt: skip

# What else apps know about photos: a word of the template -> ids of photos -> its text for each
FACTS: Registry[Callable[[Sequence[int]], dict[int, str]]] = Registry("word of the storage template")


def facts_of(photos: Sequence[Photo]) -> dict[int, Facts]:
    """What the template's words say about each photo."""
    ids = [photo.pk for photo in photos]
    more = {word: find(ids) for word, find in FACTS.items()}
    return {
        photo.pk: recorded.facts_of(photo, **{word: found.get(photo.pk, "") for word, found in more.items()})
        for photo in photos
    }


def examples(user: User, pattern: str) -> list[tuple[str, str]]:
    """Where some of the user's own photos are, and where they would be: some old, some new."""
    mine = Photo.objects.of_files().filter(owner=user, in_place=False).select_related("owner")
    newest, oldest = mine.order_by("-taken_local")[: EXAMPLES // 2], mine.order_by("taken_local")[: EXAMPLES // 2]
    photos = list({photo.pk: photo for photo in (*newest, *oldest)}.values())
    facts = facts_of(photos)
    return [(photo.path, template.path_for(pattern, facts[photo.pk])) for photo in photos]


def to_move(pattern: str) -> tuple[int, int]:
    """How many originals would move, of how many that were looked at: the newest ones."""
    newest = Photo.objects.of_files().filter(in_place=False).select_related("owner").order_by("-pk")
    photos = list(newest.only(*FIELDS)[:EXAMINED])
    facts = facts_of(photos)
    return sum(not template.is_at(one.path, template.path_for(pattern, facts[one.pk])) for one in photos), len(photos)


def latest() -> OriginalsMove | None:
    """The move that goes on, or else the last one."""
    return OriginalsMove.objects.order_by("-pk").first()


def ask() -> OriginalsMove:
    """Ask for all originals to be moved. Raises NotPossible while that goes on already."""
    if OriginalsMove.objects.filter(finished_at=None).exists():
        raise NotPossible(_("Originals are being moved already."))
    OriginalsMove.objects.all().delete()
    count = Photo.objects.of_files().filter(in_place=False).count()
    return OriginalsMove.objects.create(template=settings.MIRAGE_STORAGE_TEMPLATE, photos=count)


def stop() -> None:
    """End the move that goes on, after the file that is just being moved."""
    OriginalsMove.objects.filter(finished_at=None).update(stop=True)


def is_needed() -> bool:
    """Whether there is something to move or to put away."""
    return OriginalsMove.objects.filter(waiting()).exists()


def waiting() -> Q:
    """Moves that no process is at: not begun, or the process was killed."""
    here = Q(host=socket.gethostname())  # of two processes on a machine, one has the lock
    silent = Q(noted_at__lt=timezone.now() - SILENT)
    return Q(finished_at=None) & (Q(started_at=None) | here | silent)


def take() -> OriginalsMove | None:
    """Claim the move; None if there is none, or another machine is at it."""
    for row in OriginalsMove.objects.filter(waiting()):
        now = timezone.now()
        claim = OriginalsMove.objects.filter(pk=row.pk, started_at=row.started_at, noted_at=row.noted_at)
        if claim.update(started_at=now, noted_at=now, host=socket.gethostname()):
            row.refresh_from_db()
            return row
    return None


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this process is the only one on this machine that moves originals, which a kill ends."""
    with (settings.MIRAGE_DATA / "moving.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def run(row: OriginalsMove) -> None:
    """Do a claimed move, or what is left of it."""
    moving.settle()
    while (batch := next_photos(row)) and not OriginalsMove.objects.filter(pk=row.pk, stop=True).exists():
        facts = facts_of(batch)
        for photo in batch:
            move_one(row, photo, template.path_for(row.template, facts[photo.pk]))
        moving.finish()
        write(row)
    while FileMove.objects.filter(switched_at__gt=timezone.now() - moving.KEPT).exists():
        time.sleep(0.2)  # old names stay for some seconds
    for one, error in moving.settle():
        note_failure(row, one.before, error)
    write(row)
    OriginalsMove.objects.filter(pk=row.pk).update(finished_at=timezone.now())


def next_photos(row: OriginalsMove) -> list[Photo]:
    """The next photos to look at."""
    found = Photo.objects.of_files().filter(pk__gt=row.last_photo, in_place=False).select_related("owner")
    return list(found.order_by("pk")[:BATCH])


def move_one(row: OriginalsMove, photo: Photo, wanted: str) -> None:
    """Move the files of one photo. What fails stays where it is, and is listed."""
    try:
        row.moved += moving.move(photo, wanted)
    except OSError as error:
        log.warning("%s was not moved: %s", names.shown(photo.path), error)
        note_failure(row, photo.path, error)
    row.last_photo, row.seen = photo.pk, row.seen + 1


def note_failure(row: OriginalsMove, path: str, error: OSError) -> None:
    """List what could not be moved, or whose old name could not be removed."""
    row.failed += 1
    if len(row.failures) < MOST_FAILURES:
        row.failures.append({"path": names.shown(path), "reason": names.shown(error.strerror or str(error))})


def write(row: OriginalsMove) -> None:
    """Write how far it is."""
    row.noted_at = timezone.now()
    row.save(update_fields=["noted_at", "last_photo", "seen", "moved", "failed", "failures"])


def keep_up() -> str:
    """Ask for what has another place by now: an album, a corrected date. For the schedule, every few minutes.

    A move waits until nothing has changed for a while, so that no file follows somebody from album to album.
    """
    now, last = timezone.now(), latest()
    if last and last.finished_at is None:
        return english("Originals are being moved.")
    if last and last.stop and last.finished_at and now - last.finished_at < DAY:
        return english("Somebody has stopped it.")
    since = last.asked_at if last else NEVER
    times = changes_since(since)
    if not times and now - since < DAY:
        return english("Nothing has changed since the last look.")
    is_busy = batches.unfinished().filter(target_type__in=MOVERS, at__gt=now - DAY).exists()
    if is_busy or (times and max(times) > now - QUIET and min(times) > now - LONGEST):
        return english("It waits until nothing has changed for a while.")
    with suppress(NotPossible):  # somebody has asked at this moment
        ask()
    return english("Originals are being moved.")


def changes_since(moment: datetime) -> list[datetime]:
    """The first and the last time at which something was done that may give an original another place."""
    done = StageRun.objects.filter(stage="metadata", status=StageRun.Status.DONE, finished_at__gt=moment)
    acts = Activity.objects.filter(target_type__in=MOVERS)
    asked = (
        acts.filter(at__gt=moment).aggregate(Min("at"), Max("at")),
        acts.filter(undone_at__gt=moment).aggregate(Min("undone_at"), Max("undone_at")),
        done.aggregate(Min("finished_at"), Max("finished_at")),
    )
    return [found for times in asked for found in times.values() if found]
