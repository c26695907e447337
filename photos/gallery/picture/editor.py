"""What the editor of a picture shows: the photo without its edit, the edit, and what can be done."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from PIL import Image

from media.editing import auto, description
from media.editing.presets import PRESETS
from mirage.web.htmx import HtmxHttpRequest
from photos.editing import picture_edits, renditions
from photos.editing.stale import shown_in_forms
from photos.models import Photo, StageRun
from photos.storage import paths

Status = StageRun.Status
SLIDERS = {  # the editor's tabs with operations that have an amount
    "light": ("exposure", "contrast", "highlights", "shadows", "sharpness"),
    "colour": ("warmth", "tint", "saturation", "vibrance", "black_and_white"),
}
RATIOS = (
    ("free", pgettext_lazy("ratio of a picture", "Free")),
    ("original", pgettext_lazy("ratio of a picture", "Original")),
    ("1:1", "1:1"),
    ("4:3", "4:3"),
    ("3:2", "3:2"),
    ("16:9", "16:9"),
)
LABELS = {  # of the sliders
    "exposure": pgettext_lazy("of a picture", "Exposure"),
    "contrast": pgettext_lazy("of a picture", "Contrast"),
    "highlights": pgettext_lazy("of a picture", "Highlights"),
    "shadows": pgettext_lazy("of a picture", "Shadows"),
    "sharpness": pgettext_lazy("of a picture", "Sharpness"),
    "warmth": pgettext_lazy("of a picture", "Warmth"),
    "tint": pgettext_lazy("of a picture", "Tint"),
    "saturation": pgettext_lazy("of a picture", "Saturation"),
    "vibrance": pgettext_lazy("of a picture", "Vibrance"),
    "black_and_white": pgettext_lazy("of a picture", "Black and white"),
}
LOOKS = {  # the presets
    "clear": pgettext_lazy("look of a picture", "Clear"),
    "vivid": pgettext_lazy("look of a picture", "Vivid"),
    "soft": pgettext_lazy("look of a picture", "Soft"),
    "warm": pgettext_lazy("look of a picture", "Warm"),
    "cool": pgettext_lazy("look of a picture", "Cool"),
    "golden": pgettext_lazy("look of a picture", "Golden"),
    "forest": pgettext_lazy("look of a picture", "Forest"),
    "faded": pgettext_lazy("look of a picture", "Faded"),
    "film": pgettext_lazy("look of a picture", "Film"),
    "bleach": pgettext_lazy("look of a picture", "Bleach"),
    "mono": pgettext_lazy("look of a picture", "Mono"),
    "noir": pgettext_lazy("look of a picture", "Noir"),
    "sepia": pgettext_lazy("look of a picture", "Sepia"),
}


@dataclass(frozen=True)
class Rendering:
    """How far the rendition of an edit is: `waits` for a worker or being made, or why it failed."""

    waits: bool
    failure: str = ""


def editable_or_404(photo: Photo) -> Photo:
    """The photo if its picture can be edited. Raises Http404."""
    if not photo.displayable or photo.trashed_at:
        raise Http404("This cannot be edited.")
    return photo


def context(request: HtmxHttpRequest, photo: Photo, *, problem: str = "", given: str = "") -> dict[str, Any]:
    """The context for the editor. After a refusal, `problem` is the reason and `given` the edit that was refused."""
    width, height = picture_edits.upright_size(photo)
    edit = {"version": description.VERSION, "operations": []} if photo.picture_edit is None else photo.picture_edit
    started = {
        "edit": edit,
        "given": given,
        "turn": photo.turn,
        "width": width,
        "height": height,
        "presets": PRESETS,
    }
    return {
        "photo": photo,
        "started": started,
        "before": shown_in_forms(photo)["picture_edit"],
        "problem": problem,
        "changed": photo.picture_edit is not None or photo.edits.filter(field="turn").exists(),
        "sliders": {tab: [slider(name) for name in names] for tab, names in SLIDERS.items()},
        "presets": [(name, LOOKS[name]) for name in PRESETS],
        "ratios": RATIOS,
        "back": back_to(request, photo),
        "query": request.GET.urlencode(),
    }


def template_for(photo: Photo) -> str:
    """The editor's page."""
    return f"photos/picture/{'video' if photo.is_video else 'editor'}.html"


def slider(name: str) -> dict[str, Any]:
    """A slider of an operation, in hundredths of its amount."""
    return {"name": name, "label": LABELS[name], "least": -100 if name in description.AMOUNTS else 0}


def back_to(request: HtmxHttpRequest, photo: Photo) -> str:
    """The address of the photo, in the list that it was opened from."""
    address = reverse("photos:photo", args=[photo.key])
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def suggestion(photo: Photo) -> list[description.Operation]:
    """What Auto suggests. Empty without a thumbnail."""
    path = paths.picture_file(photo, "medium")
    if not path.exists():
        return []
    with Image.open(path) as image:
        return auto.suggest(image.convert("RGB"))


def needs_rendering(photo: Photo) -> bool:
    """Whether pages do not show the photo's edit yet."""
    return photo.picture_edit is not None and (not photo.rendition or photo.rendition != renditions.key_of(photo))


def rendering_of(photo: Photo) -> Rendering:
    """How far the rendition is."""
    run = StageRun.objects.filter(photo=photo, stage=renditions.stage_of(photo)).first()
    if run is None or run.status == Status.DONE:
        return Rendering(False)
    return Rendering(run.status != Status.FAILED, run.error if run.status == Status.FAILED else "")
