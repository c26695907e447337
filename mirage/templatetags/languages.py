"""Tags and filters for words in the reader's language; built into every template."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from mirage import wording
from mirage.web import languages

register = template.Library()


@register.filter
def in_language(text: object) -> str:
    """A sentence that was kept in English, in the language of this page: {{ failure.reason|in_language }}."""
    return languages.in_language(str(text or ""))


@register.filter
def number(value: int | float | None) -> str:
    """A number with the separators of this page's language: {{ count|number }}."""
    return "" if value is None else wording.number_in_words(value)


@register.filter
def listed(things: Iterable[object] | None) -> str:
    """Things as the language of this page writes a list: {{ places|listed }}."""
    return wording.listed(things or ())


@register.simple_tag
def page_language() -> SafeString:
    """The attributes of <html> that say the language of the page and its direction: <html {% page_language %}>."""
    direction = "rtl" if get_language_bidi() else "ltr"
    return format_html('lang="{}" dir="{}"', languages.written(get_language() or languages.ENGLISH), direction)


@register.simple_tag
def words_script() -> SafeString | str:
    """The script with the words of scripts, where they are not English. It stands before the modules."""
    address = languages.words_address()
    return format_html('<script defer src="{}"></script>', address) if address else ""
