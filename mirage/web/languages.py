"""What pages say, in the language of whoever looks at them."""

from django.utils.translation import gettext


def in_language(text: str) -> str:
    """A sentence that was kept in English (`media.sentences`), in the language of this answer."""
    return gettext(text) if text else ""
