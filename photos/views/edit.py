"""Editing one photo from its panel, or many from the selection, with undo."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page, trigger, wants_fragment
from photos.access import own_chosen, photo_or_404, photos_of
from photos.editing import bulk, edits
from photos.editing.answers import EDITED, TOAST, TURNED, change_context, events_of, report_change
from photos.editing.bulk import Change
from photos.editing.edits import InvalidEdit
from photos.editing.form_readers import change_of
from photos.editing.stale import Stale, require_fresh
from photos.gallery.facts import fields_in_words, in_words
from photos.gallery.viewer import viewer_context
from photos.models import PhotoQuerySet, RawMetadata
from photos.views import writing

EXAMPLES = 6


@require_POST
def edit(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Edit one field of a photo. The response is its panel, and a toast that can undo it."""
    photo = photo_or_404(request.user, key)
    try:
        change = change_of(request.user, form_of(request))
        require_fresh(photo, form_of(request))
    except InvalidEdit as error:
        context = viewer_context(request, photo) | {"info_open": True, **refused(request, error)}
        return render_page(request, "photos/viewer/photo.html", "photos/viewer/info/_info.html", context, status=422)
    activity = bulk.make(request.user, photos_of(request.user).filter(pk=photo.pk), change, request.user)
    if not wants_fragment(request):
        return redirect("photos:info", key)
    photo.refresh_from_db()
    context = viewer_context(request, photo) | {"info_open": True, **change_context(activity)}
    return trigger(render(request, "photos/editing/_edited.html", context), **{EDITED: {"key": key}})


def refused(request: HtmxHttpRequest, error: InvalidEdit) -> dict[str, Any]:
    """The context for a form after an error, with the text that the user wrote."""
    now = error.now if isinstance(error, Stale) else None
    form = request.POST
    return {"problem": str(error), "field": form.get("field"), "wrote": form.get("value"), "typed": form, "now": now}


@require_safe
def tags(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Everything the photo's files say, and the source of each field."""
    photo = photo_or_404(request.user, key)
    raw = RawMetadata.objects.filter(photo=photo).first() or RawMetadata(photo=photo)
    context = {
        "photo": photo,
        "fields": fields_in_words(raw.fields, raw.sources),
        "tags": sorted(raw.tags.items()),
        "notes": raw.notes,
    }
    return render_page(request, "photos/viewer/info/tags.html", "photos/viewer/info/_tags.html", context)


@require_POST
def edit_selection(request: HtmxHttpRequest) -> HttpResponse:
    """Edit the chosen photos, or all of the first one's camera. With `preview`, show what would change."""
    try:
        photos = chosen(request)
        if request.POST.get("field") == "files":
            return writing.of_selection(request, photos)
        change = change_of(request.user, form_of(request))
    except NotPossible as error:
        return render(request, "photos/editing/_edit_preview.html", {"problem": str(error)}, status=422)
    if "preview" in request.POST:
        return render(request, "photos/editing/_edit_preview.html", previewed(photos, change))
    activity = bulk.make(request.user, photos, change, request.user)
    return trigger(render(request, "photos/editing/_edit_report.html", change_context(activity)), **{EDITED: {}})


@require_POST
def turn(request: HtmxHttpRequest) -> HttpResponse:
    """Turn the chosen pictures. The response is a toast that can undo it."""
    photos = own_chosen(request.user, request.POST, to_be="rotated")
    change = edits.turn(request.POST.get("way", ""))
    activity = bulk.make(request.user, photos, change, request.user)
    response = report_change(request, _("Rotated"), activity, home=reverse("photos:timeline"), event=EDITED)
    return trigger(response, **{TURNED: {}}) if request.htmx else response


@require_safe
def progress(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The progress of a change of many photos, as a toast that polls until it is finished."""
    activity = activity_or_404(request, pk)
    context = change_context(activity)
    response = render(request, TOAST, context)
    return trigger(response, **events_of(activity)) if context["progress"].finished else response


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Undo a change. Fields that were changed again since stay as they are."""
    activity = activity_or_404(request, pk)
    undoing.undo(activity, request.user)
    if not wants_fragment(request):
        return redirect("photos:timeline")
    return trigger(render(request, TOAST, change_context(activity)), **events_of(activity))


def form_of(request: HtmxHttpRequest) -> dict[str, str]:
    """The fields of the form. Repeated values are joined with commas."""
    return {name: ",".join(values) for name, values in request.POST.lists()}


def chosen(request: HtmxHttpRequest) -> PhotoQuerySet:
    """The photos that the form is for. Raises NotPossible."""
    photos = own_chosen(request.user, request.POST, to_be="edited")
    return edits.of_camera(photos[0]) if request.POST.get("scope") == "camera" else photos


def previewed(photos: PhotoQuerySet, change: Change) -> dict[str, Any]:
    """The dialog's preview: how many photos would change, and examples with old and new values."""
    preview = bulk.preview(photos, change, examples=EXAMPLES)
    shown = photos.model.objects.in_bulk([difference.photo_id for difference in preview.examples])
    examples = [(shown[one.photo_id], in_words(one)) for one in preview.examples if one.photo_id in shown]
    return {"preview": preview, "examples": examples}


def activity_or_404(request: HtmxHttpRequest, pk: int) -> Activity:
    """The user's change with that id. Raises Http404."""
    return get_object_or_404(Activity, pk=pk, owner=request.user, target_type=bulk.TARGET)
