"""Settings that can be changed while Mirage runs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import administrators_only
from mirage.web.answers import report
from mirage.web.htmx import HtmxHttpRequest
from operations.pages import settings as settings_page


@administrators_only
@require_http_methods(["GET", "POST", "HEAD"])
def settings(request: HtmxHttpRequest) -> HttpResponse:
    """All of them, with who changed what and when. A form changes those of its group."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        changed, errors = settings_page.save(request.POST, request.user, request)
        if not errors:
            text = ngettext("%(number)s setting changed.", "%(number)s settings changed.", changed) % {
                "number": changed
            }
            messages.success(request, text if changed else _("Nothing was changed."))
            return redirect("operations:settings")
    context = {"groups": settings_page.groups(request.POST, errors), "models": settings_page.models()}
    return render(request, "operations/settings.html", context, status=422 if errors else 200)


@administrators_only
@require_POST
def models(request: HtmxHttpRequest) -> HttpResponse:
    """Switch on and off what recognises things in photos."""
    settings_page.switch_models(request.POST.getlist("on"), request.user, request)
    return report(request, _("Saved. What is off waits, and continues when it is on again."),
                  home=reverse("operations:settings"))  # fmt: skip


@administrators_only
@require_POST
def reset_setting(request: HtmxHttpRequest, name: str) -> HttpResponse:
    """Go back to what the environment says."""
    title = settings_page.reset(name, request.user, request)
    return report(
        request, _("“%(title)s” has its default again.") % {"title": title}, home=reverse("operations:settings")
    )
