"""Albums: the user's own and those shared with them."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Router, Status

from accounts import activity
from albums import actions
from albums.access import Role, album_or_404, manual_album_or_404, removable, role_in, shared_roles, visible_albums
from albums.changes import AddToAlbum
from albums.models import Album, AlbumItem
from api.auth import ApiRequest, allowed
from api.schemas.albums import AlbumEdit, AlbumIn, AlbumList, AlbumOut, Move
from api.schemas.base import Count, Key, Keys, answers
from mirage.refusals import NotPossible
from photos.access import photos_of, with_keys
from photos.editing import bulk
from photos.models import Photo

router = Router(tags=["Albums"])
MOST = 10_000


def described(album: Album, role: Role) -> dict[str, Any]:
    """An album as the API returns it."""
    plain = {name: getattr(album, name) for name in ("key", "name", "kind", "description", "query", "created_at")}
    folder = album.parent.key if album.parent and role == Role.OWNER else None
    return {**plain, "folder": folder, "owner": album.owner.username, "role": role}


@router.get("", response=answers(AlbumList), auth=allowed("read"), summary="List albums")
def albums(request: ApiRequest) -> dict[str, Any]:
    """Your albums and those shared with you, newest first."""
    roles = shared_roles(request.user)
    rows = visible_albums(request.user).select_related("owner", "parent").order_by("-created_at", "-pk")[:MOST]
    own = request.user.pk
    return {"albums": [described(row, Role.OWNER if row.owner_id == own else roles[row.pk]) for row in rows]}


@router.post("", response=answers(AlbumOut, 201), auth=allowed("edit"), summary="Make an album")
def create_album(request: ApiRequest, body: AlbumIn) -> Status[Any]:
    """An album filled by hand, a smart album with its query, or a folder."""
    parent = album_or_404(request.user, body.folder, Role.OWNER) if body.folder else None
    query = body.query if body.kind == Album.Kind.SMART else ""
    album = actions.create(request.user, body.name, kind=body.kind, parent=parent, query=query)
    return Status(201, described(album, Role.OWNER))


@router.get("/{key}", response=answers(AlbumOut), auth=allowed("read"), summary="Get an album")
def album(request: ApiRequest, key: Key) -> dict[str, Any]:
    """Its photos are at `GET /photos?list=album.KEY`."""
    return shown(request, key)


@router.patch("/{key}", response=answers(AlbumOut), auth=allowed("edit"), summary="Change an album")
def edit_album(request: ApiRequest, key: Key, body: AlbumEdit) -> dict[str, Any]:
    """Owners and co-owners change name, description and cover; only the owner changes the query of a smart album."""
    given = body.model_dump(exclude_unset=True)
    found = album_or_404(request.user, key, Role.OWNER if "query" in given else Role.CO_OWNER)
    values: dict[str, Any] = {name: given[name] for name in ("name", "description") if given.get(name) is not None}
    if given.get("query") is not None and found.is_smart:
        values["query"] = given["query"]
    if "cover" in given:
        values["cover"] = cover_in(found, given["cover"])
    if values:
        actions.edit(found, request.user, **values)
    return shown(request, key)


def cover_in(album: Album, key: str | None) -> Photo | None:
    """The album's photo with this key."""
    item = AlbumItem.objects.filter(album=album, photo__key=key).select_related("photo").first() if key else None
    if key and item is None:
        raise NotPossible(_("The cover must be one of the album's photos."))
    return item.photo if item else None


@router.delete("/{key}", response=answers(None, 204), auth=allowed("edit"), summary="Delete an album")
def delete_album(request: ApiRequest, key: Key) -> Status[None]:
    """The photos stay in the library."""
    found = album_or_404(request.user, key, Role.OWNER)
    actions.delete(found, request.user)
    activity.record("deleted an album", request, subject=found.name)
    return Status(204, None)


@router.post("/{key}/photos", response=answers(Count), auth=allowed("edit"), summary="Add photos to an album")
def fill_album(request: ApiRequest, key: Key, body: Keys) -> dict[str, int]:
    """Only your own photos. Those that are in the album already keep their places."""
    found = manual_album_or_404(request.user, key, Role.CONTRIBUTOR)
    photos = with_keys(photos_of(request.user), body.keys)
    made = bulk.make(request.user, photos, AddToAlbum(found.pk, found.name), request.user)
    return {"count": bulk.progress_of(made).changed}


@router.post(
    "/{key}/photos/remove", response=answers(Count), auth=allowed("edit"), summary="Remove photos from an album"
)
def empty_album(request: ApiRequest, key: Key, body: Keys) -> dict[str, int]:
    """Owners and co-owners remove any photos, contributors their own."""
    found = manual_album_or_404(request.user, key, Role.CONTRIBUTOR)
    ids = removable(request.user, found, body.keys)
    if ids:
        actions.take_out(found, request.user, ids)
    return {"count": len(ids)}


@router.post("/{key}/photos/move", response=answers(Count), auth=allowed("edit"), summary="Move photos within an album")
def move_photos(request: ApiRequest, key: Key, body: Move) -> dict[str, int]:
    """Put photos before another one, or at the end. For owners and co-owners."""
    found = manual_album_or_404(request.user, key, Role.CO_OWNER)
    return {"count": actions.move(found, request.user, body.keys, body.before).detail["count"]}


def shown(request: ApiRequest, key: str) -> dict[str, Any]:
    """The album as it is now."""
    found = album_or_404(request.user, key)
    return described(found, role_in(request.user, found) or Role.VIEWER)
