"""Tagging the chosen photos: a dialog with a checkbox of three states for each tag."""

from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest
from photos.access import own_chosen
from photos.editing import bulk
from photos.editing.answers import EDITED, report_change
from photos.editing.ticks import show_ticks
from tags.access import tags_of
from tags.keywords import change_keywords
from tags.models import PhotoTag
from tags.views.tags import home

SHOWN = 2_000


@require_POST
def choose(request: HtmxHttpRequest) -> HttpResponse:
    """The dialog. A tag is ticked if all photos have it, half ticked if some do. Used tags come first."""
    photos = own_chosen(request.user, request.POST, to_be="tagged")
    held = PhotoTag.objects.filter(photo__in=photos.values("pk"), rejected=False).exclude(source=PhotoTag.Source.LEARNT)
    counts = dict(held.order_by().values_list("tag").annotate(Count("pk")))
    tags = sorted(tags_of(request.user)[:SHOWN], key=lambda tag: tag.pk not in counts)
    return show_ticks(request, ("tags/choose.html", "tags/_choose.html"), photos, tags, counts)


@require_POST
def put(request: HtmxHttpRequest) -> HttpResponse:
    """Add the tags `add` and `new` to the photos, and remove the tags `remove`."""
    add = [*request.POST.getlist("add"), *request.POST.get("new", "").split(",")]
    change = change_keywords(add, request.POST.getlist("remove"))
    photos = own_chosen(request.user, request.POST, to_be="tagged")
    if not change.add and not change.remove:
        raise NotPossible(_("Choose a tag, or write a new one."))
    activity = bulk.make(request.user, photos, change, request.user)
    return report_change(request, _("Tags changed"), activity, home=home(), event=EDITED)
