"""What a search finds as one of the gallery's lists: pages, months, neighbours in the viewer."""

import base64
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from accounts.models import User
from photos.access import visible_photos
from photos.models import PhotoQuerySet
from photos.timeline import Listing, Timeline
from search import compile as compiling
from search.compile import Found
from search.grammar import Mistake, parse


def searched(user: User) -> PhotoQuerySet:
    """Where a search looks: all that the user may see, the archive too, but not the trash."""
    return visible_photos(user).present().displayable()


def timeline(user: User, key: str) -> Timeline:
    """The list `search.KEY` of the user; 404 for a key that is no search."""
    try:
        return of_found(user, compiling.find(searched(user), user, parse(text_of(key))))
    except (ValueError, Mistake) as error:
        raise Http404("no such search") from error


def of_found(user: User, found: Found) -> Timeline:
    """The photos that a search found, newest first."""
    text = str(found.tree)
    listing = Listing(
        f"search.{key_of(text)}",
        text,
        "search",
        lambda owned: owned,
        address=reverse("search:search"),
        query=f"{urlencode({'q': text})}&",
    )
    return Timeline(listing, found.photos)


def key_of(text: str) -> str:
    """A search as a part of an address."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def text_of(key: str) -> str:
    """The search again; raises ValueError for what is none."""
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
