"""Reading HTML in tests of pages."""

import re

from django.http import HttpResponse


def folded(page: str | HttpResponse) -> str:
    """The HTML of a page without line breaks and white space beside tags, where templates may differ."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", text)).strip()
