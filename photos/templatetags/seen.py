"""Template tags for what models found in a photo."""

from django import template

from photos.gallery.picture import seen
from photos.gallery.vocabulary import named

register = template.Library()
register.simple_tag(seen.labels_of)
register.simple_tag(seen.text_of)
register.filter("called", named)
