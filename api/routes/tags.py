"""Tags: which there are, and on which photos."""

from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Q
from ninja import Router

from api.auth import ApiRequest, allowed
from api.schemas.base import Count, answers
from api.schemas.tags import TagChange, TagList
from photos.access import photos_of
from photos.editing import bulk
from tags import keywords
from tags.models import Tag

router = Router(tags=["Tags"])
MOST = 50_000


@router.get("", response=answers(TagList), auth=allowed("read"), summary="All tags")
def tags(request: ApiRequest) -> dict[str, Any]:
    """The tags of the own library with the number of photos that carry them."""
    here = Q(photo_tags__rejected=False, photo_tags__photo__trashed_at=None)
    rows = Tag.objects.filter(owner=request.user).annotate(count=CountOf("photo_tags", filter=here)).order_by("path")
    told = [{"path": row.path, "name": row.name, "colour": row.colour, "photos": row.count} for row in rows[:MOST]]
    return {"tags": told}


@router.post("/change", response=answers(Count), auth=allowed("edit"), summary="Put tags on photos, take them off")
def change_tags(request: ApiRequest, body: TagChange) -> dict[str, int]:
    """`travel/japan` is Japan below travel; tags that are not there yet are made."""
    change = keywords.change_keywords(body.add, body.remove)
    made = bulk.make(request.user, photos_of(request.user).filter(key__in=body.keys), change, request.user)
    return {"count": bulk.progress_of(made).changed}
