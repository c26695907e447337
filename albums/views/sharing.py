"""The pages of sharing: of an album, of the library with partners, and an overview of all."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import activity
from accounts.models import User
from albums import sharing
from albums.access import Role, album_or_404
from albums.forms import LinkForm
from albums.models import Album, Share, ShareLink
from albums.public import links
from albums.views.albums import CHANGED, home
from albums.views.links import described
from mirage.web.answers import report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import problems
from mirage.web.stale import fresh


@require_safe
def overview(request: HtmxHttpRequest) -> HttpResponse:
    """Everything that the user shares (albums, the library, links), and the libraries shared with the user."""
    given = Share.objects.filter(owner=request.user).select_related("user", "album").order_by("-pk")
    received = Share.objects.filter(user=request.user, album=None).select_related("owner").order_by("owner__username")
    given_links = (
        ShareLink.objects.filter(owner=request.user).select_related("owner", "album").order_by("-created_at", "-pk")
    )
    context = {
        "albums": [share for share in given if share.album and not share.album.deleted_at],
        "partners": [share for share in given if share.album is None],
        "received": list(received),
        "links": [described(request, link) for link in given_links],
        "others": sharing.others(request.user),
    }
    return render_page(request, "albums/sharing/sharing.html", "albums/sharing/_sharing.html", context)


@require_safe
def of_album(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The shares and links of an album: a page or, with `dialog`, a dialog over the album."""
    album = album_or_404(request.user, key, Role.OWNER)
    fragment = "_album_sharing_dialog" if "dialog" in request.GET else "_album_sharing"
    context = shares_of(request, album) | {"in_dialog": "inside" in request.GET}
    return render_page(request, "albums/sharing/album_sharing.html", f"albums/sharing/{fragment}.html", context)


def shares_of(request: HtmxHttpRequest, album: Album) -> dict[str, Any]:
    """What the page of an album's shares shows."""
    shares = list(album.shares.select_related("user").order_by("user__username"))
    known = {share.user_id for share in shares}
    shown = album.links.filter(revoked_at=None).select_related("owner", "album").order_by("-created_at", "-pk")
    return {
        "album": album,
        "shares": shares,
        "roles": Role.granted(),
        "others": [user for user in sharing.others(request.user) if user.pk not in known],
        "links": [described(request, link) for link in shown],
    }


@require_POST
def make_link(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Make a link to the album. The answer shows its address among the album's shares."""
    album = album_or_404(request.user, key, Role.OWNER)
    if album.is_folder:
        raise Http404("a folder has no link")
    filled = LinkForm(request.POST)
    said: dict[str, Any] = {"problem": problems(filled)}
    if filled.is_valid():
        link = links.make(request.user, filled.terms(), album=album)
        activity.record("made a link", request, subject=links.subject_of(link))
        said = {"made": link.key}
    context = shares_of(request, album) | {"in_dialog": bool(request.htmx)} | said
    pages = ("albums/sharing/album_sharing.html", "albums/sharing/_album_sharing.html")
    return render_page(request, *pages, context, status=200 if "made" in said else 422)


@require_POST
def share(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Share the album with `user` as `role`, or stop sharing it."""
    album = album_or_404(request.user, key, Role.OWNER)
    user = get_object_or_404(User, username=request.POST.get("user", ""))
    page = reverse("albums:sharing_of", args=[key])
    said = {"user": user.username, "album": album.name}
    if "stop" in request.POST:
        sharing.unshare_album(album, user, request.user)
        activity.record("ended a share", request, subject=album.name, user=user.username)
        return report(request, _("%(user)s no longer sees %(album)s") % said, home=page, event=CHANGED)
    given = album.shares.filter(user=user).values_list("role", flat=True).first() or ""
    role = fresh(request.POST, {"role": given}, {"role": _("Role")}).get("role", "")
    sharing.share_album(album, user, role, request.user)
    activity.record("shared", request, subject=album.name, user=user.username, role=role)
    return report(request, _("Shared with %(user)s") % said, home=page, event=CHANGED)


@require_POST
def leave(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Leave an album that somebody else shares."""
    album = album_or_404(request.user, key)
    sharing.unshare_album(album, request.user, request.user)
    return report(request, _("You have left %(album)s") % {"album": album.name}, home=home(), leave=True)


@require_POST
def partner(request: HtmxHttpRequest) -> HttpResponse:
    """Share the whole library with `user`, or stop sharing it."""
    user = get_object_or_404(User, username=request.POST.get("user", ""))
    page = reverse("albums:sharing")
    if "stop" in request.POST:
        sharing.unshare_library(request.user, user)
        activity.record("ended a share", request, subject="the library", user=user.username)
        return report(
            request, _("%(user)s no longer sees your library") % {"user": user.username}, home=page, event=CHANGED
        )
    sharing.share_library(request.user, user)
    activity.record("shared", request, subject="the library", user=user.username)
    return report(request, _("%(user)s now sees your library") % {"user": user.username}, home=page, event=CHANGED)


@require_POST
def on_timeline(request: HtmxHttpRequest) -> HttpResponse:
    """Show a partner's photos on the user's timeline, or not."""
    owner = get_object_or_404(User, username=request.POST.get("user", ""))
    shown = request.POST.get("shown") == "yes"
    sharing.set_on_timeline(request.user, owner, shown)
    text = (
        _("Photos of %(user)s are shown among your photos") if shown else _("Photos of %(user)s are shown on their own")
    )
    return report(request, text % {"user": owner.username}, home=reverse("albums:sharing"), event=CHANGED)
