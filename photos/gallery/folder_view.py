"""The folders that a user's own photos came from, as a tree to walk through: what is in a folder, and the way up."""

import base64
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.wording import alphabetical
from photos.access import photos_of
from photos.gallery.timeline import Listing, Timeline
from photos.models import FolderCover, Photo


@dataclass(frozen=True)
class Folder:
    """A folder with the photos in it and below it. The cover is the one that was chosen, or the photo added last."""

    path: str
    count: int = 0
    cover: Photo | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def address(self) -> str:
        return reverse("photos:folder", args=[self.path])


def way_to(path: str) -> list[Folder]:
    """The folders on the way to this one, and itself: Pictures, Pictures/2019, Pictures/2019/Lisbon."""
    parts = path.split("/")
    return [Folder("/".join(parts[: length + 1])) for length in range(len(parts))]


def folders_in(user: User, path: str = "") -> list[Folder]:
    """The folders in a folder, by name; without a path the topmost ones."""
    within = f"{path}/" if path else ""
    rows = photos_of(user).on_timeline().exclude(folder="").filter(folder__startswith=within).order_by()
    if within and connection.vendor == "sqlite":  # it finds no start of a text in an index, but a range; 0 follows /
        rows = rows.filter(folder__gte=within, folder__lt=f"{path}0")
    counts: dict[str, int] = {}
    newest: dict[str, int] = {}
    for folder, count, last in rows.values_list("folder").annotate(Count("pk"), Max("pk")):
        if not folder.startswith(within):  # SQLite's startswith takes A for a
            continue
        inner = within + folder[len(within) :].partition("/")[0]
        counts[inner] = counts.get(inner, 0) + count
        newest[inner] = max(newest.get(inner, 0), last)
    newest |= chosen_covers(user, counts)
    covers = Photo.objects.in_bulk(newest.values())
    ordered = sorted(counts, key=alphabetical)
    return [Folder(inner, counts[inner], covers.get(newest[inner])) for inner in ordered]


def chosen_covers(user: User, paths: Collection[str]) -> dict[str, int]:
    """The photos that the user chose for these folders, as far as they still lie in them and may be seen."""
    shown = photos_of(user).on_timeline()
    rows = FolderCover.objects.filter(owner=user, photo__in=shown).values_list("path", "photo", "photo__folder")
    return {path: photo for path, photo, folder in rows if path in paths and lies_in(folder, path)}


def lies_in(folder: str, path: str) -> bool:
    """Whether a folder is this one or below it."""
    return folder == path or folder.startswith(f"{path}/")


def choose_cover(user: User, photo: Photo | None, path: str) -> Photo | None:
    """Let a photo stand for a folder in which it lies; without one, the photo that was added last does.

    Returns the one that was chosen before. Raises NotPossible.
    """
    before = FolderCover.objects.filter(owner=user, path=path).select_related("photo").first()
    if photo is None:
        FolderCover.objects.filter(owner=user, path=path).delete()
    elif not lies_in(photo.folder, path):
        raise NotPossible(_("Choose one of the folder's photos as its cover."))
    else:
        FolderCover.objects.update_or_create(owner=user, path=path, defaults={"photo": photo})
    return before.photo if before else None


def paths_of(user: User) -> set[str]:
    """The paths of all folders that have photos right in them."""
    rows = photos_of(user).on_timeline().exclude(folder="").order_by()
    return set(rows.values_list("folder", flat=True).distinct())


def folder_at(path: str) -> Folder:
    """The folder with this path. Raises Http404 for what can be none."""
    if not path or "\0" in path:
        raise Http404("no folder")
    return Folder(path)


def list_name(path: str) -> str:
    """The name of the list of a folder's photos, in which a path could not stand as it is."""
    return f"folder.{base64.urlsafe_b64encode(path.encode()).decode().rstrip('=')}"


def timeline(user: User, key: str) -> Timeline:
    """The list `folder.KEY`: the photos right in a folder; none if all are further below. Raises Http404."""
    try:
        path = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise Http404("no folder") from error
    folder = folder_at(path)
    inside = Q(folder=path) | Q(folder__startswith=f"{path}/")
    if not photos_of(user).on_timeline().filter(inside).exists():
        raise Http404(f"no folder {path}")
    return timeline_of_folder(user, folder)


def timeline_of_folder(user: User, folder: Folder) -> Timeline:
    """The photos right in the folder, without those of folders in it."""
    return Timeline(
        Listing(
            list_name(folder.path),
            folder.name,
            "folder",
            lambda photos: photos.on_timeline().filter(folder=folder.path),
            address=folder.address,
        ),
        photos_of(user),
    )
