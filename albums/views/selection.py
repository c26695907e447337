"""Adding chosen photos to albums and removing them: a dialog with a checkbox for each album."""

from collections.abc import Sequence

from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from albums import actions
from albums.access import Role, shared_roles, visible_albums
from albums.changes import AddToAlbum, TakeOutOfAlbum
from albums.models import Album, AlbumItem
from albums.views.albums import CHANGED, home
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import own_chosen
from photos.editing import bulk
from photos.editing.answers import report_change
from photos.editing.bulk import Change
from photos.editing.ticks import show_ticks

PUT = "put into albums"
IN_RAIL = 60


def albums_to_fill(request: HtmxHttpRequest) -> list[Album]:
    """The albums to which the user may add photos, the latest first."""
    roles = shared_roles(request.user)
    albums = visible_albums(request.user).filter(kind=Album.Kind.MANUAL).select_related("owner").order_by("-pk")
    return [album for album in albums if album.owner_id == request.user.pk or roles[album.pk] >= Role.CONTRIBUTOR]


@require_safe
def rail(request: HtmxHttpRequest) -> HttpResponse:
    """The albums that the rail shows while photos are dragged."""
    return render_page(request, "albums/rail.html", "albums/_rail.html", {"albums": albums_to_fill(request)[:IN_RAIL]})


@require_POST
def choose(request: HtmxHttpRequest) -> HttpResponse:
    """The dialog. An album is ticked if all photos are in it, half ticked if some are."""
    photos = own_chosen(request.user, request.POST, to_be=PUT)
    albums = albums_to_fill(request)
    inside = AlbumItem.objects.filter(album__in=albums, photo__in=photos.values("pk")).order_by()
    counts = dict(inside.values_list("album").annotate(Count("pk")))
    return show_ticks(request, ("albums/choose.html", "albums/_choose.html"), photos, albums, counts)


@require_POST
def put(request: HtmxHttpRequest) -> HttpResponse:
    """Add the photos to the albums `add` and a new one called `new`; remove them from the albums `remove`."""
    by_key = {album.key: album for album in albums_to_fill(request)}
    add = [by_key[key] for key in request.POST.getlist("add") if key in by_key]
    remove = [by_key[key] for key in request.POST.getlist("remove") if key in by_key]
    photos = own_chosen(request.user, request.POST, to_be=PUT)
    if name := request.POST.get("new", "").strip():
        add.append(actions.create(request.user, name))
    if not add and not remove:
        raise NotPossible(_("Choose an album, or name a new one."))
    activity = bulk.make(request.user, photos, change_of(add, remove), request.user)
    return report_change(request, _("Albums changed"), activity, home=home(), event=CHANGED)


def change_of(add: Sequence[Album], remove: Sequence[Album]) -> Change:
    """The change that adds photos to some albums and removes them from others."""
    changes: list[Change] = [AddToAlbum(album.pk, album.name) for album in add]
    changes += [TakeOutOfAlbum(album.pk, album.name) for album in remove]
    return changes[0] if len(changes) == 1 else bulk.Together.of(changes)
