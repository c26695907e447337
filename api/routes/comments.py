"""Comments on photos, by everybody who can see the photo."""

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
    "/photos/{key}/comments", response=answers(CommentList), auth=allowed("read"), summary="List comments on a photo"
)
def photo_comments(request: ApiRequest, key: Key) -> dict[str, Any]:
    """Oldest first."""
    photo = visible_photo_or_404(request.user, key)
    return {"comments": [described(comment) for comment in comments.comments_on(photo)]}


@router.post("/photos/{key}/comments", response=answers(CommentOut, 201), auth=allowed("edit"), summary="Comment")
def add_comment(request: ApiRequest, key: Key, body: CommentIn) -> Status[Any]:
    """The photo is your own or shared with you."""
    photo = visible_photo_or_404(request.user, key)
    made = comments.add(photo, request.user, body.text)
    return Status(201, described(photo.comments.select_related("author").get(pk=made.detail["comment"])))


@router.patch("/comments/{comment}", response=answers(CommentOut), auth=allowed("edit"), summary="Change a comment")
def edit_comment(request: ApiRequest, comment: RowId, body: CommentIn) -> dict[str, Any]:
    """The comment is your own."""
    found = comments.comment_or_404(request.user, comment)
    comments.edit(found, request.user, body.text)
    return described(found)


@router.delete("/comments/{comment}", response=answers(None, 204), auth=allowed("edit"), summary="Delete a comment")
def remove_comment(request: ApiRequest, comment: RowId) -> Status[None]:
    """The comment is your own, or on a photo of yours."""
    comments.remove(comments.comment_or_404(request.user, comment), request.user)
    return Status(204, None)


def described(comment: Comment) -> dict[str, Any]:
    """A comment as the API returns it."""
    plain = {name: getattr(comment, name) for name in ("id", "text", "created_at", "edited_at")}
    return {**plain, "author": comment.author.username}
