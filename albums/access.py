"""Who may see and change which albums, and what of others' photos a user sees through sharing.

Roles rise: a viewer looks, a contributor adds own photos, a co-owner arranges and describes the album, the owner alone
shares and deletes it. Who may see a folder sees all that is in it, with the same role.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from albums.models import Album, AlbumItem, Role, Share


def albums_of(user: User) -> QuerySet[Album]:
    """The user's own albums, smart albums and folders."""
    return Album.objects.filter(owner=user)


def shared_roles(user: User) -> dict[int, Role]:
    """The albums that others share with the user, directly or in a folder, by id, with the highest role."""
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
    """The user's albums and those that are shared with the user."""
    return Album.objects.filter(Q(owner=user) | Q(pk__in=shared_roles(user)))


def role_in(user: User, album: Album) -> Role | None:
    """What the user may do with the album; None for not even look at it."""
    return Role.OWNER if album.owner_id == user.pk else shared_roles(user).get(album.pk)


def album_or_404(user: User, key: str, least: Role = Role.VIEWER) -> Album:
    """The album of that key if the user has at least that role in it; any other is as if it did not exist."""
    album = get_object_or_404(Album.objects.select_related("owner", "parent"), key=key)
    role = role_in(user, album)
    if role is None or role < least:
        raise Http404("no such album")
    return album


def manual_album_or_404(user: User, key: str, least: Role) -> Album:
    """As `album_or_404`, but only for albums put together by hand."""
    album = album_or_404(user, key, least)
    if not album.is_manual:
        raise Http404("not an album by hand")
    return album


def removable(user: User, album: Album, keys: Sequence[str]) -> list[int]:
    """The ids of the photos that the user may take out of the album: any for co-owners, their own for contributors."""
    items = AlbumItem.objects.filter(album=album, photo__key__in=keys)
    if (role_in(user, album) or Role.VIEWER) < Role.CO_OWNER:
        items = items.filter(photo__owner=user)
    return list(items.values_list("photo", flat=True))


def partners_of(user: User, *, on_timeline: bool = False) -> list[int]:
    """Who shares the whole library with the user; with `on_timeline` those whom the user wants among the own photos."""
    libraries = Share.objects.filter(user=user, album=None)
    return list((libraries.filter(on_timeline=True) if on_timeline else libraries).values_list("owner", flat=True))


def partners_on_timeline(user: User) -> list[int]:
    """Whose photos the user has among the own ones."""
    return partners_of(user, on_timeline=True)


def sight(user: User) -> Q | None:
    """Which photos of others the user sees: partners' libraries without their archives, and what is in albums."""
    seen = []
    if partners := partners_of(user):
        seen.append(Q(owner__in=partners, archived=False))
    shared = shared_roles(user)
    if shared:
        seen.append(Q(pk__in=AlbumItem.objects.filter(album__in=shared).values("photo")))
    if Share.objects.filter(album__owner=user).exclude(role=Role.VIEWER).exists():
        seen.append(Q(pk__in=AlbumItem.objects.filter(album__in=albums_of(user)).values("photo")))  # others added some
    if not seen:
        return None
    granted = seen.pop()
    for others in seen:
        granted |= others
    return granted
