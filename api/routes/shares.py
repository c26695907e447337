"""Sharing: albums and libraries with other users, public links with anybody."""

from dataclasses import fields, replace
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.errors import HttpError

from accounts import activity
from accounts.models import User
from albums import sharing
from albums.access import Role, album_or_404
from albums.models import Album, Share, ShareLink
from albums.public import links
from api.auth import ApiRequest, allowed
from api.schemas.base import Key, answers
from api.schemas.shares import LinkEdit, LinkIn, LinkList, LinkOut, ShareIn, ShareList, ShareOut
from photos.access import own_keys

router = Router(tags=["Shares"])


@router.get("/shares", response=answers(ShareList), auth=allowed("read"), summary="List shares")
def shares(request: ApiRequest) -> dict[str, Any]:
    """What you share with others, and what others share with you."""
    rows = Share.objects.select_related("owner", "user", "album").order_by("-created_at", "-pk")
    given, received = rows.filter(owner=request.user), rows.filter(user=request.user)
    return {"given": [described(row) for row in given], "received": [described(row) for row in received]}


@router.post("/shares", response=answers(ShareOut, 201), auth=allowed("share"), summary="Share with somebody")
def share(request: ApiRequest, body: ShareIn) -> Status[Any]:
    """An album of yours with a role, or your whole library. To change the role, share again."""
    user = get_object_or_404(User, username=body.user, is_active=True)
    rows = Share.objects.select_related("owner", "user", "album")
    if body.album:
        album = album_or_404(request.user, body.album, Role.OWNER)
        sharing.share_album(album, user, body.role, request.user)
        made = rows.get(album=album, user=user)
    else:
        sharing.share_library(request.user, user)
        made = rows.get(owner=request.user, user=user, album=None)
    what = made.album.name if made.album else "the library"
    activity.record("shared", request, subject=what, user=user.username, role=made.role, by="API")
    return Status(201, described(made))


@router.delete("/shares/{share_id}", response=answers(None, 204), auth=allowed("share"), summary="End a share")
def unshare(request: ApiRequest, share_id: int) -> Status[None]:
    """A share that you gave."""
    if not 0 < share_id < 2**63:
        raise Http404("no such share")
    found = get_object_or_404(Share.objects.select_related("album", "user"), pk=share_id, owner=request.user)
    if found.album:
        sharing.unshare_album(found.album, found.user, request.user)
    else:
        sharing.unshare_library(request.user, found.user)
    what = found.album.name if found.album else "the library"
    activity.record("ended a share", request, subject=what, user=found.user.username, by="API")
    return Status(204, None)


@router.get("/links", response=answers(LinkList), auth=allowed("share"), summary="List public links")
def public_links(request: ApiRequest) -> dict[str, Any]:
    """With their addresses. Whoever has an address can see what the link shows."""
    rows = ShareLink.objects.filter(owner=request.user, revoked_at=None).select_related("album")
    return {"links": [told_link(request, row) for row in rows.order_by("-created_at", "-pk")]}


@router.post("/links", response=answers(LinkOut, 201), auth=allowed("share"), summary="Make a public link")
def make_link(request: ApiRequest, body: LinkIn) -> Status[Any]:
    """It shows exactly one of these: an album of yours, photos of yours, a search."""
    album = album_or_404(request.user, body.album, Role.OWNER) if body.album else None
    keys = own_keys(request.user, body.keys)
    query = body.query.strip()
    if sum(map(bool, (album, keys, query))) != 1:
        raise HttpError(422, _("A link shows exactly one of these: an album of yours, photos of yours, a search."))
    refuse_uploads(body.allow_upload, album)
    terms = links.Terms(**{field.name: getattr(body, field.name) for field in fields(links.Terms)})
    made = links.make(request.user, terms, album=album, keys=keys, query=query)
    activity.record("made a link", request, subject=links.subject_of(made), by="API")
    return Status(201, told_link(request, made))


def refuse_uploads(wanted: bool, album: Album | None) -> None:
    """Raises a refusal if the link cannot accept uploads."""
    if wanted and (album is None or not album.is_manual):
        raise HttpError(422, _("allow_upload: guests can add photos only to an album that is not a smart album."))


@router.patch("/links/{key}", response=answers(LinkOut), auth=allowed("share"), summary="Change a public link")
def edit_link(request: ApiRequest, key: Key, body: LinkEdit) -> dict[str, Any]:
    """What it allows, from the next request on. What it shows cannot be changed."""
    found = get_object_or_404(ShareLink.objects.select_related("album"), owner=request.user, key=key, revoked_at=None)
    given = body.model_dump(exclude_unset=True)
    refuse_uploads(bool(given.get("allow_upload")), found.album)
    cleared = ("expires_at", "view_limit", "upload_limit_bytes")  # only these may be null
    given = {name: value for name, value in given.items() if value is not None or name in (*cleared, "password")}
    if "password" in given:
        given["password"] = given["password"] or ""
    links.set_terms(found, replace(links.terms_of(found), **given))
    activity.record("changed a link", request, subject=links.subject_of(found), by="API")
    return told_link(request, found)


@router.delete("/links/{key}", response=answers(None, 204), auth=allowed("share"), summary="Revoke a public link")
def revoke_link(request: ApiRequest, key: Key) -> Status[None]:
    """It stops working at once."""
    found = get_object_or_404(ShareLink.objects.select_related("album"), owner=request.user, key=key)
    links.revoke(found)
    activity.record("revoked a link", request, subject=links.subject_of(found), by="API")
    return Status(204, None)


def described(share: Share) -> dict[str, Any]:
    """A share as the API returns it."""
    return {
        "id": share.pk,
        "owner": share.owner.username,
        "user": share.user.username,
        "album": share.album.key if share.album else None,
        "role": share.role,
        "created_at": share.created_at,
    }


def told_link(request: ApiRequest, link: ShareLink) -> dict[str, Any]:
    """A link as the API returns it."""
    same = (
        "key", "name", "query", "expires_at", "view_limit", "views", "allow_download", "allow_originals",
        "allow_upload", "upload_limit_bytes", "uploaded_bytes", "show_metadata", "show_place", "created_at",
        "last_used_at",
    )  # fmt: skip
    return {name: getattr(link, name) for name in same} | {
        "address": links.address_of(request, link),
        "album": link.album.key if link.album else None,
        "photos": len(link.photo_keys),
        "has_password": bool(link.password),
    }
