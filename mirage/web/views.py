"""The pages that belong to no app: the palette."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mirage.web import palette
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import listed

RECENT = 12  # of what was chosen lately that is looked at


@require_safe
def find(request: HtmxHttpRequest) -> HttpResponse:
    """What fits `q`, as the options of the palette. `recent` has the keys of what was chosen lately."""
    text = request.GET.get("q", "")[: palette.LONGEST].replace("\0", "").strip()
    context = {"found": palette.find(request.user, text, listed(request.GET, "recent")[:RECENT]), "text": text}
    response = render_page(request, "palette/palette.html", "palette/_options.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
