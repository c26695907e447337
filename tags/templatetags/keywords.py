"""Keywords in the panel of a photo."""

from django import template

from photos.models import Photo
from tags import keywords

register = template.Library()


@register.simple_tag
def keywords_of(photo: Photo) -> list[str]:
    """The paths in force on the photo."""
    return keywords.keywords_of(photo)
