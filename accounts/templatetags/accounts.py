"""Filters for the pages of accounts."""

from django import template

from accounts import log_words
from accounts.security import sessions
from mirage.web.languages import in_language

register = template.Library()
register.filter(log_words.with_name)
register.filter(log_words.without_name)


@register.filter
def device(agent: str) -> str:
    """A browser or program in words: Firefox on Linux."""
    return in_language(sessions.device(agent))
