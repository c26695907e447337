"""How versions of a picture differ: their facts side by side, and how one lies over the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from duplicates.models import DuplicateGroup, DuplicateMember
from mirage.wording import Words, listed, number_in_words
from photos.gallery import dates
from photos.gallery.facts import LABELS, SOURCES, megapixels
from photos.models import Photo

Matrix = list[float]  # a, b, c, d, e, f of x' = ax + by + c, y' = dx + ey + f, between unit squares
UNMOVED: Matrix = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
RELATED = ("edits", "photo_tags__tag", "album_items__album", "faces__person")


@dataclass(frozen=True)
class Cell:
    """The value of a fact for one photo; `best` if more is better and this is the most."""

    text: str
    best: bool = False


@dataclass(frozen=True)
class Row:
    """A fact for all photos; `differs` if their values do."""

    label: Words
    cells: list[Cell]
    differs: bool


def compared(photos: Sequence[Photo]) -> list[Row]:
    """The facts of these photos in the order shown. Facts that none of them has are left out."""
    prefetch_related_objects(list(photos), *RELATED)
    rows = [row(label, photos, text, worth) for label, text, worth in FACTS]
    return [one for one in rows if any(cell.text for cell in one.cells)]


def row(
    label: Words,
    photos: Sequence[Photo],
    text: Callable[[Any], str],
    worth: Callable[[Any], float] | None,
) -> Row:
    texts = [text(photo) for photo in photos]
    worths = [worth(photo) for photo in photos] if worth else []
    most = max(worths, default=0)
    marked = bool(worths) and min(worths) < most
    cells = [Cell(said, marked and worths[place] == most) for place, said in enumerate(texts)]
    return Row(label, cells, len(set(texts)) > 1)


def area(photo: Photo) -> float:
    return float((photo.width or 0) * (photo.height or 0))


def pixels_text(photo: Photo) -> str:
    size = f"{number_in_words(photo.width)} × {number_in_words(photo.height)}" if photo.width and photo.height else ""
    return " · ".join(part for part in (size, megapixels(photo)) if part)


def taken_text(photo: Photo) -> str:
    said = SOURCES.get(photo.taken_source, "")
    when = (
        dates.moment_text(photo)
        if photo.taken_precision != "time"
        else date_format(photo.taken_local, _("j M Y, H:i:s"))
    )
    return when + (f" ({said})" if said else "")


def place_text(photo: Photo) -> str:
    names = listed(dict.fromkeys((photo.place, photo.region, photo.country)))
    if names or photo.latitude is None:
        return names
    return f"{photo.latitude:.5f}, {photo.longitude:.5f}"


def camera_text(photo: Photo) -> str:
    make, model = photo.camera_make.strip(), photo.camera_model.strip()
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


def words_text(photo: Photo) -> str:
    return " · ".join(part for part in (photo.title, photo.description) if part)


def curation_text(photo: Photo) -> str:
    stars = "★" * photo.rating if photo.rating and photo.rating > 0 else _("Rejected") if photo.rating == -1 else ""
    said = (_("Favourite") if photo.favourite else "", stars, _("Archived") if photo.archived else "")
    return listed(said)


def albums_text(photo: Any) -> str:
    return listed(sorted({item.album.name for item in photo.album_items.all()}))


def tags_text(photo: Any) -> str:
    return listed(sorted(given.tag.path for given in photo.photo_tags.all() if not given.rejected))


def people_text(photo: Any) -> str:
    faces = [face for face in photo.faces.all() if face.person and face.person.name and not face.not_a_face]
    return listed(sorted({face.person.name for face in faces}))


def edits_text(photo: Photo) -> str:
    fields = (edit.field for edit in photo.edits.all() if edit.stands)
    return listed(sorted(str(LABELS.get(field, field.replace("_", " "))) for field in fields))


def kind_text(photo: Photo) -> str:
    return photo.media_type.partition("/")[2].removeprefix("x-").upper()


def duration_text(photo: Photo) -> str:
    # Translators: seconds
    return _("%(seconds)s s") % {"seconds": f"{photo.duration:.1f}"} if photo.duration else ""


FACTS: tuple[tuple[Words, Callable[[Any], str], Callable[[Any], float] | None], ...] = (
    (_lazy("File"), lambda photo: photo.original_name, None),
    (_lazy("Size"), lambda photo: filesizeformat(photo.size), lambda photo: float(photo.size)),
    (_lazy("Pixels"), pixels_text, area),
    (pgettext_lazy("of a video", "Length"), duration_text, lambda photo: photo.duration or 0.0),
    (_lazy("Format"), kind_text, None),
    (pgettext_lazy("when", "Taken"), taken_text, None),
    (_lazy("Place"), place_text, lambda photo: float(photo.latitude is not None)),
    (_lazy("Camera"), camera_text, lambda photo: float(bool(camera_text(photo)))),
    (_lazy("Favourite, rating"), curation_text, None),
    (_lazy("Title, description"), words_text, None),
    (_lazy("Albums"), albums_text, None),
    (_lazy("Tags"), tags_text, None),
    (_lazy("People"), people_text, None),
    (_lazy("Edited by you"), edits_text, None),
    (_lazy("Folder"), lambda photo: photo.path.rpartition("/")[0], None),
    (_lazy("In the library since"), lambda photo: date_format(photo.added_at, _("j M Y")), None),
)


def placements(group: DuplicateGroup) -> dict[int, Matrix]:
    """How each member lies over the group's best photo, by photo id; the identity if that is not known."""
    members = list(group.members.all())
    best = next((member.photo_id for member in members if member.role == DuplicateMember.Role.BEST), 0)
    return {member.photo_id: placement(member, best) for member in members}


def placement(member: DuplicateMember, best: int) -> Matrix:
    """How one photo lies over another. In the evidence, the one with the higher id is on top (finding.py)."""
    told = member.evidence.get("placement")
    if member.photo_id == best or not told:
        return UNMOVED
    if member.photo_id > best:
        return list(told)
    forth = np.vstack([np.reshape(told, (2, 3)), [0.0, 0.0, 1.0]])
    return [round(float(value), 5) for value in np.linalg.inv(forth)[:2].ravel()]
