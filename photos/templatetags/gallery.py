"""What the gallery's templates need beside Django's own: tiles' shapes, durations, the entries of the rail."""

import base64
import math
from collections.abc import Callable
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from accounts.models import User
from photos import attention, place_names, resolving
from photos.addresses import THUMBNAILS, page_address, thumbnail_address
from photos.models import Photo
from photos.timeline import LISTINGS

register = template.Library()

# static/css/aspects.css has one class for each power of 1.025 in this range.
ASPECT_STEP, NARROWEST, WIDEST = 1.025, -45, 57


@register.filter
def aspect_class(photo: Photo) -> str:
    """The class that gives a tile the photo's aspect ratio; 4:3 where width or height are unknown."""
    ratio = photo.width / photo.height if photo.width and photo.height else 4 / 3
    return f"r{min(max(round(math.log(ratio, ASPECT_STEP)), NARROWEST), WIDEST)}"


@register.filter
def address(photo: Photo, page: str) -> str:
    """The address of the photo's page of that name (photo, info, original, …) or of its thumbnail of that size.

    A photo that is shown elsewhere, as to guests of a public link, brings `address_of`.
    """
    elsewhere: Callable[[str], str] | None = getattr(photo, "address_of", None)
    if elsewhere:
        return elsewhere(page)
    return thumbnail_address(photo, page) if page in THUMBNAILS else page_address(photo.key, page)


@register.simple_tag(takes_context=True)
def town_of(context: RequestContext, photo: Photo) -> str:
    """Where the photo was taken, as the user's language calls the town."""
    return place_names.town_in(language_of(context), photo.country_code, photo.place)


@register.simple_tag(takes_context=True)
def places_in_words(context: RequestContext, places: list[tuple[str, str]]) -> str:
    """Towns with the codes of their countries, as the user's language calls them."""
    language = language_of(context)
    return ", ".join(place_names.town_in(language, code, name) for name, code in places)


def language_of(context: RequestContext) -> str:
    request = context.get("request")
    return place_names.language_of(request.headers.get("Accept-Language", "")) if request else place_names.ENGLISH


@register.filter
def base64_text(data: bytes | memoryview) -> str:
    """Bytes as base64, for a data attribute."""
    return base64.b64encode(data).decode("ascii")


@register.filter
def clock(seconds: float | None) -> str:
    """A duration as 0:07, 12:34 or 1:02:03; empty when unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.simple_tag(takes_context=True)
def rail_entries(context: RequestContext) -> list[dict[str, Any]]:
    """The listings with their address and whether the page shown is theirs."""
    shown = context.get("listing")
    return [
        {
            "slug": listing.slug,
            "title": listing.title,
            "icon": listing.icon,
            "url": reverse(f"photos:{listing.slug}"),
            "current": shown is listing,
        }
        for listing in LISTINGS.values()
    ]


@register.filter
def following_theme(theme: str) -> str:
    """The appearance that comes after this one at a press of the button."""
    themes = User.Theme.values
    return themes[(themes.index(theme) + 1) % len(themes)]


@register.simple_tag(takes_context=True)
def attention_count(context: RequestContext) -> int:
    """How many things the user should look at: stages that gave up and files that could not be taken in."""
    request = context["request"]
    if not hasattr(request, "attention_count"):  # the rail and the bottom bar both ask
        failed, files = attention.failed_photos(request.user), attention.import_failures(request.user)
        request.attention_count = failed.count() + files.count()
    return request.attention_count


@register.simple_tag(takes_context=True)
def duplicates_count(context: RequestContext) -> int:
    """How many groups of duplicates wait for the user's decision."""
    request = context["request"]
    if not hasattr(request, "duplicates_count"):  # the rail and the bottom bar both ask
        request.duplicates_count = resolving.open_groups(request.user).count()
    return request.duplicates_count


@register.filter
def spoken(photo: Photo) -> str:
    """What a screen reader says of a tile: title or kind, when and where it was taken."""
    what = photo.title or ("Video" if photo.is_video else "Photo")
    if getattr(photo, "untold", False):
        return what
    when = f"{photo.taken_local:%-d %B %Y, %H:%M}"
    return ", ".join(part for part in (what, when, photo.place) if part)
