"""The viewer: one photo with its neighbours in the list and its info panel."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest
from photos.access import visible_photos
from photos.editing import edits, file_writing, renditions
from photos.editing.stale import shown_in_forms
from photos.gallery import place_names
from photos.gallery.facts import doubt_of, facts_of
from photos.gallery.lists import timeline_of
from photos.gallery.picture.editor import needs_rendering, rendering_of
from photos.gallery.related import related
from photos.gallery.stacking import live
from photos.gallery.timeline import Timeline
from photos.ingest.uploads import failures_of
from photos.models import Photo, Stack
from photos.pipeline import rendering
from photos.storage import paths

# Formats that every current browser can show, so that the viewer can zoom into the original.
SHOWN_BY_BROWSERS = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}
PRECISIONS = [
    ("time", _lazy("Date and time")),
    ("day", _lazy("The day")),
    ("month", _lazy("The month")),
    ("year", _lazy("The year")),
]


def viewer_context(request: HtmxHttpRequest, photo: Photo) -> dict[str, Any]:
    """The context for the viewer and its panel, in the list that the parameter `in` names."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    stacked = stacked_with(request.user, photo)
    mine = photo.owner_id == request.user.pk
    return list_context(timeline, photo) | {
        "photo": photo,
        "failure": failures_of([photo]).get(photo.pk, ""),
        "stacked": stacked,
        "motion": motion_of(photo, stacked),
        "zoomable": is_zoomable(photo),
        "unprepared": rendering.is_unprepared(photo),
        "edited_video": renditions.has_video(photo),
        "edit_zoomable": bool(photo.rendition) and not photo.animated,
        "mine": mine,
        "facts": facts_of(photo, place_names.language_for(request), with_path=mine),
        "doubt": doubt_of(photo) if mine and photo.taken_doubtful else None,
        "precisions": PRECISIONS,
        "edited": edits.edited_fields(photo),
        "rendering": rendering_of(photo) if mine and needs_rendering(photo) else None,
        "before": shown_in_forms(photo),
        "related": related(request.user, photo),
        "stars": range(1, 6),
        "can_write": not photo.in_place and photo.media_type in file_writing.WRITABLE,
        "written": file_writing.backups(photo).exists(),
    }


def list_context(timeline: Timeline, photo: Photo) -> dict[str, Any]:
    """The photo's neighbours in a list, and the address of its tile."""
    newer, older = timeline.neighbours(photo)
    listing, tile = timeline.listing, timeline.tile_of(photo)
    address = listing.address or reverse(f"photos:{listing.slug}")
    return {
        "listing": listing,
        "newer": newer,
        "older": older,
        "query": "" if listing.slug == "timeline" else f"?in={listing.slug}",
        "back": f"{address}?{listing.query}photo={tile.key}#p-{tile.key}",
        "tile": tile,
    }


def is_zoomable(photo: Photo) -> bool:
    """Whether browsers show the original in the same way as the thumbnails."""
    return photo.media_type in SHOWN_BY_BROWSERS and not photo.animated and photo.turn == 1 and not photo.rendition


def motion_of(photo: Photo, stacked: list[Photo]) -> str:
    """The address of the short video of a motion photo or a Live Photo. Empty if there is none."""
    if photo.is_video or photo.rendition:
        return ""
    is_live = photo.stack is not None and photo.stack.kind == Stack.Kind.LIVE
    moving = live.video_of(photo, stacked) if is_live else None
    if moving is None and paths.fetched(rendering.motion_path(photo)).exists():
        moving = photo
    return reverse("photos:video", args=[moving.key]) if moving else ""


def stacked_with(user: User, photo: Photo) -> list[Photo]:
    """The photos of the photo's stack that the user may see, the cover first. Empty if there is only one."""
    if photo.stack is None:
        return []
    cover = photo.stack.cover_id
    found = visible_photos(user).present().displayable().filter(stack=photo.stack).order_by("taken_local", "pk")
    members = sorted(found, key=lambda one: one.pk != cover)
    return members if len(members) > 1 else []
