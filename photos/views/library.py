"""The pages Library, Folders and Tidy up, and the storage used."""

from urllib.parse import urlencode

from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mirage.refusals import NotPossible
from mirage.web import navigation
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import listed
from photos.access import photo_or_404, photos_of
from photos.gallery import folder_view
from photos.gallery.pages import page_context, render_list


@require_safe
def library(request: HtmxHttpRequest) -> HttpResponse:
    """Everything without a main entry in the navigation: favourites, videos, archive, trash, tags and so on."""
    context = {
        "entries": navigation.ordered(navigation.LIBRARY, request.user),
        "tasks": navigation.open_tasks(request.user),
    }
    return render_page(request, "photos/library/library.html", "photos/library/_library.html", context)


@require_safe
def folders(request: HtmxHttpRequest) -> HttpResponse:
    """The topmost folders that photos came from."""
    context = {"folders": folder_view.folders_in(request.user)}
    return render_page(request, "photos/library/folders.html", "photos/library/_folders.html", context)


@require_safe
def folder(request: HtmxHttpRequest, path: str) -> HttpResponse:
    """A folder: the folders in it, and the photos right in it. HTMX gets a single page of tiles."""
    shown = folder_view.folder_at(path.strip("/"))
    timeline = folder_view.timeline_of_folder(request.user, shown)
    context = page_context(request, timeline)
    if not context["direction"]:
        inside = folder_view.folders_in(request.user, shown.path)
        if not inside and not timeline.photos().exists():
            raise Http404(f"no folder {shown.path}")
        way = folder_view.way_to(shown.path)
        context |= {"folder": shown, "way": way[:-1], "folders": inside, "covers": way[::-1]}
    return render_list(request, "photos/library/folder.html", "photos/gallery/_grid.html", context)


@require_POST
def choose_cover(request: HtmxHttpRequest) -> HttpResponse:
    """Let the chosen photo stand for a folder. The toast can undo it: then its address says which one stood before."""
    is_undo = "undo" in request.POST
    told = request.GET if is_undo else request.POST
    shown = folder_view.folder_at(told.get("folder", ""))
    keys = listed(told, "keys")
    if len(keys) > 1 or not (keys or is_undo):
        raise NotPossible(_("Choose one of the folder's photos as its cover."))
    photo = photo_or_404(request.user, keys[0]) if keys else None
    before = folder_view.choose_cover(request.user, photo, shown.path)
    if is_undo:
        return report(request, _("Undone"), home=shown.address)
    again = {"folder": shown.path, "keys": before.key if before else ""}
    words = _("It is the cover of %(name)s now.") % {"name": shown.name}
    undo = Undo(f"{reverse('photos:folder_cover')}?{urlencode(again)}")
    return report(request, words, home=shown.address, undo=undo)


@require_safe
def tidy_up(request: HtmxHttpRequest) -> HttpResponse:
    """The tasks for the user, such as decisions and repairs, with how many there are of each."""
    tasks = [(task, task.count(request.user)) for task in navigation.ordered(navigation.TASKS, request.user)]
    context = {"tasks": [(task, task.amount(count) if count else "") for task, count in tasks]}
    return render_page(request, "photos/library/tidy_up.html", "photos/library/_tidy_up.html", context)


@require_safe
def storage(request: HtmxHttpRequest) -> HttpResponse:
    """The size of the user's photos and videos, for the account menu."""
    used = photos_of(request.user).of_files().aggregate(total=Sum("size"))["total"] or 0
    return render_page(request, "photos/library/storage.html", "photos/library/_storage.html", {"used": used})
