"""The history: what was done in the user's library, by whom and when, with undo."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import history as actions
from accounts import undoing
from accounts.action_kinds import ACTION_KINDS
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from mirage.web.paging import first_page

PAGE = 50


@require_safe
def history(request: HtmxHttpRequest) -> HttpResponse:
    """The page, and the fragment that refreshes itself while an action is running."""
    return render_page(request, "accounts/history.html", "accounts/_history.html", listed(request, request.GET))


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Undo an action. The answer is the updated list, with the reason if it cannot be undone."""
    activity = get_object_or_404(Activity, owner=request.user, pk=pk)
    problem = ""
    try:
        undoing.undo(activity, request.user)
    except NotPossible as error:
        problem = str(error)
    if wants_fragment(request):
        return render(request, "accounts/_history.html", listed(request, request.POST) | {"problem": problem})
    if problem:
        messages.error(request, problem)
    return redirect("accounts:history")


def listed(request: HtmxHttpRequest, asked: Any) -> dict[str, Any]:
    """A page of actions, of the requested kind and before the requested id."""
    kind, before = asked.get("kind", ""), asked.get("before", "")
    if (kind and kind not in ACTION_KINDS) or not re.fullmatch(r"[0-9]{0,18}", before):
        raise Http404("no such history")
    rows = actions.of(request.user, kind).select_related("actor")
    page, last = first_page(rows.filter(pk__lt=int(before)) if before else rows, PAGE)
    told = actions.told(page)
    return {
        "actions": told,
        "kinds": {name: one.label for name, one in ACTION_KINDS.items()},
        "kind": kind,
        "before": before,
        "older": last.pk if last else None,
        "going_on": any(action.told.going_on is not None for action in told),
    }
