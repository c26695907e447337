"""The page of all albums, the user's own and those shared by others; making albums, and undo."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import undoing
from accounts.models import Activity, User
from albums import actions
from albums.access import Role, album_or_404, albums_of, role_in, shared_roles, top_level
from albums.cards import cards
from albums.models import Album
from mirage.web.answers import Undo, lead_to, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.wording import alphabetical

CHANGED = "albums:changed"  # the event on which lists of albums reload
ORDERS = "newest", "name"
AT_ONCE = 60  # of the user's albums on a page


def home() -> str:
    return reverse("albums:albums")


@require_safe
def listing(request: HtmxHttpRequest) -> HttpResponse:
    """The user's albums at the top level, page by page, and those shared by others."""
    order = request.GET.get("order", "")
    order = order if order in ORDERS else "newest"
    below = request.GET.get("below", "")
    shown, more = page_of(request.user, order, below)
    context: dict[str, Any] = {"own": cards(shown, request.user), "more": more, "order": order}
    if below and request.htmx:
        return render_page(request, "albums/albums.html", "albums/_cards.html", context)
    roles = shared_roles(request.user)
    theirs = Album.objects.filter(pk__in=roles).exclude(parent__in=roles).select_related("owner").order_by("-pk")
    context |= {"theirs": cards(theirs, request.user, roles), "folders": folders_of(request)}
    return render_page(request, "albums/albums.html", "albums/_albums.html", context)


def page_of(user: User, order: str, below: str) -> tuple[list[Album], str]:
    """A page of the user's albums after the one with the key `below`, and the last one's key if more follow."""
    rows = list(top_level(user, below).order_by("-created_at", "-pk").values_list("key", "name"))
    if order == "name":
        rows.sort(key=lambda row: alphabetical(row[1]))
    keys = [key for key, _name in rows]
    if below and below not in keys:
        raise Http404("no such place in the list")
    first = keys.index(below) + 1 if below else 0
    page = keys[first : first + AT_ONCE]
    found = {album.key: album for album in albums_of(user).filter(key__in=page)}
    more = page[-1] if len(keys) > first + AT_ONCE else ""
    return [found[key] for key in page if key in found], more


def folders_of(request: HtmxHttpRequest) -> list[Album]:
    """The user's folders, for choosing one."""
    folders = albums_of(request.user).filter(kind=Album.Kind.FOLDER)
    return sorted(folders, key=lambda album: alphabetical(album.name))


@require_POST
def create(request: HtmxHttpRequest) -> HttpResponse:
    """Make an album, smart album or folder. The answer leads to it."""
    kind = request.POST.get("kind", Album.Kind.MANUAL)
    if kind not in Album.Kind.values:
        raise Http404("no such kind of album")
    parent = request.POST.get("parent", "")
    album = actions.create(
        request.user,
        request.POST.get("name", ""),
        kind=kind,
        parent=album_or_404(request.user, parent, Role.OWNER) if parent else None,
        query=request.POST.get("query", "").strip() if kind == Album.Kind.SMART else "",
    )
    return lead_to(request, album.get_absolute_url())


@require_POST
def undo(request: HtmxHttpRequest, activity_id: int) -> HttpResponse:
    """Undo an action on an album, for its owner or the co-owner who did it."""
    activity = activity_or_404(request, activity_id)
    undoing.undo(activity, request.user)
    return report(request, _("Undone"), home=home(), event=CHANGED)


def activity_or_404(request: HtmxHttpRequest, activity_id: int) -> Activity:
    """An action on an album that the user may undo. Raises Http404."""
    activity = Activity.objects.filter(pk=activity_id, verb__startswith="albums.").first()
    album = Album.everything.filter(pk=activity.target_id or 0).first() if activity else None
    role = role_in(request.user, album) if album else None
    if activity is None or role is None or (role < Role.OWNER and activity.actor_id != request.user.pk):
        raise Http404("nothing was done")
    return activity


def report_change(
    request: HtmxHttpRequest, album: Album, text: str, activity: Activity, event: str = CHANGED
) -> HttpResponse:
    """A toast that reports an action on an album and offers to undo it."""
    undo = Undo(reverse("albums:undo", args=[activity.pk]))
    return report(request, text, home=album.get_absolute_url(), event=event, undo=undo)
