"""The page Explore: an overview of the library."""

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.gallery import place_names
from photos.gallery.explore import Visitor, filled


@require_safe
def explore(request: HtmxHttpRequest) -> HttpResponse:
    """Shelves with people, places, objects, trips, kinds of photos and memories."""
    language = place_names.language_for(request)
    context = {"shelves": filled(Visitor(request.user, language))}
    response = render_page(request, "photos/library/explore.html", "photos/library/_explore.html", context)
    patch_vary_headers(response, ["Accept-Language"])
    return response
