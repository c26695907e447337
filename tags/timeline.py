"""The photos of a tag and of all tags below it, as a list of the gallery."""

from django.urls import reverse

from accounts.models import User
from photos.access import photos_of
from photos.gallery.timeline import Listing, Timeline
from photos.models.among import among
from tags.access import GIVEN, tag_or_404
from tags.models import PhotoTag, Tag


def timeline(user: User, key: str) -> Timeline:
    """The list `tag.ID`. Raises Http404 if the user has no such tag."""
    return of_tag(user, tag_or_404(user, key))


def of_tag(user: User, tag: Tag) -> Timeline:
    """The photos with this tag or one below it, including archived ones. Learned tags do not count."""
    below = Tag.objects.filter(owner=user, path__startswith=f"{tag.path}/").values_list("pk", flat=True)
    # The tags by number: for a condition on their paths, SQLite goes through all tags of all photos.
    tagged = PhotoTag.objects.filter(GIVEN, among([tag.pk, *below], "tag")).values("photo")
    listing = Listing(
        f"tag.{tag.pk}",
        tag.path,
        "tag",
        lambda photos: photos.present().displayable().filter(pk__in=tagged),
        address=reverse("tags:tag", args=[tag.pk]),
    )
    return Timeline(listing, photos_of(user))
