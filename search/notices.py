"""What is told of a search that can be read: names that nobody has, and connectives that were taken for words."""

from dataclasses import dataclass

from photos.gallery.timeline import Page
from search.compile import Found, Notice
from search.language import connectives
from search.language.tree import written


@dataclass(frozen=True)
class Told:
    """A notice in words, and the search as it was probably meant, where that is known."""

    message: str
    suggestion: str = ""


def notices_of(text: str, found: Found, page: Page) -> list[Told]:
    """What the user should know of the search `text`, whose first photos are on the page."""
    return [named(text, notice) for notice in found.notices] + connected(text, found, page)


def named(text: str, notice: Notice) -> Told:
    """That nobody or nothing is called so; the suggestion has the name that was meant."""
    meant = f"{text[: notice.start]}{written(notice.meant)}{text[notice.end :]}" if notice.meant else ""
    return Told(notice.message, meant)


def connected(text: str, found: Found, page: Page) -> list[Told]:
    """Where little was found: whether OR, AND or NOT was meant by words of the search."""
    if page.newer or page.older or sum(len(day.photos) for day in page.days) >= connectives.LITTLE:
        return []
    meant = connectives.meant(text, found.tree)
    return [Told("OR, AND and NOT are written in capitals.", meant)] if meant else []
