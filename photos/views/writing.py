"""Writing into files: what is in force goes into the originals themselves, with a backup, and back."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mirage.web.htmx import HtmxHttpRequest, trigger
from photos.access import chosen_keys, photos_by_keys
from photos.editing import file_writing
from photos.models import Photo, PhotoQuerySet
from photos.views.selection import confirm, counted, report

AT_ONCE = 10  # files within a request's patience; more are for the workers
QUESTION = "Write into {files}?"
EXPLAINED = (
    "Title, description, rating, keywords, time and place as Mirage has them are written into the file itself."
    " The file as it is now is kept beside it, and can be put back."
)


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Write into the files of the chosen photos (asks first), or put them back; the answer is a toast."""
    if action not in ("write", "back"):
        raise Http404(f"no action {action}")
    keys = chosen_keys(request.POST)
    if action == "write" and "confirmed" not in request.POST:
        return confirm(request, QUESTION.format(files=files(len(keys))), "Write", ",".join(keys), EXPLAINED)
    photos = list(photos_by_keys(request.user, keys))
    return report(request, toast_of([one for some in photos for one in ids_of(some, action)], len(keys), action))


def of_selection(request: HtmxHttpRequest, photos: PhotoQuerySet) -> HttpResponse:
    """The same from the dialog for the selection: with `preview` how many files it concerns."""
    action = "back" if request.POST.get("files") == "back" else "write"
    ids = ids_of(photos, action)
    if "preview" in request.POST:
        context = {"back": action == "back", "count": len(ids), "left": photos.count() - len(ids)}
        return render(request, "photos/editing/_write_preview.html", context)
    toast = toast_of(ids, photos.count(), action)
    return trigger(render(request, "photos/editing/_write_report.html", toast), **{"photos:edited": {}})


def ids_of(photos: PhotoQuerySet, action: str) -> list[int]:
    """Those of the photos that the action can be done to."""
    able = file_writing.with_backup(photos) if action == "back" else file_writing.writable(photos)
    return list(able.order_by("pk").values_list("pk", flat=True))


def toast_of(ids: list[int], chosen: int, action: str) -> dict[str, Any]:
    """Do it, now or by the workers, and say so."""
    back = action == "back"
    if not ids:
        none = "Nothing was ever written into the file." if back else file_writing.UNFIT
        return {"text": none, "tone": "error"}
    if len(ids) > AT_ONCE:
        file_writing.demand(ids, back=back)
        text = f"{'Putting back' if back else 'Writing into'} {files(len(ids))}. Activity shows how far it is."
        return with_undo({"text": text}, ids, back)
    refused = file_writing.attempt(ids, file_writing.restore_file if back else file_writing.write_file)
    if refused:
        return {"text": f"{counted(len(refused))}: {next(iter(refused.values()))}", "tone": "error"}
    text = f"{files(len(ids)).capitalize()} {'put back' if back else 'written into'}"
    left = f"; {chosen - len(ids):,} cannot be" if chosen > len(ids) and not back else ""
    return with_undo({"text": text + left}, ids, back)


def with_undo(toast: dict[str, Any], ids: list[int], back: bool) -> dict[str, Any]:
    """The toast with an Undo, where there is a way back."""
    if back:
        return toast
    keys = Photo.objects.filter(pk__in=ids).values_list("key", flat=True)
    return toast | {
        "undo_url": reverse("photos:write_files", args=["back"]),
        "undo_action": "back",
        "undo_keys": ",".join(keys),
    }


def files(number: int) -> str:
    """The file, or 12 files."""
    return "the file" if number == 1 else f"{number:,} files"
