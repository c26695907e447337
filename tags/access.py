"""Which tags a user may see and change."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Activity, User
from mirage.web.parameters import row_id
from photos.access import shared_photos
from tags.models import PhotoTag, Tag

GIVEN = Q(rejected=False) & ~Q(source=PhotoTag.Source.LEARNT)  # the tags that the owner or the file gave


def tags_of(user: User) -> QuerySet[Tag]:
    """The user's tags in the order of the tree."""
    return Tag.objects.filter(owner=user).order_by("path")


def counted_tags(user: User) -> QuerySet[Tag]:
    """The user's tags with `photo_count`, the number of photos that have the tag itself."""
    given = Q(photo_tags__rejected=False) & ~Q(photo_tags__source=PhotoTag.Source.LEARNT)
    shown = given & Q(photo_tags__photo__trashed_at=None)
    return tags_of(user).annotate(photo_count=Count("photo_tags", filter=shown))


def shared_tags(user: User) -> QuerySet[Tag]:
    """The tags that others gave to photos that they share with the user.

    Tags that are on no such photo, or that Mirage only proposes to their owner, do not exist for the user.
    """
    theirs = shared_photos(user)
    if theirs.query.is_empty():
        return Tag.objects.none()
    given = PhotoTag.objects.filter(GIVEN, tag=OuterRef("pk"), photo__in=theirs.order_by().values("pk"))
    return Tag.objects.exclude(owner=user).filter(Exists(given))


def tag_or_404(user: User, pk: int | str) -> Tag:
    """The user's tag, also by an id from a form. Raises Http404."""
    return get_object_or_404(tags_of(user).select_related("parent"), pk=row_id(str(pk)))


def action_or_404(user: User, activity_id: int) -> Activity:
    """An action on the user's tags. Raises Http404."""
    return get_object_or_404(Activity, owner=user, verb__startswith="tags.", pk=activity_id)
