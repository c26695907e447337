"""One photo: the viewer over the grid or on a page of its own, and what is known of the photo."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import visible_photo_or_404, visible_photos
from photos.editing import edits, file_writing
from photos.gallery import place_names
from photos.gallery.facts import Fact, facts_of
from photos.models import Photo
from photos.pipeline import rendering
from photos.storage import paths
from photos.views.timeline import timeline_of

# What every current browser shows by itself, so that the viewer can zoom into the original.
SHOWN_BY_BROWSERS = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}

FOR_OWNERS = {"folder"}  # facts that others are not told: where the file lies
RATINGS = [("", "No rating"), *((str(stars), "★" * stars) for stars in range(1, 6)), ("0", "0"), ("-1", "Rejected")]


def viewer_context(request: HtmxHttpRequest, photo: Photo) -> dict[str, Any]:
    """What the viewer shows: the photo, its neighbours in the list that `in` names, and where to go back to."""
    timeline = timeline_of(request.user, request.GET.get("in", "timeline"))
    newer, older = timeline.neighbours(photo)
    tile, stacked = timeline.tile_of(photo), stacked_with(request.user, photo)
    name, own = timeline.listing.slug, timeline.listing.query
    return {
        "listing": timeline.listing,
        "photo": photo,
        "newer": newer,
        "older": older,
        "query": "" if name == "timeline" else f"?in={name}",
        "back": f"{timeline.listing.address or reverse(f'photos:{name}')}?{own}photo={tile.key}#p-{tile.key}",
        "tile": tile,
        "stacked": stacked,
        "motion": motion_of(photo, stacked),
        "zoomable": photo.media_type in SHOWN_BY_BROWSERS and not photo.animated and photo.turn == 1,
        "mine": photo.owner_id == request.user.pk,
        "facts": told_to(request, photo),
        "edited": edits.edited_fields(photo),
        "ratings": RATINGS,
        "can_write": not photo.in_place and photo.media_type in file_writing.WRITABLE,
        "written": file_writing.backups(photo).exists(),
        "tiles": settings.MIRAGE_MAP_TILES,
        "tiles_credit": settings.MIRAGE_MAP_CREDIT,
    }


def motion_of(photo: Photo, stacked: list[Photo]) -> str:
    """The address of the moment that moves: the video inside a motion photo, or a Live Photo's; empty without one."""
    if photo.is_video:
        return ""
    moving = (
        next((one for one in stacked if one.is_video), None) if photo.stack and photo.stack.kind == "live" else None
    )
    if moving is None and paths.fetched(rendering.motion_path(photo)).exists():
        moving = photo
    return reverse("photos:video", args=[moving.key]) if moving else ""


def told_to(request: HtmxHttpRequest, photo: Photo) -> list[Fact]:
    """The facts in the user's language; others than the owner are not told where the file lies."""
    facts = facts_of(photo, place_names.language_of(request.headers.get("Accept-Language", "")))
    return [fact for fact in facts if photo.owner_id == request.user.pk or fact.icon not in FOR_OWNERS]


def stacked_with(user: User, photo: Photo) -> list[Photo]:
    """The photos of the photo's stack that the user may see, the cover first; none where it is alone."""
    if photo.stack is None:
        return []
    cover = photo.stack.cover_id
    found = visible_photos(user).present().displayable().filter(stack=photo.stack).order_by("taken_local", "pk")
    members = sorted(found, key=lambda one: one.pk != cover)
    return members if len(members) > 1 else []


@require_safe
def photo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photo, full screen."""
    shown = visible_photo_or_404(request.user, key)
    return render_page(
        request, "photos/viewer/photo.html", "photos/viewer/_viewer.html", viewer_context(request, shown)
    )


@require_safe
def info(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """What is known of the photo; without HTMX the photo with the panel open."""
    context = viewer_context(request, visible_photo_or_404(request.user, key)) | {"info_open": True}
    fragment = "photos/viewer/_info.html" if context["mine"] else "photos/viewer/_info_shared.html"
    return render_page(request, "photos/viewer/photo.html", fragment, context)
