"""Putting chosen photos into albums and taking them out: a dialog with a box for each album, and what it sends."""

from collections.abc import Sequence

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from albums import actions
from albums.access import Role, shared_roles, visible_albums
from albums.actions import NotPossible
from albums.changes import AddToAlbum, TakeOutOfAlbum
from albums.models import Album, AlbumItem
from albums.views.albums import CHANGED, home
from mirage.web.answers import refused, told
from mirage.web.htmx import HtmxHttpRequest, render_page, trigger
from photos.access import chosen_keys, photos_of
from photos.editing import bulk
from photos.editing.bulk import Change
from photos.models import PhotoQuerySet
from photos.views.edit import KEYS_LIMIT, report_of


def own_chosen(request: HtmxHttpRequest) -> PhotoQuerySet:
    """The user's own photos of the selection; raises NotPossible for none or too many."""
    keys = chosen_keys(request.POST)
    if len(keys) > KEYS_LIMIT:
        raise NotPossible(f"At most {KEYS_LIMIT:,} photos can be selected at once.")
    photos = photos_of(request.user).filter(key__in=keys)
    if not photos.exists():
        raise NotPossible("Only your own photos can be put into albums, and none is selected.")
    return photos


def albums_to_fill(request: HtmxHttpRequest) -> list[Album]:
    """The albums by hand to which the user may add, the latest first."""
    roles = shared_roles(request.user)
    albums = visible_albums(request.user).filter(kind=Album.Kind.MANUAL).select_related("owner").order_by("-pk")
    return [album for album in albums if album.owner_id == request.user.pk or roles[album.pk] >= Role.CONTRIBUTOR]


@require_POST
def choose(request: HtmxHttpRequest) -> HttpResponse:
    """The dialog: each album ticked if all the photos are in it, half ticked if some are."""
    try:
        photos = own_chosen(request)
    except NotPossible as error:
        return refused(request, error, home=home())
    total = photos.count()
    albums = albums_to_fill(request)
    inside = AlbumItem.objects.filter(album__in=albums, photo__in=photos.values("pk")).order_by()
    counts = dict(inside.values_list("album").annotate(Count("pk")))
    states = [(album, state_of(counts.get(album.pk, 0), total)) for album in albums]
    context = {
        "albums": states,
        "total": total,
        "left_out": len(chosen_keys(request.POST)) - total,
        "keys": ",".join(photos.values_list("key", flat=True)),
        "next": request.POST.get("next", ""),
    }
    response = render_page(request, "albums/choose.html", "albums/_choose.html", context)
    return reswap(retarget(response, "#dialog-place"), "innerHTML")


def state_of(count: int, total: int) -> str:
    """all, some or none."""
    return "all" if count >= total else "some" if count else "none"


@require_POST
def put(request: HtmxHttpRequest) -> HttpResponse:
    """Put the photos into the albums of `add` and a new one of the name `new`, take them out of those of `remove`."""
    by_key = {album.key: album for album in albums_to_fill(request)}
    add = [by_key[key] for key in request.POST.getlist("add") if key in by_key]
    remove = [by_key[key] for key in request.POST.getlist("remove") if key in by_key]
    try:
        photos = own_chosen(request)
        if name := request.POST.get("new", "").strip():
            add.append(actions.create(request.user, name))
    except NotPossible as error:
        return refused(request, error, home=home())
    if not add and not remove:
        return refused(request, "Choose an album, or name a new one.", home=home())
    activity = bulk.make(request.user, photos, change_of(add, remove), request.user)
    if not request.htmx:
        return told(request, "Albums changed", home=home(), undo_url=reverse("photos:undo", args=[activity.pk]))
    response = render(request, "photos/editing/_edit_toast.html", report_of(activity))
    return trigger(reswap(retarget(response, "#toasts"), "beforeend"), **{CHANGED: {}, "dialog:done": {}})


def change_of(add: Sequence[Album], remove: Sequence[Album]) -> Change:
    """The change that puts photos into these albums and takes them out of those."""
    changes: list[Change] = [AddToAlbum(album.pk, album.name) for album in add]
    changes += [TakeOutOfAlbum(album.pk, album.name) for album in remove]
    return changes[0] if len(changes) == 1 else bulk.Together.of(changes)
