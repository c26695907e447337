"""Photos that share a file: one that came with it, and its copies, each with its own edit, words, tags and albums.

What models find in the picture is found once for a file. It stands with the first of its photos that is not in the
trash, and moves to another when that one goes into the trash or is deleted. So a face counts once.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.dispatch import receiver

from media.metadata.orientations import back, together
from mirage.registry import Registry
from photos.editing.turning import BOXES
from photos.models import DetectedObject, Embedding, Photo, PhotoFile, PhotoText, StageRun
from photos.models.photo import PRESENCE_CHANGED
from photos.pipeline.stages import STAGES

Status = StageRun.Status
# Moves what was found in the picture from one photo to another that shares its file
FOUND: Registry[Callable[[int, int], None]] = Registry("kind of findings")
OF_THE_FILE = (
    *("sha256", "sha1", "path", "in_place", "size", "media_type", "kind", "file_modified_at", "missing_since"),
)  # the columns that all photos of a file share


def photos_of_file(owner_id: int, sha256: str) -> list[Photo]:
    """The photo that came with the file, then its copies in their order."""
    return list(Photo.objects.filter(owner=owner_id, sha256=sha256).order_by("copy_number"))


def first_of(photo: Photo) -> Photo:
    """The photo that came with this one's file: sidecars stand with it."""
    return photos_of_file(photo.owner_id, photo.sha256)[0] if photo.is_copy else photo


def looked_at(photo: Photo) -> Photo:
    """The photo with which what models found in this one's file stands."""
    if not photo.is_copy and photo.trashed_at is None:
        return photo
    return holder(photos_of_file(photo.owner_id, photo.sha256)) or photo


def found_with(photo_ids: Sequence[int]) -> list[int]:
    """The ids of the photos with which what was found in the files of these stands."""
    copies = Photo.objects.in_bulk(
        Photo.objects.filter(pk__in=photo_ids, copy_number__gt=0).values_list("pk", flat=True)
    )
    return list(dict.fromkeys(looked_at(copies[pk]).pk if pk in copies else pk for pk in photo_ids))


def holder(photos: Sequence[Photo]) -> Photo | None:
    """The first that is not in the trash; if all are, the first."""
    return next((photo for photo in photos if photo.trashed_at is None), photos[0] if photos else None)


def with_copies(photo_ids: Iterable[int]) -> list[int]:
    """The ids of these photos, and those of their copies."""
    ids = list(photo_ids)
    theirs = Photo.objects.filter(pk__in=ids, owner=OuterRef("owner"), sha256=OuterRef("sha256"))
    copies = Photo.objects.filter(Exists(theirs), copy_number__gt=0).exclude(pk__in=ids)
    return [*ids, *copies.values_list("pk", flat=True)]


def follow_file(photo: Photo, before: str) -> list[int]:
    """After the photo's file was replaced or has moved: its copies too have the new one. `before` is the old SHA-256.

    Call it in the transaction that saves the photo. Returns the ids of the copies.
    """
    copies = Photo.objects.filter(owner=photo.owner_id, sha256=before, copy_number__gt=0).exclude(pk=photo.pk)
    ids = list(copies.values_list("pk", flat=True))
    copies.filter(pk__in=ids).update(**{name: getattr(photo, name) for name in OF_THE_FILE})
    return ids


# --- what was found ---------------------------------------------------------------------------------------------------


@receiver(PRESENCE_CHANGED)
def on_presence_changed(files: Iterable[tuple[int, str]], **_signal: Any) -> None:
    """What was found stands with a photo that is not in the trash."""
    for owner_id, sha256 in files:
        gather(photos_of_file(owner_id, sha256))


@transaction.atomic
def gather(photos: Sequence[Photo]) -> None:
    """Let what was found in a file stand with the right one of its photos."""
    keeper = holder(photos)
    for photo in photos:
        if keeper is not None and photo.pk != keeper.pk:
            hand_over(photo, keeper)


def hand_over(photo: Photo, keeper: Photo) -> None:
    """Move what was found from one photo of a file to another. Boxes are turned as that one lies."""
    stages = [name for name, stage in STAGES.items() if stage.once_a_file]
    runs = StageRun.objects.filter(photo=photo, stage__in=stages)
    if runs.exists():
        StageRun.objects.filter(photo=keeper, stage__in=stages).delete()
        runs.filter(status=Status.RUNNING).update(status=Status.WAITING, claim="", worker="")  # it has the other's id
        # Learned tags and duplicates stay behind with the other: they are found again for this one
        judging = [name for name in stages if not STAGES[name].looks]
        runs.filter(stage__in=judging, status=Status.DONE).update(status=Status.WAITING, attempts=0)
        runs.update(photo=keeper)
    if (step := together(back(photo.turn), keeper.turn)) != 1:
        for turn in BOXES.values():
            turn([photo.pk], step)
    for move in FOUND.values():
        move(photo.pk, keeper.pk)


def move_rows(model: Any, photo_id: int, keeper_id: int) -> None:
    """Let the rows of one photo take the place of the other's."""
    rows = model.objects.filter(photo=photo_id)
    if rows.exists():
        model.objects.filter(photo=keeper_id).delete()
        rows.update(photo=keeper_id)


def move_findings(photo_id: int, keeper_id: int) -> None:
    """Vectors, objects and text in the picture."""
    for model in (Embedding, DetectedObject, PhotoText):
        move_rows(model, photo_id, keeper_id)


FOUND.add("photos", move_findings)


# --- deleting ---------------------------------------------------------------------------------------------------------


def let_go(photos: Sequence[Photo]) -> list[Photo]:
    """Before these photos are deleted: what their copies need stands with a copy that stays.

    Call it in the transaction that deletes them, and `take_place` with what it returns after that.
    """
    gone = {photo.pk for photo in photos}
    sums = [photo.sha256 for photo in photos]
    shared = set(
        Photo.objects.filter(sha256__in=sums, copy_number__gt=0).exclude(pk__in=gone).values_list("owner_id", "sha256")
    )
    heirs = []
    for owner_id, sha256 in shared:
        of_file = photos_of_file(owner_id, sha256)
        stay = [photo for photo in of_file if photo.pk not in gone]
        keeper = holder(stay)
        assert keeper is not None
        for photo in of_file:
            if photo.pk in gone:
                hand_over(photo, keeper)
        if of_file[0].pk in gone:
            hand_over_files(of_file[0], stay[0])
            heirs.append(stay[0])
    return heirs


def hand_over_files(photo: Photo, heir: Photo) -> None:
    """Sidecars and former versions of the file go to the heir; what Mirage wrote about the photo goes with it."""
    written = PhotoFile.Role.WRITTEN
    PhotoFile.objects.filter(photo=photo).exclude(role=written).update(photo=heir)


def take_place(heirs: Iterable[Photo]) -> None:
    """After the photos that came with their files were deleted: these copies are now the photos of the files."""
    Photo.objects.filter(pk__in=[heir.pk for heir in heirs]).update(copy_number=0)
