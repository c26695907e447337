"""The trash: deleting for good. Into the trash and back: `POST /photos/actions/trash` and `restore`."""

from ninja import Router

from accounts import activity
from api.auth import ApiRequest, allowed
from api.schemas.base import Count, Keys, answers
from photos.access import photos_by_keys
from photos.storage import deletion

router = Router(tags=["Trash"])


@router.post("/delete", response=answers(Count), auth=allowed("delete"), summary="Delete for good")
def delete_photos(request: ApiRequest, body: Keys) -> dict[str, int]:
    """Those of the photos that are in the trash, with their files. Nothing brings them back."""
    count = sum(deletion.delete(batch.trashed()) for batch in photos_by_keys(request.user, body.keys))
    if count:
        activity.record("deleted photos", request, subject=f"{count} photos", by="API")
    return {"count": count}


@router.post("/empty", response=answers(Count), auth=allowed("delete"), summary="Empty the trash")
def empty_the_trash(request: ApiRequest) -> dict[str, int]:
    """All that is in it."""
    count = deletion.empty_trash(request.user)
    if count:
        activity.record("emptied the trash", request, subject=f"{count} photos", by="API")
    return {"count": count}
