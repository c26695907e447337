"""Scheduled tasks: when they ran, what came of it, when they run next; and running one now."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from accounts import activity
from accounts.access import administrators_only
from mirage.web.htmx import HtmxHttpRequest
from operations import schedule
from operations.pages import dashboard


@administrators_only
@require_safe
def tasks(request: HtmxHttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "operations/tasks.html", {"tasks": dashboard.tasks()})


@administrators_only
@require_POST
def run_task(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """Let the next beat run a scheduled task."""
    task = schedule.tasks().get(name)
    if task is None:
        raise Http404(f"no task {name}")
    schedule.make_due(name)
    with override("en"):  # the log is kept in English
        activity.record("ran a task", request, subject=task.title)
    messages.success(request, _("“%(task)s” starts within seconds.") % {"task": task.title})
    return redirect("operations:tasks")
