"""The first hour: where the photos are, what is happening, the first steps."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos import first_run


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HtmxHttpRequest) -> HttpResponse:
    """The page, which asks for its fragment again while there is work. A form puts a step away, or brings all back."""
    if request.method == "POST":
        if "all" in request.POST:
            first_run.bring_back(request.user)
        else:
            first_run.put_away(request.user, request.POST.get("step", ""))
        if not wants_fragment(request):
            return redirect("photos:welcome")
    context = first_run.describe(request.user)
    return render_page(request, "photos/first/welcome.html", "photos/first/_welcome.html", context)
