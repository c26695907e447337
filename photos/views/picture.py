"""Editing the picture of a photo: the editor's page, saving, what Auto suggests, and copying an edit to others."""

import json
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from mirage.refusals import NotPossible
from mirage.web.answers import refuse
from mirage.web.htmx import HtmxHttpRequest, trigger
from photos.access import own_chosen, photo_or_404
from photos.editing import bulk, edits, picture_edits, virtual_copies
from photos.editing.answers import EDITED, TURNED, report_change
from photos.editing.stale import Stale, require_fresh
from photos.gallery.picture import editor as picture_editor
from photos.models import Photo
from photos.storage import http
from photos.storage.serving import send_unedited

ELSEWHERE = _lazy(
    "This picture was edited elsewhere in the meantime, so nothing was saved. Save again to replace that edit."
)


@require_safe
def editor(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The editor over the picture."""
    photo = picture_editor.editable_or_404(photo_or_404(request.user, key))
    return render(request, picture_editor.template_for(photo), picture_editor.context(request, photo))


@require_POST
def save(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Save the edit in the form, as a copy if it says so, or go back to the original. What does not fit is refused."""
    photo = picture_editor.editable_or_404(photo_or_404(request.user, key))
    try:
        change = change_of(photo, request)
        if "copy" in request.POST:
            return redirect(picture_editor.back_to(request, virtual_copies.save_copy(photo, change, request.user)))
    except edits.InvalidEdit as error:
        problem = str(ELSEWHERE if isinstance(error, Stale) else error)
        told = {"problem": problem, "given": request.POST.get("edit", "")}
        context = picture_editor.context(request, photo, **told)
        return render(request, picture_editor.template_for(photo), context, status=422)
    bulk.make(request.user, Photo.objects.filter(pk=photo.pk), change, request.user)
    return redirect(picture_editor.back_to(request, photo))


def change_of(photo: Photo, request: HtmxHttpRequest) -> bulk.Change:
    """What the editor's form asks for. Raises InvalidEdit."""
    if "original" in request.POST:
        return edits.reset(["picture_edit", "turn"])
    try:
        given = json.loads(request.POST.get("edit", ""))
    except ValueError as error:
        raise edits.InvalidEdit(_("The edit could not be read. Try again.")) from error
    change = picture_edits.set_picture(photo, given)
    if "copy" not in request.POST:  # which leaves the photo as it is
        require_fresh(photo, {**request.POST.dict(), "field": "picture_edit"})
    return change


@require_safe
def auto(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """What Auto suggests for the picture, as operations."""
    photo = picture_editor.editable_or_404(photo_or_404(request.user, key))
    if photo.is_video:
        raise Http404("Videos have no light and colour to suggest.")
    return JsonResponse({"operations": picture_editor.suggestion(photo)})


@require_safe
def unedited(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The owner's large thumbnail without the edit: what the editor's preview starts from."""
    return send_unedited(request, photo_or_404(request.user, key), http.CHECKED)


@require_safe
def rendition(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Whether the photo's edit is still being rendered. The open photo is shown again when it is done."""
    photo = photo_or_404(request.user, key)
    told: dict[str, Any] = {"photo": photo, "rendering": picture_editor.rendering_of(photo)}
    response = render(request, "photos/viewer/_rendering.html", told)
    return response if told["rendering"].waits else trigger(response, **{TURNED: {}, EDITED: {"key": key}})


@require_POST
def paste(request: HtmxHttpRequest) -> HttpResponse:
    """Give the chosen photos the edit of the photo `from`: its light and colour, and with `crop` its crop too."""
    try:
        photos = own_chosen(request.user, request.POST, to_be="edited")
        source = photo_or_404(request.user, request.POST.get("from", ""))
        change = picture_edits.copy_picture(source, light_only="crop" not in {*request.POST, *request.GET})
    except NotPossible as error:
        return refuse(request, error)
    activity = bulk.make(request.user, photos.exclude(pk=source.pk), change, request.user)
    return report_change(request, pgettext("done", "Edited"), activity, home=reverse("photos:timeline"), event=EDITED)
