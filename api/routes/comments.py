"""Comments on photos: by all who can see the photo."""

from typing import Any

from ninja import Router, Status

from api.auth import ApiRequest, allowed
from api.schemas.base import Key, RowId, answers
from api.schemas.curation import CommentIn, CommentList, CommentOut
from photos.access import visible_photo_or_404
from photos.gallery import comments
from photos.models import Comment

router = Router(tags=["Comments"])


@router.get(
    "/photos/{key}/comments", response=answers(CommentList), auth=allowed("read"), summary="Comments on a photo"
)
def photo_comments(request: ApiRequest, key: Key) -> dict[str, Any]:
    """The first one first."""
    photo = visible_photo_or_404(request.user, key)
    return {"comments": [described(comment) for comment in comments.comments_on(photo)]}


@router.post("/photos/{key}/comments", response=answers(CommentOut, 201), auth=allowed("edit"), summary="Comment")
def add_comment(request: ApiRequest, key: Key, body: CommentIn) -> Status[Any]:
    """On a photo of yours or one that somebody shares with you."""
    photo = visible_photo_or_404(request.user, key)
    made = comments.add(photo, request.user, body.text)
    return Status(201, described(photo.comments.select_related("author").get(pk=made.detail["comment"])))


@router.patch("/comments/{comment}", response=answers(CommentOut), auth=allowed("edit"), summary="Change a comment")
def edit_comment(request: ApiRequest, comment: RowId, body: CommentIn) -> dict[str, Any]:
    """One of your own, or one on a photo of yours."""
    found = comments.comment_or_404(request.user, comment)
    comments.edit(found, request.user, body.text)
    return described(found)


@router.delete("/comments/{comment}", response=answers(None, 204), auth=allowed("edit"), summary="Remove a comment")
def remove_comment(request: ApiRequest, comment: RowId) -> Status[None]:
    """One of your own, or one on a photo of yours."""
    comments.remove(comments.comment_or_404(request.user, comment), request.user)
    return Status(204, None)


def described(comment: Comment) -> dict[str, Any]:
    """A comment as the API has it."""
    plain = {name: getattr(comment, name) for name in ("id", "text", "created_at", "edited_at")}
    return {**plain, "author": comment.author.username}
