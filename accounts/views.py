"""What a user chooses for themselves."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from mirage.htmx import HtmxHttpRequest


@require_POST
def theme(request: HtmxHttpRequest) -> HttpResponse:
    """Keep the appearance the user chose: system, light or dark."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponseBadRequest("theme: expected system, light or dark")
    request.user.theme = chosen
    request.user.save(update_fields=["theme"])
    if request.htmx:
        return HttpResponse(status=204)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return redirect(target if safe else resolve_url("photos:timeline"))
