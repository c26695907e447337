"""Icons, as references into the sprite."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# They point to what comes next or before, so they are mirrored where reading goes to the left.
DIRECTED = {"arrow-left", "chevron-left", "chevron-right", "log-out", "redo-2", "undo-2"}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """The icon `name` in static/vendor/lucide/sprite.svg, hidden from screen readers. `extra` adds classes."""
    return _drawn(name, extra, get_script_prefix())


@cache
def _drawn(name: str, extra: str, script_prefix: str) -> SafeString:
    """The icon for a prefix of the sprite's address. Cached, because a page has a hundred icons."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        " directed" * (name in DIRECTED) + (f" {extra}" if extra else ""),
        static("vendor/lucide/sprite.svg"),
        name,
    )
