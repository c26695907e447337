"""Tags, and the photos that have them."""

from typing import Any

from ninja import Router

from api.auth import ApiRequest, allowed
from api.schemas.base import Count, answers
from api.schemas.tags import TagChange, TagList
from photos.access import photos_of, with_keys
from photos.editing import bulk
from tags import keywords
from tags.access import counted_tags

router = Router(tags=["Tags"])
MOST = 50_000


@router.get("", response=answers(TagList), auth=allowed("read"), summary="List tags")
def tags(request: ApiRequest) -> dict[str, Any]:
    """The tags of your library with their numbers of photos."""
    rows = counted_tags(request.user)[:MOST]
    told = [{"path": row.path, "name": row.name, "colour": row.colour, "photos": row.photo_count} for row in rows]
    return {"tags": told}


@router.post("/change", response=answers(Count), auth=allowed("edit"), summary="Add and remove tags")
def change_tags(request: ApiRequest, body: TagChange) -> dict[str, int]:
    """`travel/japan` is the tag Japan below travel. Tags that do not exist yet are made."""
    change = keywords.change_keywords(body.add, body.remove)
    made = bulk.make(request.user, with_keys(photos_of(request.user), body.keys), change, request.user)
    return {"count": bulk.progress_of(made).changed}
