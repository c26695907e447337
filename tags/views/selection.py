"""Tagging the chosen photos: a dialog with a box of three states for each tag, and what it sends."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from mirage.web.answers import refused, told
from mirage.web.htmx import HtmxHttpRequest, render_page, trigger
from photos.access import chosen_keys, photos_of
from photos.editing import bulk
from photos.models import PhotoQuerySet
from photos.views.edit import KEYS_LIMIT, report_of
from tags.access import tags_of
from tags.keywords import change_keywords
from tags.models import PhotoTag

SHOWN = 2_000


def own_chosen(request: HtmxHttpRequest) -> PhotoQuerySet:
    """The user's own photos among the chosen ones."""
    return photos_of(request.user).filter(key__in=chosen_keys(request.POST)[:KEYS_LIMIT])


@require_POST
def choose(request: HtmxHttpRequest) -> HttpResponse:
    """The dialog: each tag ticked if all the photos have it, half ticked if some do; the tags in use on top."""
    photos = own_chosen(request)
    total = photos.count()
    if not total:
        return refused(request, "Only your own photos can be tagged, and none is selected.", home=reverse("tags:tags"))
    held = PhotoTag.objects.filter(photo__in=photos.values("pk"), rejected=False).exclude(source="learnt")
    counts = dict(held.order_by().values_list("tag").annotate(Count("pk")))
    rows = [(tag, state_of(counts.get(tag.pk, 0), total)) for tag in tags_of(request.user)[:SHOWN]]
    context = {
        "rows": sorted(rows, key=lambda row: row[1] == "none"),
        "total": total,
        "keys": ",".join(photos.values_list("key", flat=True)),
        "next": request.POST.get("next", ""),
    }
    response = render_page(request, "tags/choose.html", "tags/_choose.html", context)
    return reswap(retarget(response, "#dialog-place"), "innerHTML")


def state_of(count: int, total: int) -> str:
    """all, some or none."""
    return "all" if count >= total else "some" if count else "none"


@require_POST
def put(request: HtmxHttpRequest) -> HttpResponse:
    """Give the photos the tags of `add` and `new`, take those of `remove` away."""
    add = [*request.POST.getlist("add"), *request.POST.get("new", "").split(",")]
    change = change_keywords(add, request.POST.getlist("remove"))
    if not change.add and not change.remove:
        return refused(request, "Choose a tag, or write a new one.", home=reverse("tags:tags"))
    activity = bulk.make(request.user, own_chosen(request), change, request.user)
    if not request.htmx:
        undo_url = reverse("photos:undo", args=[activity.pk])
        return told(request, "Tags changed", home=reverse("tags:tags"), undo_url=undo_url)
    response = render(request, "photos/editing/_edit_toast.html", report_of(activity))
    return trigger(reswap(retarget(response, "#toasts"), "beforeend"), **{"dialog:done": {}, "photos:edited": {}})
