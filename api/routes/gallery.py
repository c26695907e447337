"""The map, and photos of a day in all years."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from api.auth import ApiRequest, allowed
from api.routes.photos import LISTS, described_page
from api.schemas.base import Text, answers
from api.schemas.photos import ClusterList, MemoryList, Page
from photos.gallery import map as photo_map
from photos.gallery.memories.choosing import memories_of
from photos.gallery.timeline import Timeline
from photos.models import Photo
from search.language.grammar import Mistake
from search.limits import in_time
from search.results import timeline as searching

router = Router(tags=["Gallery"])
Box = Query("-180,-90,180,90", max_length=200, description="West, south, east and north in degrees.")
InList = Query("timeline", pattern=LISTS, description="As in `GET /photos`; `timeline`: all that you may see.")
InSearch = Query(None, max_length=2_000, description="A search, as in the search box; takes precedence over `list`.")
LEAP_YEAR = 2024  # a leap year, which has every day


@router.get("/map/clusters", response=answers(ClusterList), auth=allowed("read"), summary="List clusters on the map")
def map_clusters(
    request: ApiRequest,
    zoom: int = Query(ge=0, le=22),
    box: str = Box,
    list: str = InList,
    query: Text | None = InSearch,
) -> dict[str, Any]:
    """The photos in a box, clustered as on the map, largest cluster first. At zoom 0 the world is 512 pixels wide."""
    part = box_of(box)
    with in_time():
        timeline = asked_for(request, list, query)
        found = photo_map.clusters_of(timeline, part, zoom)
        keys = dict(timeline.owned.filter(pk__in=[one.cover for one in found]).values_list("pk", "key"))
    told = [
        {
            "latitude": one.latitude,
            "longitude": one.longitude,
            "count": one.count,
            "box": [*asdict(one.box).values()],
            "cover": keys[one.cover],
        }
        for one in found
        if one.cover in keys
    ]
    return {"clusters": told}


@router.get("/map/photos", response=answers(Page), auth=allowed("read"), summary="List photos in a box")
def map_photos(
    request: ApiRequest,
    box: str = Box,
    list: str = InList,
    query: Text | None = InSearch,
    cursor: str = Query("", max_length=64, description="The `next` of the previous page."),
) -> dict[str, Any]:
    """One page of photos, newest first."""
    part = box_of(box)
    with in_time():
        within = photo_map.list_in(asked_for(request, list, query), part)
        try:
            return described_page(within.older(within.parse(cursor) if cursor else None))
        except (ValueError, OverflowError) as error:
            raise HttpError(422, _("cursor: this is not a cursor of this list.")) from error


def box_of(text: str) -> photo_map.Box:
    """The box in degrees. Raises a refusal if it is not one."""
    try:
        return photo_map.Box.parse(text)
    except ValueError as error:
        raise HttpError(422, _("box: west, south, east and north in degrees, the lower values first.")) from error


def asked_for(request: ApiRequest, name: str, query: str | None) -> Timeline:
    """The listing with this name, or the results of a search."""
    if query is None:
        return photo_map.list_of(request.user, name)
    try:
        return searching.of_found(request.user, searching.find(request.user, query))
    except Mistake as mistake:
        raise HttpError(
            422,
            _("%(message)s (at character %(place)s of the query)")
            % {"message": mistake.message, "place": mistake.start + 1},
        ) from mistake


@router.get("/memories", response=answers(MemoryList), auth=allowed("read"), summary="On this day")
def memories(
    request: ApiRequest,
    day: str = Query("", pattern=r"^([0-9]{2}-[0-9]{2})?$", description="Month and day: 05-31. Default: today."),
) -> dict[str, Any]:
    """Photos of this day in past years, latest year first, a few for each year; without what the user left out."""
    now = timezone.localdate(timezone=request.user.zone)
    asked = named_day(day) if day else date(LEAP_YEAR, now.month, now.day)
    found = memories_of(request.user, asked, but=now.year)
    rows = Photo.objects.in_bulk([photo.pk for memory in found for photo in memory.photos])
    told = [
        {"date": memory.date, "count": memory.count, "photos": [rows[photo.pk] for photo in memory.photos]}
        for memory in found
    ]
    return {"memories": told}


def named_day(text: str) -> date:
    """The day of mm-dd."""
    try:
        return date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError as error:
        raise HttpError(422, _("day: there is no such date.")) from error
