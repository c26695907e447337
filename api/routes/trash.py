"""The trash: deleting for good. To move photos there and restore them: `POST /photos/actions/trash` and `restore`."""

from ninja import Router

from accounts import activity
from api.auth import ApiRequest, allowed
from api.schemas.base import Count, Keys, answers
from photos.access import photos_by_keys
from photos.storage import deletion

router = Router(tags=["Trash"])


@router.post("/delete", response=answers(Count), auth=allowed("delete"), summary="Delete for good")
def delete_photos(request: ApiRequest, body: Keys) -> dict[str, int]:
    """Photos in the trash, with their files. This cannot be undone."""
    count = sum(deletion.delete(batch.trashed()) for batch in photos_by_keys(request.user, body.keys))
    if count:
        activity.record("deleted photos", request, subject=f"{count} photos", by="API")
    return {"count": count}


@router.post("/empty", response=answers(Count), auth=allowed("delete"), summary="Empty the trash")
def empty_the_trash(request: ApiRequest) -> dict[str, int]:
    """Delete everything in it for good. This cannot be undone."""
    count = deletion.empty_trash(request.user)
    if count:
        activity.record("emptied the trash", request, subject=f"{count} photos", by="API")
    return {"count": count}
