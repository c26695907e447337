"""What guests see: the page of a public link, its photos and files, and adding files if the link allows it.

None of these views needs an account. Each one gets its photos from albums/public/guests.py, which checks the link.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.security.lockout import LockedOut
from albums.public import files, guests, links
from albums.public.guests import Guest, Locked, guest_of, prepare, prepare_page
from albums.public.uploads import receive
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos.access import chosen_keys
from photos.gallery.facts import facts_of
from photos.gallery.pages import KEYS_LIMIT, TILES, keys_asked_for, page_context, render_list
from photos.gallery.timeline import Cursor, Page, Timeline
from photos.gallery.viewer import is_zoomable
from photos.ingest.uploads import Refused
from photos.models import Photo
from photos.pipeline import rendering
from photos.storage.serving import send_entries, send_thumbnail
from photos.storage.streaming import sending

View = Callable[..., HttpResponseBase]


def for_guests(view: View) -> View:
    """A view that takes a Guest instead of a token. Its answers are neither indexed nor cached by others."""

    @login_not_required
    @wraps(view)
    def answer(request: HtmxHttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            guest = guest_of(request, token)
        except Locked as error:
            raise Http404("not opened") from error
        return shielded(view(request, guest, *args, **kwargs))

    return answer


def with_gate(view: View) -> View:
    """As `for_guests`, for what guests look at: a locked link asks for its password, a closed one says so in words."""

    @login_not_required
    @wraps(view)
    def answer(request: HtmxHttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return for_guests(view)(request, token, *args, **kwargs)
        except Http404:
            return shielded(turned_away(request, token, kwargs.get("key", "")))

    return answer


def turned_away(request: HtmxHttpRequest, token: str, key: str) -> HttpResponse:
    """The form that opens the link, and then leads to the photo of the key; or, in words, that nothing is here."""
    try:
        guest_of(request, token)
    except Locked:
        if wants_fragment(request):  # the form is a page of its own
            return HttpResponse(status=401, headers={"HX-Redirect": request.get_full_path()})
        return gate(request, token, key)
    except Http404:
        return render(request, "albums/guest/guest_gone.html", status=404)
    raise Http404("no such photo")


def shielded(response: HttpResponseBase) -> HttpResponseBase:
    """Keep search engines out, and the address secret from other sites.

    With "no-referrer", browsers would send forms with the origin "null", which the CSRF check refuses.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noimageindex"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


@login_not_required
@require_safe
def page(request: HtmxHttpRequest, token: str) -> HttpResponseBase:
    """The photos of the link, the form that opens it, or a message that it is closed."""
    try:
        guest = guest_of(request, token, arriving=True)
    except Locked:
        return shielded(gate(request, token))
    except Http404:
        return shielded(render(request, "albums/guest/guest_gone.html", status=404))
    return shielded(photos_page(request, guest))


def photos_page(request: HtmxHttpRequest, guest: Guest) -> HttpResponse:
    """The grid, or a single page of its tiles."""
    timeline = guest.timeline
    page = prepare_page(guest, page_asked_for(request, guest, timeline))
    by_hand = guest.link.album is not None and guest.link.album.is_manual
    tiles = "albums/_page.html" if by_hand or not guest.link.show_metadata else TILES
    context = about(request, guest) | page_context(request, timeline, page=page, tiles=tiles)
    return render_list(request, "albums/guest/guest.html", "albums/guest/_guest_grid.html", context)


def page_asked_for(request: HttpRequest, guest: Guest, timeline: Timeline) -> Page:
    """The page around, before or after the photo with the key in the address, or from one to another."""
    if "from" in request.GET:
        return timeline.part(*(place_asked_for(request.GET.get(end, ""), guest) for end in ("from", "to")))
    for name, method in (("photo", timeline.around), ("before", None), ("after", None)):
        if key := request.GET.get(name):
            if method:
                return method(guest.photo_or_404(key))
            place = place_asked_for(key, guest)
            return timeline.older(place) if name == "before" else timeline.newer(place)
    return timeline.older()


def place_asked_for(key: str, guest: Guest) -> Cursor:
    """Where the photo with that key stands in the list. Raises Http404."""
    place = guest.timeline.cursor(guest.photo_or_404(key))
    if place is None:
        raise Http404("no such place")
    return place


@for_guests
@require_safe
def play(request: HtmxHttpRequest, guest: Guest) -> HttpResponse:
    """The player with the first photos of the link, or with those `before` a photo."""
    if not wants_fragment(request):
        return redirect("guest:page", guest.token)
    page = prepare_page(guest, page_asked_for(request, guest, guest.timeline))
    address = reverse("guest:play", args=[guest.token])
    context = {
        "title": guest.title,
        "photos": [photo for day in page.days for photo in day.photos],
        "more": f"{address}?before={page.older}" if page.older else "",
    }
    part = "_slides" if "before" in request.GET else "_player"
    return render(request, f"photos/play/{part}.html", context)


def about(request: HttpRequest, guest: Guest) -> dict[str, Any]:
    """What all of a guest's pages show about the link. Previews show its first picture unless it has to be opened."""
    link = guest.link
    open_to_all = not link.password and link.view_limit is None
    first = guest.timeline.photos().only("key").first() if open_to_all else None
    picture = reverse("guest:thumbnail", args=[guest.token, first.key, "large"]) if first else ""
    return {
        "guest": guest,
        "link": link,
        "home": reverse("guest:page", args=[guest.token]),
        "preview": open_to_all,
        "picture": request.build_absolute_uri(picture) if picture else "",
    }


