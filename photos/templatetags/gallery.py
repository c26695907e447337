"""Template tags of the gallery: tiles, places, boxes, maps."""

import base64
from collections.abc import Iterable
from typing import Any, Protocol
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from mirage.wording import listed
from photos.gallery import dates, place_names, tiles
from photos.models import Photo

register = template.Library()


class Boxed(Protocol):
    """A face or an object with its box, in fractions of the upright picture."""

    x: float
    y: float
    width: float
    height: float


for described in (tiles.address, tiles.aspect_class, tiles.clock, tiles.spoken, dates.day_text, dates.time_text):
    register.filter(described)
register.filter("picture", tiles.picture)


@register.simple_tag(takes_context=True, name="tiles")
def tiles_of(context: RequestContext, photos: Iterable[Photo]) -> SafeString:
    """The photos as tiles of the current listing."""
    return tiles.tiles_html(photos, context["listing"].slug)


@register.simple_tag(takes_context=True)
def town_of(context: RequestContext, photo: Photo) -> str:
    """The town where the photo was taken, in the user's language."""
    return place_names.town_in(language_of(context), photo.country_code, photo.place)


@register.simple_tag(takes_context=True)
def places_in_words(context: RequestContext, places: list[tuple[str, str]]) -> str:
    """Towns, given with their country codes, in the user's language."""
    language = language_of(context)
    return listed(place_names.town_in(language, code, name) for name, code in places)


def language_of(context: RequestContext) -> str:
    request = context.get("request")
    return place_names.language_for(request) if request else place_names.ENGLISH


@register.simple_tag
def box_attributes(thing: Boxed) -> SafeString:
    """The box of a face or an object, or where an edited picture has it, as data attributes for the script."""
    x, y, width, height = getattr(thing, "seen", None) or (thing.x, thing.y, thing.width, thing.height)
    sides = {"x": x, "y": y, "width": width, "height": height}
    return flatatt({f"data-{side}": f"{value:.5f}" for side, value in sides.items()})


@register.inclusion_tag("photos/viewer/_action.html", takes_context=True)
def photo_action(
    context: RequestContext,
    action: str,
    label: str,
    icon: str,
    key: str = "",
    next: str = "",
    pressed: str = "",
    in_menu: bool = False,
) -> dict[str, Any]:
    """A button for the current photo. `next` is where the browser goes without JavaScript."""
    return {
        "action": action,
        "label": label,
        "icon": icon,
        "key": key,
        "pressed": pressed or None,
        "in_menu": in_menu,
        "photo": context["photo"],
        "next": next or context["request"].get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def map_sources() -> SafeString:
    """Attributes for the element that basemap.js draws a map into: the addresses of its data.

    Browsers keep the names of places for a while, so their addresses say in which language they are.
    """
    language = urlencode({"in": get_language() or place_names.ENGLISH})
    addresses = {
        "data-style": static("vendor/maplibre-gl/maplibre-gl.css"),
        "data-worker": static("vendor/maplibre-gl/maplibre-gl-worker.js"),
        "data-coarse": static("vendor/world-atlas/countries-50m.json"),
        "data-fine": static("vendor/world-atlas/countries-10m.json"),
        "data-towns": f"{reverse('photos:towns')}?{language}",
        "data-countries": f"{reverse('photos:countries')}?{language}",
    }
    if settings.MIRAGE_MAP_TILES:
        addresses |= {"data-tiles": settings.MIRAGE_MAP_TILES, "data-credit": settings.MIRAGE_MAP_CREDIT}
    return flatatt(addresses)


@register.filter
def base64_text(data: bytes | memoryview) -> str:
    """Bytes as base64, for a data attribute."""
    return base64.b64encode(data).decode("ascii")
