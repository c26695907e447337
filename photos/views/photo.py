"""One photo: the viewer, over the grid or on its own page, and the info panel."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.access import visible_photo_or_404
from photos.gallery.viewer import viewer_context


@require_safe
def photo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photo in the viewer."""
    shown = visible_photo_or_404(request.user, key)
    return render_page(
        request, "photos/viewer/photo.html", "photos/viewer/_viewer.html", viewer_context(request, shown)
    )


@require_safe
def info(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The info panel. Without HTMX, the photo with the panel open."""
    context = viewer_context(request, visible_photo_or_404(request.user, key)) | {"info_open": True}
    fragment = "photos/viewer/info/_info.html" if context["mine"] else "photos/viewer/info/_info_shared.html"
    return render_page(request, "photos/viewer/photo.html", fragment, context)
