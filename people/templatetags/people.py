"""Template tags for people and faces."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from people.covers import crop_address

register = template.Library()
register.filter("crop", crop_address)


@register.filter
def choices(names: Iterable[str]) -> SafeString:
    """The names as options of a list: thousands of them take a loop in a template too long."""
    return format_html_join("", '<option value="{}"></option>', ((name,) for name in names))
