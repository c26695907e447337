"""Writing the current metadata into the originals themselves, with a backup, and restoring them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, trigger
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.access import chosen_keys, photos_by_keys
from photos.editing import file_writing
from photos.editing.answers import EDITED
from photos.editing.edits import InvalidEdit
from photos.models import Photo, PhotoQuerySet
from photos.views.selection import confirm

AT_ONCE = 10  # files that are written within the request; workers write more
EXPLAINED = _lazy(
    "Mirage writes title, description, rating, tags, date and place into the file itself."
    " It keeps a backup of the file, which you can restore."
)


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Write into the files of the chosen photos (asks first), or restore them. The response is a toast."""
    if action not in ("write", "back"):
        raise Http404(f"no action {action}")
    keys = chosen_keys(request.POST)
    if action == "write" and "confirmed" not in request.POST:
        question = ngettext("Write into the file?", "Write into %(number)s files?", len(keys))
        question %= {"number": number_in_words(len(keys))}
        return confirm(request, question, _("Write"), ",".join(keys), str(EXPLAINED))
    ids = [one for photos in photos_by_keys(request.user, keys) for one in ids_of(photos, action)]
    text, undo = write(ids, len(keys), back=action == "back")
    return report(request, text, undo=undo)


def of_selection(request: HtmxHttpRequest, photos: PhotoQuerySet) -> HttpResponse:
    """The same from the dialog for the selection. With `preview`, show how many files. Raises InvalidEdit."""
    action = "back" if request.POST.get("files") == "back" else "write"
    ids = ids_of(photos, action)
    if "preview" in request.POST:
        context = {"back": action == "back", "count": len(ids), "left": photos.count() - len(ids)}
        return render(request, "photos/editing/_write_preview.html", context)
    text, undo = write(ids, photos.count(), back=action == "back")
    return trigger(render(request, "photos/editing/_write_report.html", {"text": text, "undo": undo}), **{EDITED: {}})


def ids_of(photos: PhotoQuerySet, action: str) -> list[int]:
    """The photos to which the action can be applied."""
    able = file_writing.with_backup(photos) if action == "back" else file_writing.writable(photos)
    return list(able.order_by("pk").values_list("pk", flat=True))


def write(ids: list[int], chosen: int, *, back: bool) -> tuple[str, Undo | None]:
    """Write into these files or restore them, now or by a worker. Returns what was done in words, and the undo.

    Raises InvalidEdit if nothing can be done, or if some files were refused.
    """
    if not ids:
        raise InvalidEdit(_("Mirage has not written into the file.") if back else in_language(file_writing.UNFIT))
    undo = None if back else undo_of(ids)
    if len(ids) > AT_ONCE:
        file_writing.demand(ids, back=back)
        return begun(len(ids), back=back), undo
    refused = file_writing.attempt(ids, file_writing.restore_file if back else file_writing.write_file)
    if refused:
        words = ngettext("Photo: %(reason)s", "%(number)s photos: %(reason)s", len(refused))
        reason = in_language(next(iter(refused.values())))
        raise InvalidEdit(words % {"number": number_in_words(len(refused)), "reason": reason})
    return done(len(ids), 0 if back else chosen - len(ids), back=back), undo


def begun(number: int, *, back: bool) -> str:
    """That workers write into so many files, or restore them."""
    words = (
        ngettext(
            "Restoring the file. The Activity page shows the progress.",
            "Restoring %(number)s files. The Activity page shows the progress.",
            number,
        )
        if back
        else ngettext(
            "Writing into the file. The Activity page shows the progress.",
            "Writing into %(number)s files. The Activity page shows the progress.",
            number,
        )
    )
    return words % {"number": number_in_words(number)}


def done(number: int, left: int, *, back: bool) -> str:
    """That so many files were written into or restored, and how many others cannot be."""
    if back:
        words = ngettext("The file restored", "%(number)s files restored", number)
    elif left > 0:
        words = ngettext(
            "The file written into; %(left)s cannot be", "%(number)s files written into; %(left)s cannot be", number
        )
    else:
        words = ngettext("The file written into", "%(number)s files written into", number)
    return words % {"number": number_in_words(number), "left": number_in_words(left)}


def undo_of(ids: list[int]) -> Undo:
    """The undo that restores these files."""
    keys = Photo.objects.filter(pk__in=ids).values_list("key", flat=True)
    return Undo(reverse("photos:write_files", args=["back"]), ",".join(keys), "back")
