"""Comments on photos. Everybody who sees a photo may comment; the author and the photo's owner may change comments."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from media.text import clean
from mirage.refusals import NotPossible
from mirage.wording import number_in_words
from photos.access import visible_photos
from photos.models import Comment, Photo

MAX_LENGTH = 5_000  # characters


def comments_on(photo: Photo) -> QuerySet[Comment]:
    """The comments on a photo, the oldest first."""
    return photo.comments.select_related("author").order_by("created_at", "pk")


def comment_or_404(user: User, pk: int) -> Comment:
    """A comment that the user may change: the user is its author or owns the photo, and can see the photo."""
    mine = Comment.objects.filter(Q(author=user) | Q(photo__owner=user), photo__in=visible_photos(user).values("pk"))
    return get_object_or_404(mine.select_related("photo", "author"), pk=pk)


def clean_text(text: str) -> str:
    """The text of a comment without stray characters. Raises NotPossible if it is empty or too long."""
    text = clean(text)
    if not text:
        raise NotPossible(_("Write something first."))
    if len(text) > MAX_LENGTH:
        raise NotPossible(_("A comment has at most %(most)s characters.") % {"most": number_in_words(MAX_LENGTH)})
    return text


def add(photo: Photo, author: User, text: str) -> Activity:
    """Add a comment."""
    with transaction.atomic():
        comment = Comment.objects.create(photo=photo, author=author, text=clean_text(text))
        return record(comment, author, "added")


def edit(comment: Comment, by: User, text: str) -> Activity:
    """Change the text of a comment, and mark it as edited."""
    with transaction.atomic():
        before, comment.text, comment.edited_at = comment.text, clean_text(text), timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        return record(comment, by, "edited", before=before)


def remove(comment: Comment, by: User) -> Activity:
    """Remove a comment."""
    with transaction.atomic():
        stamps = {name: value.isoformat() if (value := getattr(comment, name)) else None for name in STAMPS}
        activity = record(comment, by, "removed", text=comment.text, author=comment.author_id, **stamps)
        comment.delete()
        return activity


STAMPS = ("created_at", "edited_at")


def record(comment: Comment, by: User, verb: str, **detail: Any) -> Activity:
    """Record what was done."""
    return Activity.objects.create(
        owner=comment.photo.owner,
        actor=by,
        verb=f"comments.{verb}",
        target_type="photo",
        target_id=comment.photo_id,
        detail={"comment": comment.pk, "photo": comment.photo.key, **detail},
    )


def revert(activity: Activity, by: User) -> None:
    """Restore a removed comment. Raises NotPossible if its photo or its author is gone."""
    detail = activity.detail
    photo = Photo.objects.filter(pk=activity.target_id or 0).first()
    author = User.objects.filter(pk=detail["author"]).first()
    if photo is None or author is None:
        raise NotPossible(_("This comment cannot be restored."))
    comment = Comment.objects.create(pk=detail["comment"], photo=photo, author=author, text=detail["text"])
    stamps = {name: parse_datetime(detail[name]) for name in STAMPS if detail[name]}
    Comment.objects.filter(pk=comment.pk).update(**stamps)
