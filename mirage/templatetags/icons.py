"""Icons of the one set, as references into the sprite."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """The icon `name` of static/vendor/lucide/sprite.svg, hidden from screen readers; `extra` adds classes."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f" {extra}" if extra else "",
        static("vendor/lucide/sprite.svg"),
        name,
    )
