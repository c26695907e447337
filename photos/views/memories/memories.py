"""Memories: the strip over the timeline, the page of a memory, and what a user leaves out of them."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page, trigger
from photos.access import visible_photo_or_404
from photos.gallery.memories import left_out, today
from photos.gallery.memories.choosing import timeline_for
from photos.gallery.memories.kinds import memory_or_404
from photos.gallery.pages import page_context, render_list

CHANGED = "memories:changed"  # the event at which the strip reloads


@require_safe
def strip(request: HtmxHttpRequest) -> HttpResponse:
    """The memories that suit today."""
    context = {"cards": today.suiting(request.user, today.today_of(request.user))}
    return render_page(request, "photos/memories/strip.html", "photos/memories/_strip.html", context)


@require_safe
def memory(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photos of a memory, as a list with a button that plays them."""
    found = memory_or_404(request.user, key)
    context = page_context(request, timeline_for(request.user, found)) | {"memory": found}
    return render_list(request, "photos/memories/memory.html", "photos/gallery/_grid.html", context)


@require_safe
def menu(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """What can be left out beside a memory: the day and the people of the photo that is shown."""
    photo = visible_photo_or_404(request.user, request.GET.get("photo", ""))
    subjects = [
        (name, value, called)
        for name, subject in left_out.SUBJECTS.items()
        for value, called in subject.of_photo(request.user, photo)
    ]
    context = {"memory": memory_or_404(request.user, key), "subjects": subjects}
    return render_page(request, "photos/memories/menu.html", "photos/memories/_menu.html", context)


@require_POST
def leave_out(request: HtmxHttpRequest) -> HttpResponse:
    """Keep a memory, a day or a person out of the memories."""
    subject, value = request.POST.get("subject", ""), request.POST.get("value", "")
    if "\0" in value or subject not in {left_out.MEMORY, *left_out.SUBJECTS}:
        raise Http404("nothing that can be left out")
    row = left_out.leave_out(request.user, subject, value)
    undo = Undo(reverse("photos:show_again", args=[row.pk]))
    told = _("“%(name)s” is left out of your memories") % {"name": row.name}
    response = report(request, told, event=CHANGED, undo=undo)
    return trigger(response, **{"dialog:done": {}}) if request.htmx else response  # the player closes


@require_POST
def show_again(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Let something be remembered again."""
    row = left_out.left_out_or_404(request.user, pk)
    row.delete()
    today.forget(request.user)
    home = reverse("photos:memory_settings")
    told = _("“%(name)s” may appear in your memories again") % {"name": row.name}
    return report(request, told, event=CHANGED, home=home)


@require_http_methods(["GET", "POST", "HEAD"])
def settings(request: HtmxHttpRequest) -> HttpResponse:
    """Whether memories are shown, and what is left out of them."""
    if request.method == "POST":
        request.user.memories = request.POST.get("memories") == "on"
        request.user.save(update_fields=["memories"])
    context = {"left_out": left_out.left_out_of(request.user)}
    return render_page(request, "photos/memories/settings.html", "photos/memories/_settings.html", context)
