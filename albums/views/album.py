"""The pages of one album: its photos, its head, and arranging it."""

from contextlib import nullcontext, suppress
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from albums import actions
from albums.access import Role, album_or_404, manual_album_or_404, removable, role_in
from albums.cards import cards, cover_of, summary
from albums.models import Album, AlbumItem
from albums.timeline import of_album
from albums.views.albums import folders_of, home, report_change
from media.text import clean
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.stale import fresh
from mirage.web.time_limit import TakesTooLong
from mirage.wording import number_in_words
from photos.access import chosen_keys
from photos.addresses import thumbnail_address
from photos.gallery.pages import TILES, page_context, render_list
from photos.gallery.timeline import Page, Timeline
from photos.models import Photo
from photos.storage import copies
from photos.storage.serving import send_zip
from search.limits import in_time


@require_safe
def album(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photos of an album, or the albums of a folder. HTMX gets a single page of tiles."""
    shown = album_or_404(request.user, key)
    context = rights(request, shown)
    if shown.is_folder:
        inside = Album.objects.filter(parent=shown).order_by("-created_at", "-pk").select_related("owner")
        context |= {"own": cards(inside, request.user), "folders": folders_of(request)}
        return render_page(request, "albums/folder.html", "albums/_folder.html", context)
    context |= photos_page(request, of_album(shown), "albums/_page.html" if shown.is_arranged else TILES)
    if context["may_own"] and not context["direction"]:
        context |= {"folders": folders_of(request)}
    return render_list(request, "albums/album.html", "albums/_grid.html", context)


def photos_page(request: HtmxHttpRequest, timeline: Timeline, tiles: str) -> dict[str, Any]:
    """The requested part of the album. If its search takes too long, the page says so and can be edited."""
    try:
        return page_context(request, timeline, tiles=tiles)
    except TakesTooLong as error:
        return page_context(request, timeline, page=Page([], None, None), tiles=tiles) | {"problem": error}


def rights(request: HtmxHttpRequest, shown: Album) -> dict[str, Any]:
    """The album with what the user may do with it."""
    role = role_in(request.user, shown) or Role.VIEWER
    return {
        "album": shown,
        "role": role,
        "may_own": role == Role.OWNER,
        "may_arrange": role >= Role.CO_OWNER,
        "arranging": role >= Role.CO_OWNER and shown.is_arranged,
        "may_add": role >= Role.CONTRIBUTOR and shown.is_manual,
    }


@require_safe
def head(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Name, description, count, dates and places. Loaded separately, so that large albums open fast too."""
    shown = album_or_404(request.user, key)
    context = rights(request, shown)
    if not shown.is_folder:
        with suppress(TakesTooLong), in_time() if shown.is_smart else nullcontext():
            context |= {"summary": summary(shown)}
    if context["may_own"]:
        context |= {"folders": folders_of(request)}
    return render_page(request, "albums/head.html", "albums/_head.html", context)


@require_safe
def cover(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Redirect to a thumbnail of the album's cover."""
    photo = cover_of(album_or_404(request.user, key))
    if photo is None:
        return HttpResponse(status=204)
    response = HttpResponse(status=302, headers={"Location": thumbnail_address(photo, "medium")})
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@require_safe
def download(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The album's originals as a zip that is written while it is sent."""
    shown = album_or_404(request.user, key)
    if shown.is_folder:
        raise Http404("a folder has albums, not photos")
    return send_zip(request, list(of_album(shown).photos()), f"{shown.name}.zip", copies.read(request.GET))


@require_POST
def edit(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Change those of name, description, query, cover, view and folder that the form has."""
    least = Role.OWNER if {"parent", "query"} & set(request.POST) else Role.CO_OWNER
    shown = album_or_404(request.user, key, least)
    activity = actions.edit(shown, request.user, **values_of(request, shown))
    return report_change(request, shown, _("Album changed"), activity)


def values_of(request: HtmxHttpRequest, shown: Album) -> dict[str, Any]:
    """The new values in the form, by field. Raises NotPossible."""
    texts = {field: getattr(shown, field) for field in ("name", "description", "query")}
    form = fresh(request.POST, texts, {"query": pgettext("noun", "Search")})
    values: dict[str, Any] = {"name": form["name"]} if "name" in form else {}
    if "description" in form:
        values["description"] = clean(form["description"])
    if "query" in form and shown.is_smart:
        values["query"] = clean(form["query"])
    if form.get("view") in Album.View.values:
        values["view"] = form["view"]
    if "parent" in form:
        values["parent"] = album_or_404(request.user, form["parent"], Role.OWNER) if form["parent"] else None
    if "cover" in form:
        inside = AlbumItem.objects.filter(album=shown, photo__key=form["cover"])
        if form["cover"] and not inside.exists():
            raise NotPossible(_("Choose one of the album's photos as its cover."))
        values["cover"] = Photo.objects.filter(album_items__in=inside).first()
    return values


@require_POST
def delete(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Delete an album. Its photos stay in the library."""
    shown = album_or_404(request.user, key, Role.OWNER)
    activity = actions.delete(shown, request.user)
    text = (
        _("Folder deleted. Its photos are still in your library.")
        if shown.is_folder
        else _("Album deleted. Its photos are still in your library.")
    )
    return report(request, text, home=home(), undo=Undo(reverse("albums:undo", args=[activity.pk])), leave=True)


@require_POST
def remove(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Remove photos from the album: co-owners any, contributors their own."""
    shown = manual_album_or_404(request.user, key, Role.CONTRIBUTOR)
    ids = removable(request.user, shown, chosen_keys(request.POST))
    if not ids:
        raise NotPossible(_("You have not selected any photos that you may remove."))
    activity = actions.take_out(shown, request.user, ids)
    text = ngettext("Photo removed from the album", "%(number)s photos removed from the album", len(ids))
    return report_change(request, shown, text % {"number": number_in_words(len(ids))}, activity)


@require_POST
def move(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Put the chosen photos before the photo `before`, or at the end."""
    shown = manual_album_or_404(request.user, key, Role.CO_OWNER)
    activity = actions.move(shown, request.user, chosen_keys(request.POST), request.POST.get("before") or None)
    count = activity.detail["count"]
    text = ngettext("Photo moved", "%(number)s photos moved", count)
    return report_change(request, shown, text % {"number": number_in_words(count)}, activity, event="")


@require_POST
def sort(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Sort all photos by the time they were taken, the oldest or the newest first."""
    shown = manual_album_or_404(request.user, key, Role.CO_OWNER)
    newest_first = request.POST.get("order") == "newest"
    activity = actions.sort_by_time(shown, request.user, newest_first=newest_first)
    return report_change(request, shown, _("Newest first") if newest_first else _("Oldest first"), activity)


@require_POST
def heading(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Put a heading above the first chosen photo, or remove it."""
    shown = manual_album_or_404(request.user, key, Role.CO_OWNER)
    key = (chosen_keys(request.POST) or [""])[0]
    item = actions.heading_of(shown, key)
    text = fresh(request.POST, {"heading": item.heading if item else ""}, {"heading": _("Heading")}).get("heading", "")
    activity = actions.set_heading(shown, request.user, key, text)
    return report_change(request, shown, _("Heading set") if text.strip() else _("Heading removed"), activity)
