"""Which tags a user may see and change."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Activity, User
from mirage.web.parameters import row_id
from photos.access import photos_of, shared_photos
from photos.models.among import among
from tags.models import PhotoTag, Tag

GIVEN = Q(rejected=False) & ~Q(source=PhotoTag.Source.LEARNT)  # the tags that the owner or the file gave


def tags_of(user: User) -> QuerySet[Tag]:
    """The user's tags in the order of the tree."""
    return Tag.objects.filter(owner=user).order_by("path")


def counted_tags(user: User) -> list[Any]:
    """The user's tags, each with `photo_count`: how many photos outside the trash have the tag itself.

    An index has them all. Those in the trash, which are few, are taken off, so that photos need not be looked at.
    """
    tags: list[Any] = list(tags_of(user))
    given = PhotoTag.objects.filter(GIVEN).order_by()
    shown = given.filter(among([tag.pk for tag in tags], "tag"))
    trashed = given.filter(photo__in=photos_of(user).trashed().order_by().values("pk"))
    counts, hidden = (dict(rows.values_list("tag").annotate(Count("pk"))) for rows in (shown, trashed))
    for tag in tags:
        tag.photo_count = counts.get(tag.pk, 0) - hidden.get(tag.pk, 0)
    return tags


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
