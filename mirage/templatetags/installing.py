"""By what the service worker tells users of one browser apart."""

from typing import Any

from django import template

from mirage.web.installing import mark_of

register = template.Library()


@register.filter
def mark(user: Any) -> str:
    """The mark of a user; empty for nobody, and on pages without a request."""
    return mark_of(user) if user else ""
