"""Writing into the files of photos, and putting them back as they came."""

from typing import Any, Literal

from ninja import Router

from api.auth import ApiRequest, allowed
from api.schemas.base import Keys, answers
from api.schemas.photos import Written
from photos.access import photos_by_keys
from photos.editing import file_writing

router = Router(tags=["Photos"])
AT_ONCE = 10  # files that a program waits for; more are for the workers


@router.post(
    "/files/{action}", response=answers(Written), auth=allowed("edit"), summary="Write into files, or put them back"
)
def write_files(request: ApiRequest, action: Literal["write", "back"], body: Keys) -> dict[str, Any]:
    """Title, description, rating, keywords, time and place, into the files themselves; the files before are kept.

    `back` puts those back. Up to ten files are done at once, more by the workers: `GET /jobs` tells how far they are.
    """
    back = action == "back"
    keys = {pk: key for batch in photos_by_keys(request.user, body.keys) for pk, key in able(batch, back)}
    if len(keys) > AT_ONCE:
        file_writing.demand(sorted(keys), back=back)
        return {"done": [], "waiting": len(keys), "refused": []}
    refused = file_writing.attempt(sorted(keys), file_writing.restore_file if back else file_writing.write_file)
    return {
        "done": [key for pk, key in keys.items() if pk not in refused],
        "waiting": 0,
        "refused": [{"key": keys[pk], "reason": reason} for pk, reason in refused.items()],
    }


def able(photos: Any, back: bool) -> list[tuple[int, str]]:
    """Ids and keys of those of the photos that it can be done to."""
    found = file_writing.with_backup(photos) if back else file_writing.writable(photos)
    return list(found.order_by("pk").values_list("pk", "key"))
