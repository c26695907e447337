"""Who may see and change which albums, and which photos of others a user sees through sharing.

Each role may do more than the one before: a viewer looks, a contributor adds their own photos, a co-owner arranges and
describes the album, and only the owner shares and deletes it. A role in a folder applies to everything inside it.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from albums.models import Album, AlbumItem, Role, Share


def albums_of(user: User) -> QuerySet[Album]:
    """The user's own albums, smart albums and folders."""
    return Album.objects.filter(owner=user)


def top_level(user: User, below: str = "") -> QuerySet[Album]:
    """The user's albums in no folder, and the one with the key `below`, where a list goes on, wherever it is now."""
    mine = Album.everything.filter(owner=user)
    return mine.filter(Q(parent=None, deleted_at=None) | Q(key=below)) if below else albums_of(user).filter(parent=None)


def shared_roles(user: User) -> dict[int, Role]:
    """The user's highest role in each album that others share with them, directly or in a folder, by album id."""
    roles: dict[int, Role] = {}
    given = Share.objects.filter(user=user, album__isnull=False, album__deleted_at=None)
    for album_id, role in given.values_list("album", "role"):
        roles[album_id] = max(Role(role), roles.get(album_id, Role.VIEWER))
    level = list(roles)
    while level:
        inside = Album.objects.filter(parent__in=level, parent__kind=Album.Kind.FOLDER)
        level = []
        for album_id, parent_id in inside.values_list("pk", "parent"):
            if parent_id and (album_id not in roles or roles[parent_id] > roles[album_id]):
                roles[album_id] = roles[parent_id]
                level.append(album_id)
    return roles


def visible_albums(user: User) -> QuerySet[Album]:
    """The user's own albums and those shared with them."""
    return Album.objects.filter(Q(owner=user) | Q(pk__in=shared_roles(user)))


def role_in(user: User, album: Album) -> Role | None:
    """The user's role in the album; None if they may not see it."""
    return Role.OWNER if album.owner_id == user.pk else shared_roles(user).get(album.pk)


def album_or_404(user: User, key: str, least: Role = Role.VIEWER) -> Album:
    """The album with that key, if the user's role in it is at least `least`. Raises Http404."""
    album = get_object_or_404(Album.objects.select_related("owner", "parent"), key=key)
    role = role_in(user, album)
    if role is None or role < least:
        raise Http404("no such album")
    return album


def manual_album_or_404(user: User, key: str, least: Role) -> Album:
    """Like `album_or_404`, but only for albums put together by hand."""
    album = album_or_404(user, key, least)
    if not album.is_manual:
        raise Http404("not an album by hand")
    return album


def removable(user: User, album: Album, keys: Sequence[str]) -> list[int]:
    """The ids of the photos that the user may remove from the album: co-owners any, contributors their own."""
    items = AlbumItem.objects.filter(album=album, photo__key__in=keys)
    if (role_in(user, album) or Role.VIEWER) < Role.CO_OWNER:
        items = items.filter(photo__owner=user)
    return list(items.values_list("photo", flat=True))


def partners_of(user: User, *, on_timeline: bool = False) -> list[int]:
    """The ids of those who share their whole library with the user, all or only those on the user's timeline."""
    libraries = Share.objects.filter(user=user, album=None)
    return list((libraries.filter(on_timeline=True) if on_timeline else libraries).values_list("owner", flat=True))


def sight(user: User) -> Q | None:
    """The photos of others that the user sees: in partners' libraries, except archived ones, and in albums."""
    seen = []
    if partners := partners_of(user):
        seen.append(Q(owner__in=partners, archived=False))
    if shared := shared_roles(user):
        seen.append(Q(pk__in=AlbumItem.objects.filter(album__in=shared).values("photo")))
    if Share.objects.filter(album__owner=user).exclude(role=Role.VIEWER).exists():
        seen.append(Q(pk__in=AlbumItem.objects.filter(album__in=albums_of(user)).values("photo")))  # others added some
    return reduce(or_, seen) if seen else None
