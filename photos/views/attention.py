"""Needs attention: photos and files that failed, with the reason, to be retried or removed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from mirage.web.paging import first_page
from mirage.wording import listed, number_in_words
from photos.access import chosen_keys
from photos.pipeline import attention

PAGE = 50


@require_safe
def listing(request: HtmxHttpRequest) -> HttpResponse:
    """The page, its list, or the next rows."""
    further = "photos_before" in request.GET or "files_before" in request.GET
    fragment = "photos/work/_attention_rows.html" if further else "photos/work/_attention.html"
    return render_page(request, "photos/work/attention.html", fragment, rows(request))


def rows(request: HtmxHttpRequest) -> dict[str, Any]:
    """A page of photos followed by files, from the top or from the place in the address."""
    photos, files = attention.failed_photos(request.user), attention.import_failures(request.user)
    total = photos.count() + files.count()
    if last := request.GET.get("photos_before"):
        photos = attention.older_photos(photos, last)
    elif last := request.GET.get("files_before"):
        photos, files = photos.none(), attention.older_files(files, last)
    some, last_photo = first_page(photos, PAGE)
    others, last_file = first_page(files.none() if last_photo else files, PAGE)  # files come after the last photo
    return {
        "photos": some,
        "files": [(failure, attention.upload_of(failure)) for failure in others],
        "more_photos": last_photo.key if last_photo else "",
        "more_files": last_file.key if last_file else "",
        "total": total,
    }


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Retry or remove the chosen ones. The response is what is left, and a toast."""
    if action not in ACTIONS:
        raise Http404(f"no action {action}")
    text, undo = ACTIONS[action](chosen_by(request))
    if wants_fragment(request):
        return render(request, "photos/work/_attention.html", {**rows(request), "text": text, "undo": undo})
    return report(request, text, home=reverse("photos:attention"), undo=undo)


def chosen_by(request: HtmxHttpRequest) -> attention.Chosen:
    """All of them, the one whose button was pressed, or the selected ones. Raises NotPossible if there are none."""
    if "all" in request.POST:
        return attention.everything(request.user)
    chosen = attention.choose(request.user, request.POST.getlist("only") or chosen_keys(request.POST))
    if not chosen:
        raise NotPossible(_("Nothing is selected."))
    return chosen


def retry(chosen: attention.Chosen) -> tuple[str, None]:
    """Retry them. Returns what was done in words. Raises NotPossible if Redis cannot be reached."""
    count = attention.retry_imports(chosen.files) + attention.retry_photos(chosen.photos)
    words = ngettext(
        "Trying %(number)s file again. Those that fail again will appear here.",
        "Trying %(number)s files again. Those that fail again will appear here.",
        count,
    )
    return words % {"number": number_in_words(count)}, None


def remove(chosen: attention.Chosen) -> tuple[str, Undo | None]:
    """Move photos to the trash and delete failures. Returns what was done in words, and the undo."""
    keys = attention.move_to_trash(chosen.photos)
    dismissed = attention.dismiss(chosen.files)
    moved = ngettext("%(number)s file moved to the trash", "%(number)s files moved to the trash", len(keys))
    removed = ngettext("%(number)s file removed from the list", "%(number)s files removed from the list", dismissed)
    parts = [(moved, len(keys)), (removed, dismissed)]
    told = [words % {"number": number_in_words(number)} for words, number in parts if number]
    undo = Undo(reverse("photos:selection", args=["restore"]), ",".join(keys), "restore") if keys else None
    return listed(told), undo


ACTIONS = {"retry": retry, "remove": remove}
