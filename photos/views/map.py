"""The map: its page, clusters as JSON, the photos in a part of the world, and towns."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from media.sandbox import shared
from mirage.web import land
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos.addresses import thumbnail_address
from photos.gallery import map as photo_map
from photos.gallery import place_names
from photos.gallery.lists import LISTINGS
from photos.gallery.timeline import Cursor, Timeline

LISTS = ("timeline", "favourites", "videos")
FAR_APART = 200  # degrees of longitude; beyond, a phone shows all photos on a low map alone
TOWNS_SHOWN = 80
TOWNS_FOUND = 8
TOWNS_SECONDS = 86_400  # how long a browser may keep them
MOST_OF_IT = photo_map.Box(-125.0, -40.0, 150.0, 65.0)  # where most people live: what an empty map shows


def box_of(request: HtmxHttpRequest) -> photo_map.Box:
    """The part of the world that the address asks for. Raises Http404."""
    try:
        return photo_map.Box.parse(request.GET.get("box", ""))
    except ValueError as error:
        raise Http404("no such part of the world") from error


def listed_in(request: HtmxHttpRequest) -> Timeline:
    """The list that the parameter `in` names. By default, all photos that the user may see."""
    return photo_map.list_of(request.user, request.GET.get("in", "timeline"))


@require_safe
def page(request: HtmxHttpRequest) -> HttpResponse:
    """The map of the library. The script then requests the photos in view."""
    timeline = listed_in(request)
    context = listed(timeline, photo_map.WORLD)
    return render_page(
        request, "photos/gallery/map.html", "photos/gallery/_map_photos.html", context | around(timeline)
    )


def around(timeline: Timeline) -> dict[str, Any]:
    """The context for the map itself, without its list of photos."""
    bounds = photo_map.bounds_of(timeline)
    return {
        "on_map": True,
        "search_text": timeline.listing.title if timeline.listing.slug.startswith("search.") else "",
        "filtered_by": None if timeline.listing.slug in LISTS else timeline.listing,
        "lists": [(slug, LISTINGS[slug].title) for slug in LISTS],
        "bounds": bounds,
        "far_apart": bounds is not None and bounds.east - bounds.west > FAR_APART,
        "tiles": settings.MIRAGE_MAP_TILES,
        "land": None if settings.MIRAGE_MAP_TILES else land_in(bounds or MOST_OF_IT),
    }


def land_in(box: photo_map.Box) -> land.Drawing:
    """What the page draws until the map is there."""
    return land.around(box.west, box.south, box.east, box.north)


@require_safe
def clusters(request: HtmxHttpRequest) -> JsonResponse:
    """The clusters of a box at a zoom, as JSON."""
    try:
        zoom = int(request.GET.get("zoom", ""))
    except ValueError as error:
        raise Http404("no such zoom") from error
    timeline = listed_in(request)
    found = photo_map.clusters_of(timeline, box_of(request), zoom)
    language = place_names.language_for(request)
    covers = timeline.owned.in_bulk([cluster.cover for cluster in found])
    rows: list[dict[str, Any]] = [
        {
            "position": [cluster.longitude, cluster.latitude],
            "count": cluster.count,
            "box": str(cluster.box),
            "key": covers[cluster.cover].key,
            "picture": thumbnail_address(covers[cluster.cover], "small"),
            "label": place_names.town_in(language, covers[cluster.cover].country_code, covers[cluster.cover].place),
        }
        for cluster in found
        if cluster.cover in covers
    ]
    return JsonResponse({"clusters": rows, "total": sum(cluster.count for cluster in found)})


@require_safe
def photos(request: HtmxHttpRequest) -> HttpResponse:
    """The photos taken in a box, newest first. Without HTMX they are on the page of the map."""
    timeline = listed_in(request)
    try:
        before = Cursor.parse(request.GET["before"]) if "before" in request.GET else None
    except ValueError as error:
        raise Http404("no such place in the list") from error
    context = listed(timeline, box_of(request), before) | {"on_part": True}
    if not wants_fragment(request):
        context |= around(timeline)
    return render_page(request, "photos/gallery/map.html", "photos/gallery/_map_photos.html", context)


def listed(timeline: Timeline, box: photo_map.Box, before: Cursor | None = None) -> dict[str, Any]:
    """The context for the list beside the map."""
    page = photo_map.list_in(timeline, box).older(before)
    return {"shown": timeline.listing.slug, "page": page, "box": str(box), "scrolling": before is not None}


@require_safe
def towns(request: HtmxHttpRequest) -> JsonResponse:
    """Towns as JSON: the largest in a box, or those whose names begin with `name`."""
    if "name" in request.GET:
        found = towns_called(request.GET["name"][:80])
    else:
        box = box_of(request)
        corners = box.west, box.south, box.east, box.north
        found = shared().call("media.metadata.towns:towns_within", *corners, TOWNS_SHOWN)
    language = place_names.language_for(request)
    response = JsonResponse({"towns": [in_language(language, town) for town in found]})
    patch_cache_control(response, private=True, max_age=TOWNS_SECONDS)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def countries(request: HtmxHttpRequest) -> JsonResponse:
    """The names of the map's countries in the user's language, by number. Empty for English."""
    language = place_names.language_for(request)
    response = JsonResponse({"names": place_names.countries_by_number(language)})
    patch_cache_control(response, private=True, max_age=TOWNS_SECONDS)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def towns_called(text: str) -> list[dict[str, Any]]:
    """Towns whose names begin like the text, in the place data or in another language, such as Wien for Vienna."""
    found = shared().call("media.metadata.towns:find_towns", text, TOWNS_FOUND)
    elsewhere = []
    for code, english in place_names.cities_called(text.partition(",")[0].strip())[:TOWNS_FOUND]:
        named = shared().call("media.metadata.towns:find_towns", english, TOWNS_FOUND)
        elsewhere += [town for town in named if town["code"] == code and place_names.plain(town["name"]) == english][:1]
    greatest = sorted(elsewhere, key=lambda town: -town["people"])
    return [*greatest, *(town for town in found if town not in greatest)][:TOWNS_FOUND]


def in_language(language: str, town: dict[str, Any]) -> dict[str, Any]:
    """The town with its name and its country's name in that language."""
    code = town["code"]
    name = place_names.town_in(language, code, town["name"])
    return town | {"name": name, "country": place_names.country_in(language, code, town["country"])}
