"""Duplicate groups that wait for a decision."""

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import Q
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from api.auth import ApiRequest, allowed
from api.schemas.base import Changed, Key, answers
from api.schemas.curation import DuplicateList, Keep
from duplicates import keeping, resolving
from duplicates.access import group_or_404
from duplicates.models import DuplicateGroup
from mirage.web.paging import first_page

router = Router(tags=["Duplicates"])
PAGE = 50


@router.get("", response=answers(DuplicateList), auth=allowed("read"), summary="List duplicate groups")
def duplicates(
    request: ApiRequest,
    tier: Literal["", "same", "edited", "burst"] = "",
    cursor: str = Query("", pattern=r"^([0-9]{1,18}\.[0-9]{1,18})?$", description="The `next` of the previous page."),
) -> dict[str, Any]:
    """The largest saving first, each with the photo to keep that Mirage suggests."""
    found = resolving.open_groups(request.user, tier or None)
    if cursor:
        saving, pk = map(int, cursor.split("."))
        found = found.filter(Q(saving__lt=saving) | Q(saving=saving, pk__lt=pk))
    rows, last = first_page(found, PAGE)
    order = keeping.order_of(request.user)
    groups = [described(group, order) for group in rows]
    return {"groups": [group for group in groups if group], "next": f"{last.saving}.{last.pk}" if last else None}


def described(group: DuplicateGroup, order: Sequence[str]) -> dict[str, Any] | None:
    """A group as the API returns it; None if its photos are gone."""
    photos = resolving.present(group)
    if len(photos) < 2:
        return None
    suggested = keeping.suggest(photos, order, resolving.framed(group)).photo
    return {"key": group.key, "tier": group.tier, "saving": group.saving, "suggested": suggested.key, "photos": photos}


@router.post("/{key}/keep", response=answers(Changed), auth=allowed("edit"), summary="Keep some photos of a group")
def keep_duplicates(request: ApiRequest, key: Key, body: Keep) -> dict[str, Any]:
    """The others go to the trash and are in the response. Without `keys`, a burst is stacked as a whole."""
    group = group_or_404(request.user, key)
    kept = [photo for photo in resolving.present(group) if photo.key in body.keys]
    if body.keys and len(kept) < len(set(body.keys)):
        raise HttpError(422, _("Some of these photos are not in the group."))
    plan = resolving.plan(group, keeping.order_of(request.user), kept)
    resolving.keep_best(request.user, [plan], request.user, merge=body.merge)
    return {"keys": [photo.key for photo in plan.removed]}


@router.post("/{key}/keep-all", response=answers(Changed), auth=allowed("edit"), summary="Keep all photos of a group")
def keep_all_duplicates(request: ApiRequest, key: Key) -> dict[str, Any]:
    """Record that they are different pictures. They are not asked about again."""
    resolving.keep_all(request.user, group_or_404(request.user, key), request.user)
    return {"keys": []}


@router.post("/{key}/stack", response=answers(Changed), auth=allowed("edit"), summary="Stack a group")
def stack_duplicates(request: ApiRequest, key: Key) -> dict[str, Any]:
    """All photos stay and are shown as one tile."""
    resolving.stack(request.user, group_or_404(request.user, key), request.user)
    return {"keys": []}
