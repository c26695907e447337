"""What the templates of people need beside those of the gallery."""

import zlib

from django import template
from django.urls import reverse

from people.models import Face

register = template.Library()


@register.filter
def crop(face: Face, size: str = "small") -> str:
    """The address of the face's picture; another one when its box has moved, since browsers keep it for ever."""
    mark = zlib.crc32(repr(face.box).encode())
    return f"{reverse('people:crop', args=[face.pk, size])}?v={mark:08x}"
