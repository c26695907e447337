"""Sharing with other users: albums with a role, and the whole library with a partner."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from albums import items
from albums.actions import record
from albums.models import Album, AlbumItem, Role, Share
from mirage.refusals import NotPossible


def share_album(album: Album, user: User, role: str, by: User) -> Activity:
    """Share the album with the user in that role. Raises NotPossible."""
    if role not in Role.granted():
        raise NotPossible(_("There is no such role."))
    if user.pk == album.owner_id:
        raise NotPossible(_("This album is already yours."))
    with transaction.atomic():
        Share.objects.update_or_create(album=album, user=user, defaults={"owner": album.owner, "role": role})
        if role == Role.VIEWER:
            remove_own_photos(album, user)
        return record(album, by, "shared", user=user.pk, name=user.username, role=role)


def unshare_album(album: Album, user: User, by: User) -> Activity:
    """Stop sharing the album with the user. The photos they added are removed from it."""
    with transaction.atomic():
        Share.objects.filter(album=album, user=user).delete()
        rows = remove_own_photos(album, user)
        return record(album, by, "unshared", user=user.pk, name=user.username, rows=rows)


def remove_own_photos(album: Album, user: User) -> list[list[object]]:
    """Remove the user's own photos from somebody else's album, or from all albums in a folder."""
    albums = [album, *inside(album)] if album.is_folder else [album]
    rows = []
    for each in albums:
        theirs = AlbumItem.objects.filter(album=each, photo__owner=user)
        rows += items.remove(each, list(theirs.values_list("photo", flat=True)))
    return rows


def inside(folder: Album) -> list[Album]:
    """All albums and folders in a folder, at any depth."""
    found: list[Album] = []
    level = [folder]
    while level:
        level = list(Album.objects.filter(parent__in=[one.pk for one in level if one.is_folder]))
        found += level
    return found


def share_library(owner: User, user: User) -> None:
    """Let the user see the owner's library without archive and trash. Raises NotPossible."""
    if owner.pk == user.pk:
        raise NotPossible(_("This library is already yours."))
    Share.objects.get_or_create(owner=owner, user=user, album=None)
    note(owner, user, "library shared")


def unshare_library(owner: User, user: User) -> None:
    """Stop sharing the library with the user."""
    Share.objects.filter(owner=owner, user=user, album=None).delete()
    note(owner, user, "library unshared")


def note(owner: User, user: User, verb: str) -> None:
    Activity.objects.create(
        owner=owner,
        actor=owner,
        verb=f"albums.{verb}",
        target_type="user",
        target_id=user.pk,
        detail={"name": user.username},
    )


def set_on_timeline(user: User, owner: User, shown: bool) -> None:
    """Show the partner's photos on the user's timeline, or not."""
    Share.objects.filter(owner=owner, user=user, album=None).update(on_timeline=shown)


def others(user: User) -> list[User]:
    """The users with whom the user can share."""
    return list(User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("username"))
