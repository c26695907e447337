"""What needs the owner's attention: photos of which a stage gave up, and files that could not be taken in at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from media import names
from mirage.refusals import NotPossible
from photos import pipeline
from photos.access import photos_of
from photos.ingest import broken_sidecars, folders, intake, missing, uploads
from photos.ingest.sidecars import find_sidecars
from photos.models import ImportFailure, PhotoQuerySet, StageRun, Upload
from photos.pipeline import jobs
from photos.storage import paths

FAILED = StageRun.Status.FAILED


@dataclass(frozen=True)
class Chosen:
    """What an action is for."""

    photos: PhotoQuerySet
    files: QuerySet[ImportFailure]

    def __bool__(self) -> bool:
        return self.photos.exists() or self.files.exists()


def failed_runs() -> QuerySet[StageRun]:
    """Stages that gave up, whosoever's; the stages are named so that their index serves."""
    return StageRun.objects.filter(stage__in=list(pipeline.STAGES), status=FAILED)


def failed_photos(user: User) -> PhotoQuerySet:
    """The user's photos outside the trash with a stage that gave up, newest first; the stages as `failed_runs`."""
    photos = photos_of(user).present().filter(pk__in=failed_runs().values("photo"))
    return photos.order_by("-pk").prefetch_related(Prefetch("stage_runs", failed_runs(), to_attr="failed_runs"))


def import_failures(user: User) -> QuerySet[ImportFailure]:
    """Files that could not be taken in, newest first."""
    return ImportFailure.objects.filter(owner=user).order_by("-at", "-pk")


def count(user: User) -> int:
    """How many photos and files need the user's attention."""
    return failed_photos(user).count() + import_failures(user).count()


def older_photos(photos: PhotoQuerySet, key: str) -> PhotoQuerySet:
    """What comes after the photo of that key in the list; nothing for a key that is none of the user's."""
    return photos.filter(pk__lt=Subquery(photos.model.objects.filter(key=key).values("pk")))


def older_files(files: QuerySet[ImportFailure], key: str) -> QuerySet[ImportFailure]:
    """What comes after the failure of that key in the list."""
    last = files.filter(key=key).first()
    if last is None:
        return files.none()
    return files.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))


def choose(user: User, keys: Sequence[str]) -> Chosen:
    """Of what needs the user's attention that with these keys, photos' or failures'."""
    return Chosen(failed_photos(user).filter(key__in=keys), import_failures(user).filter(key__in=keys))


def everything(user: User) -> Chosen:
    """All that needs the user's attention."""
    return Chosen(failed_photos(user), import_failures(user))


def retry_photos(photos: PhotoQuerySet) -> int:
    """Let the stages that gave up on these photos be tried again. How many photos."""
    ids = list(photos.order_by().values_list("pk", flat=True))
    for first in range(0, len(ids), 1000):
        pipeline.retry(failed_runs().filter(photo__in=ids[first : first + 1000]))
    return len(ids)


def retry_imports(failures: QuerySet[ImportFailure]) -> int:
    """Let a worker try these files again. How many. Raises NotPossible where no worker can be told."""
    ids = list(failures.order_by().values_list("pk", flat=True))
    if ids and not jobs.enqueue("import_again", ids):
        raise NotPossible("The workers cannot be reached, so nothing can be tried again now.")
    return len(ids)


def import_again(failure_ids: Sequence[int]) -> None:
    """The job: take these files in; a new failure replaces the old one, success removes it."""
    for failure in ImportFailure.objects.filter(pk__in=failure_ids).select_related("owner"):
        path = Path(names.actual(failure.path))
        try:
            if _take_in(failure, path):
                ImportFailure.objects.filter(pk=failure.pk).delete()
        except OSError as error:
            intake.record_failure(failure.owner, path, intake.explain(error), in_place=failure.in_place)
        except uploads.Refused as refusal:
            intake.record_failure(failure.owner, path, str(refusal), in_place=failure.in_place)


def _take_in(failure: ImportFailure, path: Path) -> bool:
    """Try once more. Whether it is settled; a folder settles its own failures."""
    owner, in_place = failure.owner, failure.in_place
    if upload := upload_of(failure):
        uploads.finish(upload)
        return True
    if broken_sidecars.read_again(failure):
        return True
    if path.is_dir() or (in_place and missing.is_known(owner, path)):
        folders.import_folder(owner, path, in_place=in_place, comes_again=folders.never)
        return False
    sidecars = find_sidecars(path, [entry.name for entry in path.parent.iterdir()])
    intake.ingest(owner, path, sidecars=sidecars, in_place=in_place)
    return True


def upload_of(failure: ImportFailure) -> Upload | None:
    """The upload whose bytes the failure is about, if it came from a browser."""
    path = Path(failure.path)
    if path.parent != paths.uploads_folder():
        return None
    return Upload.objects.filter(owner=failure.owner, key=path.stem).first()


def move_to_trash(photos: PhotoQuerySet) -> list[str]:
    """Move these photos to the trash; their keys, by which they can be brought back."""
    keys = list(photos.order_by().values_list("key", flat=True))
    photos.model.objects.filter(pk__in=photos.order_by().values("pk")).trash()
    return keys


def dismiss(failures: QuerySet[ImportFailure]) -> int:
    """Forget about these files. What lies in a folder stays there; the bytes of an upload are given up. How many."""
    count = 0
    for failure in failures.select_related("owner"):
        if upload := upload_of(failure):
            uploads.discard(upload)
        failure.delete()
        count += 1
    return count
