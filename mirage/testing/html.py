"""What tests of pages read the HTML with."""

import re

from django.http import HttpResponse


def folded(page: str | HttpResponse) -> str:
    """The HTML of a page without the white space in which templates differ: where lines break, and beside tags."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r" ?([<>]) ?", r"\1", re.sub(r"\s+", " ", text)).strip()
