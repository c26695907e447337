"""What needs the owner's attention: photos with a failed stage, and files that could not be imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import override

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
    """The photos and files that an action applies to."""

    photos: PhotoQuerySet
    files: QuerySet[ImportFailure]

    def __bool__(self) -> bool:
        return self.photos.exists() or self.files.exists()


def failed_runs() -> QuerySet[StageRun]:
    """Failed stage runs of all users. Naming the stages lets the database use their index."""
    return StageRun.objects.filter(stage__in=list(pipeline.STAGES), status=FAILED)


def failed_photos(user: User) -> PhotoQuerySet:
    """The user's photos outside the trash with a failed stage, newest first. `failed_runs` holds each photo's."""
    photos = photos_of(user).present().filter(pk__in=failed_runs().values("photo"))
    return photos.order_by("-pk").prefetch_related(Prefetch("stage_runs", failed_runs(), to_attr="failed_runs"))


def import_failures(user: User) -> QuerySet[ImportFailure]:
    """The user's files that could not be imported, newest first."""
    return ImportFailure.objects.filter(owner=user).order_by("-at", "-pk")


def count(user: User) -> int:
    """How many photos and files need the user's attention."""
    return failed_photos(user).count() + import_failures(user).count()


def older_photos(photos: PhotoQuerySet, key: str) -> PhotoQuerySet:
    """The photos that come after the one with that key in the list."""
    return photos.filter(pk__lt=Subquery(photos.model.objects.filter(key=key).values("pk")))


def older_files(files: QuerySet[ImportFailure], key: str) -> QuerySet[ImportFailure]:
    """The failures that come after the one with that key in the list. None if there is no such failure."""
    last = files.filter(key=key).first()
    if last is None:
        return files.none()
    return files.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))


def choose(user: User, keys: Sequence[str]) -> Chosen:
    """Those photos and failures with these keys that need the user's attention."""
    return Chosen(failed_photos(user).filter(key__in=keys), import_failures(user).filter(key__in=keys))


def everything(user: User) -> Chosen:
    """Everything that needs the user's attention."""
    return Chosen(failed_photos(user), import_failures(user))


def retry_photos(photos: PhotoQuerySet) -> int:
    """Retry the failed stages of these photos. Returns how many photos."""
    ids = list(photos.order_by().values_list("pk", flat=True))
    for first in range(0, len(ids), 1000):
        pipeline.retry(failed_runs().filter(photo__in=ids[first : first + 1000]))
    return len(ids)


def retry_imports(failures: QuerySet[ImportFailure]) -> int:
    """Ask a worker to retry these files. Returns how many. Raises NotPossible if Redis cannot be reached."""
    ids = list(failures.order_by().values_list("pk", flat=True))
    if ids and not jobs.enqueue("import_again", ids):
        raise NotPossible(_("The workers cannot be reached, so nothing can be tried again now."))
    return len(ids)


def import_again(failure_ids: Sequence[int]) -> None:
    """Job: import these files. A new failure replaces the old one, success deletes it."""
    for failure in ImportFailure.objects.filter(pk__in=failure_ids).select_related("owner"):
        path = Path(names.actual(failure.path))
        try:
            with override("en"):  # what is kept is kept in English
                done = _import(failure, path)
            if done:
                ImportFailure.objects.filter(pk=failure.pk).delete()
        except (OSError, uploads.Refused) as error:
            reason = intake.explain(error) if isinstance(error, OSError) else str(error)
            intake.record_failure(failure.owner, path, reason, in_place=failure.in_place)


def _import(failure: ImportFailure, path: Path) -> bool:
    """Retry one file. False for a folder, whose import records its own failures."""
    owner, in_place = failure.owner, failure.in_place
    if upload := upload_of(failure):
        uploads.finish(upload)
        return True
    if broken_sidecars.read_again(failure):
        return True
    root = folders.root_of(owner, path)
    if path.is_dir() or (in_place and missing.is_known(owner, path)):
        folders.import_folder(owner, path, in_place=in_place, comes_again=folders.never, below=root)
        return False
    sidecars = find_sidecars(path, [entry.name for entry in path.parent.iterdir()])
    folder = folders.folder_of(path, root) if root else ""
    intake.ingest(owner, path, sidecars=sidecars, in_place=in_place, folder=folder)
    return True


def upload_of(failure: ImportFailure) -> Upload | None:
    """The upload that the failure is about, if there is one."""
    path = Path(failure.path)
    if path.parent != paths.uploads_folder():
        return None
    return Upload.objects.filter(owner=failure.owner, key=path.stem).first()


def move_to_trash(photos: PhotoQuerySet) -> list[str]:
    """Move these photos to the trash. Returns their keys."""
    keys = list(photos.order_by().values_list("key", flat=True))
    photos.model.objects.filter(pk__in=photos.order_by().values("pk")).trash()
    return keys


def dismiss(failures: QuerySet[ImportFailure]) -> int:
    """Delete these failures. A file in a folder stays there; the file of an upload is deleted. Returns how many."""
    count = 0
    for failure in failures.select_related("owner"):
        if upload := upload_of(failure):
            uploads.discard(upload)
        failure.delete()
        count += 1
    return count
