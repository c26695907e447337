"""Photos that look like a photo or like an uploaded picture."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from media.sandbox import UnreadableFile
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.languages import in_language
from photos.access import visible_photo_or_404, visible_photos
from photos.gallery.alike import similar
from photos.gallery.pages import page_context
from photos.ingest.forms import PictureForm, temporary_copy
from vision.inference import MissingWeights


@require_safe
def of_photo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photos that look like this one."""
    photo = visible_photo_or_404(request.user, key)
    try:
        source = similar.source_of(request.user, "similar", key)
    except similar.NotYetKnown as reason:
        context = {"photo": photo, "reason": str(reason)}
        return render_page(request, "photos/gallery/similar.html", "photos/gallery/_similar.html", context)
    return shown(request, source)


@require_safe
def of_picture(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photos that look like an uploaded picture."""
    return shown(request, similar.source_of(request.user, "picture", key))


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HtmxHttpRequest) -> HttpResponse:
    """Upload a picture to search with. Its embedding is kept for a day, the picture is not."""
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if form.is_valid():
        try:
            with temporary_copy(form.cleaned_data["picture"]) as picture:
                return redirect("photos:picture", similar.remember(request.user, picture).key)
        except (UnreadableFile, MissingWeights) as error:
            form.add_error("picture", in_language(str(error)))
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "photos/gallery/by_picture.html", "photos/gallery/_by_picture.html", {"form": form}, status=status
    )


def shown(request: HtmxHttpRequest, source: similar.Source) -> HttpResponse:
    """The list, with the filters in the address."""
    try:
        filters = similar.Filters.parse(request.GET.dict())
    except ValueError as error:
        raise Http404("no such day") from error
    found = similar.ranking(request.user, source, filters)
    everything = similar.ranking(request.user, source, similar.Filters()) if filters.chosen else found
    photos = visible_photos(request.user).filter(pk__in=[one.id for one in everything.ranks])
    context = page_context(request, found, page=found.older()) | {
        "photo": source.photo,
        "filters": filters,
        "choices": similar.choices(request.user, photos),
    }
    return render_page(request, "photos/gallery/similar.html", "photos/gallery/_similar.html", context)
