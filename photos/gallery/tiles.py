"""The tiles of a grid as HTML. By hand: a page has a hundred, and a template takes ten times as long for each."""

import base64
import math
from collections.abc import Callable, Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from mirage.templatetags.icons import icon
from photos.addresses import THUMBNAILS, page_address, thumbnail_address
from photos.gallery import dates
from photos.models import Photo

# static/css/photos/aspects.css has one class for each power of 1.025 in this range.
ASPECT_STEP, NARROWEST, WIDEST = 1.025, -45, 57


def tiles_html(photos: Iterable[Photo], listing: str) -> SafeString:
    """A figure for each, linked to the photo's page, from where the viewer turns within the list of that slug."""
    within = "" if listing == "timeline" else f"?in={escape(listing)}"
    return mark_safe("".join(tile_html(photo, within) for photo in photos))  # escaped part by part


def tile_html(photo: Photo, within: str) -> str:
    key, name = escape(photo.key), escape(photo.original_name)
    favourite = " favourite" if photo.favourite else ""
    thumbhash = f' data-hash="{base64.b64encode(photo.thumbhash).decode()}"' if photo.thumbhash else ""
    return (
        f'<figure class="tile {aspect_class(photo)}{favourite}" id="p-{key}" data-key="{key}"{thumbhash}>\n'
        f'<a class="tile-link" href="{escape(address(photo, "photo"))}{within}" aria-label="{escape(spoken(photo))}">'
        f"{_picture(photo, name)}</a>\n{_badges(photo)}"
        f'<input class="tile-check" type="checkbox" name="keys" value="{key}" form="selection"'
        f' aria-label="Select {name}">\n</figure>\n'
    )


def _picture(photo: Photo, name: str) -> str:
    if not photo.displayable:
        return f'<span class="tile-name">{icon("file-image")}{name}</span>'
    small, medium = escape(address(photo, "small")), escape(address(photo, "medium"))
    return f'<img src="{small}" srcset="{medium} 1.5x" alt="" loading="lazy" decoding="async">'


def _badges(photo: Photo) -> str:
    """How many are in its stack, how long it plays."""
    badges, count = "", getattr(photo, "stack_count", None) or 0
    if count > 1:
        layers = icon("layers", "icon-small")
        badges += f'<span class="tile-stack" aria-label="Stack of {count}">{count}{layers}</span>\n'
    if photo.is_video:
        badges += f'<span class="tile-badge">{clock(photo.duration)}</span>\n'
    return badges


def aspect_class(photo: Photo) -> str:
    """The class that gives a tile the photo's aspect ratio; 4:3 where width or height are unknown."""
    ratio = photo.width / photo.height if photo.width and photo.height else 4 / 3
    return f"r{min(max(round(math.log(ratio, ASPECT_STEP)), NARROWEST), WIDEST)}"


def address(photo: Photo, page: str) -> str:
    """The address of the photo's page of that name (photo, info, original, …) or of its thumbnail of that size.

    A photo that is shown elsewhere, as to guests of a public link, brings `address_of`.
    """
    elsewhere: Callable[[str], str] | None = getattr(photo, "address_of", None)
    if elsewhere:
        return elsewhere(page)
    return thumbnail_address(photo, page) if page in THUMBNAILS else page_address(photo.key, page)


def clock(seconds: float | None) -> str:
    """A duration as 0:07, 12:34 or 1:02:03; empty when unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(photo: Photo) -> str:
    """What a screen reader says of a tile: title or kind, when and where it was taken."""
    what = photo.title or ("Video" if photo.is_video else "Photo")
    if getattr(photo, "untold", False):
        return what
    return ", ".join(part for part in (what, dates.moment_text(photo), photo.place) if part)
