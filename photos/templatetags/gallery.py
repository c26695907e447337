"""What the gallery's templates need beside Django's own: tiles, places, the entries of the rail."""

import base64
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from photos.gallery import dates, place_names, tiles
from photos.gallery.lists import LISTINGS
from photos.models import Photo
from photos.pipeline import attention

register = template.Library()
for described in (tiles.address, tiles.aspect_class, tiles.clock, tiles.spoken, dates.day_text, dates.time_text):
    register.filter(described)


@register.simple_tag(takes_context=True, name="tiles")
def tiles_of(context: RequestContext, photos: Iterable[Photo]) -> SafeString:
    """The photos as tiles of the listing that is shown."""
    return tiles.tiles_html(photos, context["listing"].slug)


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
