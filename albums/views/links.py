"""The owner's pages of public links: making, changing, revoking."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import activity
from albums.access import Role, album_or_404
from albums.forms import LABELS, LinkForm, initial_values
from albums.models import Album, ShareLink
from albums.public import links
from albums.views.albums import CHANGED
from mirage.refusals import NotPossible
from mirage.web.answers import open_dialog, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import problems
from mirage.web.stale import fresh
from photos.access import chosen_keys, own_keys

DEFAULTS = {"allow_download": True, "show_metadata": True}


def described(request: HtmxHttpRequest, link: ShareLink) -> dict[str, Any]:
    """A link with what lists show about it."""
    return {
        "link": link,
        "address": links.address_of(request, link),
        "subject": links.shown_subject_of(link),
        "open": links.is_open(link),
        "used_up": link.view_limit is not None and link.views >= link.view_limit,
    }


def link_or_404(request: HtmxHttpRequest, key: str) -> ShareLink:
    """One of the user's links."""
    return get_object_or_404(ShareLink.objects.select_related("album"), owner=request.user, key=key)


@require_POST
def begin(request: HtmxHttpRequest) -> HttpResponse:
    """The form for a new link to an album, a search, or photos with these keys."""
    about = about_of(request)
    if not any(about.values()):
        raise NotPossible(_("Only your own photos can be shared, and none is selected."))
    return form(request, {"about": about, "form": LinkForm(initial=DEFAULTS), "action": reverse("albums:make_link")})


def about_of(request: HtmxHttpRequest) -> dict[str, Any]:
    """What the link will show, limited to the user's own: an album, photos, or a search."""
    key = request.POST.get("album", "")
    album: Album | None = album_or_404(request.user, key, Role.OWNER) if key else None
    keys = [] if album else chosen_keys(request.POST)
    query = "" if album or keys else request.POST.get("query", "").strip()
    return {"album": album, "keys": own_keys(request.user, keys), "query": query}


def form(request: HtmxHttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The form as a dialog, or on a page."""
    return open_dialog(
        render_page(request, "albums/sharing/link.html", "albums/sharing/_link.html", context, status=status)
    )


@require_POST
def make(request: HtmxHttpRequest) -> HttpResponse:
    """Make the link. The answer shows its address for copying."""
    about = about_of(request)
    filled = LinkForm(request.POST)
    if not filled.is_valid() or not any(about.values()):
        context = {"about": about, "form": filled, "action": reverse("albums:make_link"), "problem": problems(filled)}
        return form(request, context, 422)
    link = links.make(request.user, filled.terms(), **about)
    activity.record("made a link", request, subject=links.subject_of(link))
    return form(request, {"made": described(request, link)})


@require_http_methods(["GET", "POST"])
def edit(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Show or change the terms of a link."""
    link = link_or_404(request, key)
    action = reverse("albums:edit_link", args=[key])
    shown = initial_values(link)
    if request.method == "GET":
        return form(request, {"link": link, "shown": shown, "form": LinkForm(initial=shown), "action": action})
    filled = LinkForm(fresh(request.POST, shown, LABELS))
    if not filled.is_valid():
        return form(
            request, {"link": link, "shown": shown, "form": filled, "action": action, "problem": problems(filled)}, 422
        )
    links.set_terms(link, filled.terms())
    activity.record("changed a link", request, subject=links.subject_of(link))
    return report(request, _("Link changed"), home=reverse("albums:sharing"), event=CHANGED)


@require_POST
def revoke(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Close a link at once."""
    link = link_or_404(request, key)
    links.revoke(link)
    activity.record("revoked a link", request, subject=links.subject_of(link))
    return report(request, _("The link no longer opens"), home=reverse("albums:sharing"), event=CHANGED)
