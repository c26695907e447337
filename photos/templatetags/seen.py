"""What models saw in a photo, for the info panel."""

from django import template

from photos.gallery import seen
from photos.models import Photo, PhotoText

register = template.Library()


@register.simple_tag
def labels_of(photo: Photo) -> list[seen.SeenLabel]:
    """The automatic labels in force."""
    return seen.labels_of(photo)


@register.simple_tag
def text_of(photo: Photo) -> PhotoText | None:
    """What can be read in the photo."""
    return seen.text_of(photo)
