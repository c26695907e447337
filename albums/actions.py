"""Actions on albums. Each one is recorded as an Activity of the album's owner and can be undone.

activity = actions.edit(album, user, name="Lisbon")
undoing.undo(activity, user)
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from albums import items
from albums.models import Album, AlbumItem
from albums.rules.smart import readable
from media.text import clean_line, name_key
from mirage.refusals import NotPossible
from photos.models import Photo

KEPT = timedelta(days=30)  # how long a deleted album can be restored


def record(album: Album, by: User, verb: str, **detail: Any) -> Activity:
    """Record an action on the album."""
    return Activity.objects.create(
        owner=album.owner, actor=by, verb=f"albums.{verb}", target_type="album", target_id=album.pk, detail=detail
    )


def clean_name(name: str) -> str:
    """The name as a single clean line. Raises NotPossible if it is empty or too long."""
    name = clean_line(name)
    if not name_key(name):
        raise NotPossible(_("Give the album a visible name.") if name else _("Give the album a name."))
    if len(name) > 255:
        raise NotPossible(_("A name can have at most 255 characters."))
    return name


def create(
    owner: User, name: str, *, kind: str = Album.Kind.MANUAL, parent: Album | None = None, query: str = ""
) -> Album:
    """Make an album, smart album or folder. Raises NotPossible for an empty name or an unreadable search."""
    album = Album(owner=owner, name=clean_name(name), kind=kind, query=readable(query))
    with transaction.atomic():
        set_parent(album, parent)
        album.save()
        record(album, owner, "created")
    return album


CLEANED: dict[str, Callable[[str], str]] = {"name": clean_name, "query": readable}


def set_parent(album: Album, parent: Album | None) -> None:
    """Put the album into a folder of the same owner, but not into itself or its contents. Raises NotPossible."""
    if parent is not None and (parent.owner_id != album.owner_id or not parent.is_folder):
        raise NotPossible(_("Put albums into folders of the same owner."))
    above = parent
    while above is not None:
        if above.pk == album.pk and album.pk is not None:
            raise NotPossible(_("You cannot put a folder into itself."))
        above = above.parent
    album.parent = parent


def edit(album: Album, by: User, **values: Any) -> Activity:
    """Change name, description, query, cover, view or folder."""
    with transaction.atomic():
        locked = Album.objects.select_for_update(of=("self",)).get(pk=album.pk)
        before = snapshot(locked, values)
        for field, value in values.items():
            if field == "parent":
                set_parent(locked, value)
            else:
                setattr(locked, field, CLEANED[field](value) if field in CLEANED else value)
        locked.save(update_fields=list(values))
        activity = record(album, by, "edited", before=before, after=snapshot(locked, values))
    album.refresh_from_db()
    return activity


def snapshot(album: Album, fields: Any) -> dict[str, Any]:
    """The current values of the fields, as JSON."""
    return {field: getattr(album, f"{field}_id" if field in ("cover", "parent") else field) for field in fields}


def delete(album: Album, by: User) -> Activity:
    """Delete an album. The contents of a folder move up a level. No photo changes."""
    with transaction.atomic():
        children = list(Album.objects.filter(parent=album).values_list("pk", flat=True))
        Album.objects.filter(pk__in=children).update(parent=album.parent)
        album.deleted_at = timezone.now()
        album.save(update_fields=["deleted_at"])
        return record(album, by, "deleted", children=children)


def purge_deleted() -> int:
    """Remove albums that were deleted long ago. Returns the number of rows."""
    return Album.everything.filter(deleted_at__lt=timezone.now() - KEPT).delete()[0]


def take_out(album: Album, by: User, photo_ids: Sequence[int]) -> Activity:
    """Remove photos from the album."""
    with transaction.atomic():
        rows = items.remove(album, photo_ids)
        return record(album, by, "removed", rows=rows, count=len(rows), headings=items.hand_on(album, rows))


def move(album: Album, by: User, keys: Sequence[str], before: str | None) -> Activity:
    """Put photos before another one, or at the end."""
    with transaction.atomic():
        return record(album, by, "moved", positions=items.move(album, keys, before), count=len(keys))


def sort_by_time(album: Album, by: User, *, newest_first: bool = False) -> Activity:
    """Sort all photos by the time they were taken. Photos that are added later find their place in that order."""
    with transaction.atomic():
        before, album.newest_first = album.newest_first, newest_first
        album.save(update_fields=["newest_first"])
        return record(album, by, "sorted", positions=items.sort_by_time(album), newest_first=before)


def set_heading(album: Album, by: User, key: str, text: str) -> Activity:
    """Put a heading above a photo, or remove it if the text is empty."""
    with transaction.atomic():
        item = heading_of(album, key)
        if item is None:
            raise NotPossible(_("This photo is not in the album."))
        before, item.heading = item.heading, clean_line(text)[:255]
        item.save(update_fields=["heading"])
        return record(album, by, "heading", item=item.pk, before=before)


def heading_of(album: Album, key: str) -> AlbumItem | None:
    """The item whose heading stands above a photo; None if the photo is not in the album."""
    item = AlbumItem.objects.filter(album=album, photo__key=key).select_related("album").first()
    return items.bearer(item) if item else None


def revert(activity: Activity, by: User) -> None:
    """Undo an action. Raises NotPossible if the album is gone."""
    album = Album.everything.filter(pk=activity.target_id or 0).first()
    if album is None or (album.deleted_at and activity.verb != "albums.deleted"):
        raise NotPossible(_("The album no longer exists."))
    REVERTS[activity.verb](album, activity.detail)


def revert_edit(album: Album, detail: dict[str, Any]) -> None:
    """Restore the old value of each field that has not changed again."""
    now = snapshot(album, detail["after"])
    for field, value in detail["before"].items():
        if now[field] != detail["after"][field]:
            continue
        if field == "cover":
            album.cover = Photo.objects.filter(pk=value).first()
        elif field == "parent":
            set_parent(album, Album.objects.filter(pk=value, kind=Album.Kind.FOLDER).first())
        else:
            setattr(album, field, value)
    album.save()


def revert_delete(album: Album, detail: dict[str, Any]) -> None:
    album.deleted_at = None
    if album.parent and album.parent.deleted_at:
        album.parent = None
    album.save(update_fields=["deleted_at", "parent"])
    still = Album.objects.filter(pk__in=detail["children"], owner=album.owner, parent=album.parent)
    still.exclude(pk=album.pk).update(parent=album)


def revert_removal(album: Album, detail: dict[str, Any]) -> None:
    items.take_headings_back(detail.get("headings", []))
    items.put_back(album, detail["rows"])


def revert_sort(album: Album, detail: dict[str, Any]) -> None:
    album.newest_first = detail.get("newest_first", False)
    album.save(update_fields=["newest_first"])
    items.set_positions(detail["positions"])


def revert_heading(album: Album, detail: dict[str, Any]) -> None:
    AlbumItem.objects.filter(album=album, pk=detail["item"]).update(heading=detail["before"])


REVERTS: dict[str, Callable[[Album, dict[str, Any]], None]] = {
    "albums.edited": revert_edit,
    "albums.deleted": revert_delete,
    "albums.removed": revert_removal,
    "albums.moved": lambda album, detail: items.set_positions(detail["positions"]),
    "albums.sorted": revert_sort,
    "albums.heading": revert_heading,
}
