"""The first hour: where the photos are, what is happening, the first steps."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mirage.web.answers import next_page
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos import first_run


@require_safe
def welcome(request: HtmxHttpRequest) -> HttpResponse:
    """The page, which asks for its fragment again while there is work."""
    context = first_run.describe(request.user)
    return render_page(request, "photos/first/welcome.html", "photos/first/_welcome.html", context)


@require_POST
def put_away(request: HtmxHttpRequest) -> HttpResponse:
    """Put a card away, or bring all of them back."""
    if "all" in request.POST:
        first_run.bring_back(request.user)
    else:
        first_run.put_away(request.user, request.POST.get("step", ""))
    if wants_fragment(request):
        context = first_run.describe(request.user)
        return render_page(request, "photos/first/welcome.html", "photos/first/_welcome.html", context)
    return redirect(next_page(request, reverse("photos:welcome")))
