"""Keywords in the panel of a photo."""

from django import template

from photos.models import Photo
from tags import keywords
from tags.models import PhotoTag

register = template.Library()


@register.simple_tag
def learnt_of(photo: Photo) -> list[tuple[str, int]]:
    """The learned tags on the photo, with their confidence in percent."""
    rows = PhotoTag.objects.filter(photo=photo, source=keywords.LEARNT, rejected=False).select_related("tag")
    return [(row.tag.path, round(100 * (row.confidence or 0))) for row in rows.order_by("-confidence")]


register.simple_tag(keywords.keywords_of)
