"""Where originals are stored: the storage template with examples, and moving what is stored already."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import activity
from accounts.access import administrators_only
from mirage import changeable
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from operations import schedule
from operations.pages import originals as originals_page


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def originals(request: HtmxHttpRequest) -> HttpResponse:
    """The template. What is typed is looked at first, or saved. While a move goes on, the page asks how far it is."""
    typed = request.POST.get("template", "") if request.method == "POST" else None
    page = "operations/originals.html", "operations/_originals_move.html"
    if typed is None and wants_fragment(request):
        return render_page(request, *page, originals_page.progress())
    context = originals_page.describe(request.user, typed)
    if "save" in request.POST and not context["error"]:
        times = schedule.times()
        changeable.change(originals_page.NAME, context["template"], request.user, request)
        schedule.reschedule(times)
        messages.success(request, _("Saved. New photos are stored there."))
        return redirect("operations:originals")
    status = 422 if context["error"] else 200
    return render_page(request, *page, context, status=status)


@administrators_only
@require_POST
def act_on_originals(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Move all originals to where the template says, or stop that."""
    if action not in originals_page.ACTIONS:
        raise Http404(f"no action {action}")
    messages.success(request, originals_page.ACTIONS[action]())
    activity.record("changed a setting", request, subject="originals", action=action)
    return redirect("operations:originals")
