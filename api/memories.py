"""What was taken on a day in all years."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Query, Router
from ninja.errors import HttpError

from api.auth import ApiRequest, allowed
from api.schemas.base import answers
from api.schemas.photos import MemoryList
from photos.gallery.calendar import memories_of
from photos.gallery.lists import timeline_of
from photos.models import Photo

router = Router(tags=["Photos"])
LEAP_YEAR = 2024  # in which every day of a year exists


@router.get("", response=answers(MemoryList), auth=allowed("read"), summary="On this day")
def memories(
    request: ApiRequest,
    day: str = Query("", pattern=r"^([0-9]{2}-[0-9]{2})?$", description="Month and day, as 05-31; without it today."),
) -> dict[str, Any]:
    """What was taken on this day in all years but the running one, the latest first; of each year some photos."""
    now = timezone.localdate(timezone=request.user.zone)
    asked = named_day(day) if day else date(LEAP_YEAR, now.month, now.day)
    found = memories_of(timeline_of(request.user, "timeline"), asked, but=now.year)
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
        raise HttpError(422, "day: there is no such day.") from error