def gate(request: HtmxHttpRequest, token: str, key: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    """The form that opens a link and leads on to a photo or to the link's page. It reveals nothing about its photos."""
    link = links.find(token)
    context = {"token": token, "key": key, "problem": problem, "asks": bool(link and link.password)}
    return render(request, "albums/guest/guest_gate.html", context, status=status)


@login_not_required
@require_POST
def unlock(request: HtmxHttpRequest, token: str) -> HttpResponseBase:
    """Open the link with its password, and go where the guest was going."""
    key = request.POST.get("photo", "")
    try:
        if guests.unlock(request, token, request.POST.get("password", "")):
            shown = key and links.photos_in(guest_of(request, token).link).filter(key=key).exists()
            return shielded(redirect("guest:photo", token, key) if shown else redirect("guest:page", token))
    except LockedOut as error:
        return shielded(gate(request, token, key, str(error), 429))
    except Http404:
        return shielded(render(request, "albums/guest/guest_gone.html", status=404))
    return shielded(gate(request, token, key, _("That is not the password."), 403))


@for_guests
@require_safe
def keys(request: HtmxHttpRequest, guest: Guest) -> HttpResponse:
    """The keys from one photo to another, or of a section, for the selection."""
    return keys_asked_for(request, guest.timeline, guest.photo_or_404)


@with_gate
@require_safe
def photo(request: HtmxHttpRequest, guest: Guest, key: str) -> HttpResponse:
    """One photo, full screen."""
    found = guest.photo_or_404(key)
    newer, older = (photo and prepare(guest, photo) for photo in guest.timeline.neighbours(found))
    shown = prepare(guest, found)
    context = about(request, guest) | {
        "listing": guest.timeline.listing,
        "photo": shown,
        "newer": newer,
        "older": older,
        "back": f"{reverse('guest:page', args=[guest.token])}?photo={key}#p-{key}",
        "unprepared": rendering.is_unprepared(shown),
        "zoomable": guest.link.allow_download and guest.shows_all and is_zoomable(shown),
        "facts": facts_of(shown) if guest.link.show_metadata else [],
    }
    return render_page(request, "albums/guest/guest_photo.html", "albums/guest/_guest_viewer.html", context)


@for_guests
@require_safe
def thumbnail(request: HtmxHttpRequest, guest: Guest, key: str, size: str) -> HttpResponseBase:
    """A thumbnail. Browsers ask again each time, so that a revoked link shows nothing."""
    return send_thumbnail(request, guest.photo_or_404(key), size)


@for_guests
@require_safe
def video(request: HtmxHttpRequest, guest: Guest, key: str) -> HttpResponseBase:
    """A video that browsers can play, without its tags if the link hides them."""
    return files.send_video(request, guest, guest.photo_or_404(key))


@for_guests
@require_safe
def playlist(request: HtmxHttpRequest, guest: Guest, key: str, quality: str = "") -> HttpResponseBase:
    """The playlist of a video in one quality, or the one that lists the qualities."""
    return sending.send_playlist(request, files.video_or_404(guest, key), quality)


@for_guests
@require_safe
def segment(request: HtmxHttpRequest, guest: Guest, key: str, quality: str, number: int) -> HttpResponseBase:
    """Some seconds of a video, without metadata. Browsers ask again each time, so that a revoked link shows nothing."""
    return sending.send_segment(request, files.video_or_404(guest, key), quality, number)


@for_guests
@require_safe
def original(request: HtmxHttpRequest, guest: Guest, key: str) -> HttpResponseBase:
    """The file, shown in the browser if possible; only if the link allows downloads."""
    return files.send(request, guest, downloadable(guest, key), attachment=False)


@for_guests
@require_safe
def download(request: HtmxHttpRequest, guest: Guest, key: str) -> HttpResponseBase:
    """The file for saving, without metadata if the link hides some. With `original`, not as it is edited."""
    unedited = "original" in request.GET
    return files.send(request, guest, downloadable(guest, key), attachment=True, unedited=unedited)


def downloadable(guest: Guest, key: str) -> Photo:
    """A photo that the link allows to download. Raises Http404."""
    if not guest.link.allow_download:
        raise Http404("no downloads")
    return guest.photo_or_404(key)


@for_guests
@require_http_methods(["GET", "POST"])
def download_all(request: HtmxHttpRequest, guest: Guest) -> HttpResponseBase:
    """All photos of the link, or the chosen ones, as one zip."""
    if not guest.link.allow_download:
        raise Http404("no downloads")
    photos = guest.timeline.photos()
    if request.method == "POST":
        photos = photos.filter(key__in=chosen_keys(request.POST)[:KEYS_LIMIT])
    name = f"{guest.title if guest.link.show_metadata else _('Photos')}.zip"
    return send_entries(request, files.entries(guest, list(photos)), name)


@for_guests
@require_http_methods(["PUT"])
def upload(request: HtmxHttpRequest, guest: Guest) -> HttpResponse:
    """Add the body of the request to the album as a file called `name`, a parameter of the address."""
    if not guest.link.allow_upload:
        raise Http404("takes no files")
    try:
        size = int(request.headers.get("Content-Length", ""))
    except ValueError:
        return HttpResponse(_("Say how large the file is."), status=411, content_type="text/plain")
    try:
        receive(guest.link, request.GET.get("name", ""), size, request)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
    return HttpResponse(status=201, headers={"Location": reverse("guest:page", args=[guest.token])})
