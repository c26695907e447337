"""What models found in a photo: the boxes over the picture, and turning automatic labels on or off."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos.access import photo_or_404
from photos.gallery.picture import seen
from photos.gallery.picture.boxes import shown
from photos.gallery.viewer import viewer_context
from photos.pipeline.shared_files import looked_at


@require_safe
def boxes(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The boxes of a photo's objects, which objects.js draws over the picture."""
    photo = photo_or_404(request.user, key)
    objects = shown(photo, seen.objects_of(photo), looked_at(photo).turn)
    return render(request, "photos/viewer/_boxes.html", {"photo": photo, "objects": objects})


@require_POST
def wanted(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Turn automatic labels on or off for the user, from the panel of a photo."""
    photo = photo_or_404(request.user, key)
    request.user.automatic_labels = request.POST.get("wanted") == "yes"
    request.user.save(update_fields=["automatic_labels"])
    if not wants_fragment(request):
        return redirect("photos:info", key)
    context = viewer_context(request, photo) | {"info_open": True}
    return render_page(request, "photos/viewer/photo.html", "photos/viewer/info/_info.html", context)
