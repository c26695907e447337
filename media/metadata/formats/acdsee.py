"""ACDSee's categories: an XML document inside an XMP property."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

MAX_CATEGORIES = 1_000
MAX_DEPTH = 20


def categories(document: str | None) -> list[str]:
    """The categories of the picture as paths: `People/Anna`. None if this is not such a document."""
    if not document or "<!" in document:
        return []
    try:
        root = ElementTree.fromstring(document)
    except (ElementTree.ParseError, RecursionError, ValueError):
        return []
    return list(_assigned(root, ()))[:MAX_CATEGORIES]


def _assigned(element: ElementTree.Element, above: tuple[str, ...]) -> Iterator[str]:
    for category in element if len(above) < MAX_DEPTH else ():
        path = (*above, (category.text or "").strip().replace("/", " "))
        if category.get("Assigned") == "1" and path[-1]:
            yield "/".join(path)
        yield from _assigned(category, path)
