"""What is done with chosen photos: favourite, archive, trash, back again, and deletion for good."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.activity import record
from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest
from photos.access import chosen_keys, photos_by_keys
from photos.models import PhotoQuerySet
from photos.storage import deletion


@dataclass(frozen=True)
class Action:
    """A change of many photos: which of the chosen it concerns, what is done, how it is told and taken back."""

    concerns: Q
    apply: Callable[[PhotoQuerySet], int]
    told: str
    undo: str


ACTIONS = {
    "favourite": Action(Q(favourite=False), lambda p: p.update(favourite=True), "added to favourites", "unfavourite"),
    "unfavourite": Action(
        Q(favourite=True), lambda p: p.update(favourite=False), "removed from favourites", "favourite"
    ),
    "archive": Action(Q(archived=False), lambda p: p.update(archived=True), "archived", "unarchive"),
    "unarchive": Action(Q(archived=True), lambda p: p.update(archived=False), "back on the timeline", "archive"),
    "trash": Action(Q(trashed_at=None), lambda p: p.trash(), "moved to the trash", "restore"),
    "restore": Action(Q(trashed_at__isnull=False), lambda p: p.restore(), "restored", "trash"),
}


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Do one of ACTIONS with the photos of `keys`; the answer is the toast that reports it and can undo it."""
    if action not in ACTIONS:
        raise Http404(f"no action {action}")
    chosen = ACTIONS[action]
    changed = change(request.user, chosen_keys(request.POST), chosen)
    text = "Undone" if "undo" in request.POST else f"{counted(len(changed))} {chosen.told}"
    undoable = changed and "undo" not in request.POST
    toast = {
        "text": text if changed else "Nothing to change",
        "undo_url": reverse("photos:selection", args=[chosen.undo]) if undoable else "",
        "undo_action": chosen.undo,
        "undo_keys": ",".join(changed),
    }
    return report(request, toast)


@require_POST
def delete(request: HtmxHttpRequest) -> HttpResponse:
    """Delete chosen photos of the trash for good, with their files. Asks first."""
    keys = chosen_keys(request.POST)
    if "confirmed" not in request.POST:
        question = f"Delete {counted(len(keys)).lower()} for good?"
        return confirm(request, question, "Delete for good", ",".join(keys))
    count = sum(deletion.delete(batch.trashed()) for batch in photos_by_keys(request.user, keys))
    record("deleted photos", request, subject=counted(count))
    return report(request, {"text": f"{counted(count)} deleted for good"})


@require_POST
def empty_trash(request: HtmxHttpRequest) -> HttpResponse:
    """Delete everything in the user's trash for good. Asks first."""
    if "confirmed" not in request.POST:
        return confirm(request, "Empty the trash?", "Empty the trash")
    count = deletion.empty_trash(request.user)
    record("emptied the trash", request, subject=counted(count))
    state = "being deleted for good" if count > deletion.AT_ONCE else "deleted for good"
    return report(request, {"text": f"{counted(count)} {state}"})


def change(user: User, keys: Iterable[str], action: Action) -> list[str]:
    """Apply the action to the user's photos of those keys that it concerns, all or none. Their keys."""
    changed: list[str] = []
    with transaction.atomic():
        for batch in photos_by_keys(user, keys):
            concerned = list(batch.filter(action.concerns).values_list("key", flat=True))
            for photos in photos_by_keys(user, concerned):
                action.apply(photos)
            changed += concerned
    return changed


def counted(number: int) -> str:
    """The subject of a report: Photo, or 12 photos."""
    return "Photo" if number == 1 else f"{number:,} photos"


def report(request: HtmxHttpRequest, toast: dict[str, str]) -> HttpResponse:
    """The toast as a fragment, or on the page the form came from."""
    if request.htmx:
        return render(request, "includes/toast.html", toast)
    messages.success(request, render_to_string("includes/toast.html", toast, request), extra_tags="html")
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else resolve_url("photos:timeline"))


def confirm(request: HtmxHttpRequest, question: str, yes: str, keys: str = "", text: str = "") -> HttpResponse:
    """The question as a page, for browsers in which dialogs.js did not ask it already."""
    context = {"question": question, "yes": yes, "keys": keys, "text": text, "next": request.POST.get("next", "")}
    return render(request, "photos/editing/confirm.html", context)
