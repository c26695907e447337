"""The photos of a tag and of all tags below it, as a list of the gallery."""

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from photos.access import photos_of
from photos.gallery.timeline import Listing, Timeline
from tags.access import GIVEN, tag_or_404
from tags.models import PhotoTag, Tag


def timeline(user: User, key: str) -> Timeline:
    """The list `tag.ID`. Raises Http404 if the user has no such tag."""
    return of_tag(user, tag_or_404(user, key))


def of_tag(user: User, tag: Tag) -> Timeline:
    """The photos with this tag or one below it, including archived ones. Learned tags do not count."""
    below = Q(tag=tag) | Q(tag__owner=user, tag__path__startswith=f"{tag.path}/")
    tagged = PhotoTag.objects.filter(below, GIVEN).values("photo")
    listing = Listing(
        f"tag.{tag.pk}",
        tag.path,
        "tag",
        lambda photos: photos.present().displayable().filter(pk__in=tagged),
        address=reverse("tags:tag", args=[tag.pk]),
    )
    return Timeline(listing, photos_of(user))
