"""What is shared with whom."""

from typing import Any

from ninja import Router

from albums.models import Share
from api.auth import ApiRequest, allowed
from api.schemas import ShareList, answers

router = Router(tags=["Shares"])


@router.get("", response=answers(ShareList), auth=allowed("read"), summary="All shares")
def shares(request: ApiRequest) -> dict[str, Any]:
    """What you share with others, and what others share with you."""
    rows = Share.objects.select_related("owner", "user", "album").order_by("-created_at", "-pk")
    given, received = rows.filter(owner=request.user), rows.filter(user=request.user)
    return {"given": [described(row) for row in given], "received": [described(row) for row in received]}


def described(share: Share) -> dict[str, Any]:
    """A share as the API has it."""
    return {
        "id": share.pk,
        "owner": share.owner.username,
        "user": share.user.username,
        "album": share.album.key if share.album else None,
        "role": share.role,
        "created_at": share.created_at,
    }
