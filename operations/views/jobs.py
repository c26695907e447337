"""Jobs: the work on all photos, stage by stage. It can be paused, and what failed is tried again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import administrators_only
from mirage.web.answers import report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.wording import number_in_words
from operations.pages import jobs as contents
from photos.pipeline import STAGES


@administrators_only
@require_safe
def jobs(request: HtmxHttpRequest) -> HttpResponse:
    """All stages. The page asks for its fragment again every few seconds."""
    return render_page(request, "operations/jobs.html", "operations/_jobs.html", contents.describe())


@administrators_only
@require_safe
def job(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """One stage: what is being done, what comes next, and what failed and why."""
    if name not in STAGES:
        raise Http404(f"no stage {name}")
    return render_page(request, "operations/job.html", "operations/_job.html", contents.describe_one(STAGES[name]))


@administrators_only
@require_POST
def pause(request: HtmxHttpRequest) -> HttpResponse:
    """Pause or resume one stage, or all of them."""
    names = stages_named(request)
    paused = request.POST.get("paused") == "yes"
    contents.pause(names, paused, request.user, request)
    return report(request, told_of(names, paused), home=reverse("operations:jobs"), event="jobs-changed")


def told_of(names: list[str], paused: bool) -> str:
    """What the toast says of stages that were paused or resumed."""
    if len(names) == 1:
        text = _("“%(stage)s” is paused. What has begun is finished.") if paused else _("“%(stage)s” goes on.")
        return text % {"stage": STAGES[names[0]].label}
    return _("All work is paused. What has begun is finished.") if paused else _("All work goes on.")


@administrators_only
@require_POST
def retry(request: HtmxHttpRequest) -> HttpResponse:
    """Try again what failed at one stage, or at all of them."""
    count = contents.retry(stages_named(request))
    trying = ngettext("Trying %(number)s photo again.", "Trying %(number)s photos again.", count)
    text = trying % {"number": number_in_words(count)} if count else _("Nothing has failed.")
    return report(request, text, home=reverse("operations:jobs"), event="jobs-changed")


def stages_named(request: HtmxHttpRequest) -> list[str]:
    """The stage of the form, or all."""
    name: Any = request.POST.get("stage", "")
    if name and name not in STAGES:
        raise Http404(f"no stage {name}")
    return [name] if name else list(STAGES)
