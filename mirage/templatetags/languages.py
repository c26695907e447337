"""Filters for words in the reader's language; built into every template."""

from django import template

from mirage.web import languages
from mirage.wording import number_in_words

register = template.Library()


@register.filter
def in_language(text: object) -> str:
    """A sentence that was kept in English, in the language of this page: {{ failure.reason|in_language }}."""
    return languages.in_language(str(text or ""))


@register.filter
def number(value: int | float | None) -> str:
    """A number with the separators of this page's language: {{ count|number }}."""
    return "" if value is None else number_in_words(value)
