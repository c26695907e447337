"""What the pages of accounts write."""

from django import template

from accounts import sessions

register = template.Library()


@register.filter
def device(agent: str) -> str:
    """A user agent in words."""
    return sessions.device(agent)
