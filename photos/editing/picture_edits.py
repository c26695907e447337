"""Editing the picture itself: crop, light, colour. One photo or many, with preview, history and undo like any edit.

An edit of a picture is a PhotoEdit of the field `picture_edit`, as media/editing/description.py describes it. The
turn stays an edit of its own: photos are turned without being edited, and other programs know it from sidecars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media.editing import description, geometry
from media.editing.description import GEOMETRY, REGIONS, VIDEO, Refused
from media.sentences import english
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.editing.edit_rows import Told
from photos.editing.edits import Edit, InvalidEdit
from photos.editing.renditions import edit_of
from photos.models import Photo

PLACES = (*GEOMETRY, *REGIONS, *VIDEO)  # operations that belong to one picture or video
SLACK_SECONDS = 0.5  # containers and browsers do not agree on the end of a video
NOT_THERE_YET = english("This picture has no size yet. Try again when its thumbnail is there.")


@dataclass(frozen=True)
class SetPicture(Edit):
    """Give pictures this edit. With `light_only`, their own crops and regions stay: for an edit of another photo.

    Photos that the edit does not fit stay as they are.
    """

    picture: dict[str, Any] | None
    turn: int | None = None
    light_only: bool = False
    verb: ClassVar[str] = "edited picture"

    def sentence(self, number: int) -> str:
        words = ngettext("Photo edited", "%(number)s photos edited", number)
        return words % {"number": number_in_words(number)}

    def wanted(self, photo: Photo, told: Told) -> dict[str, Any]:
        try:
            edit = description.read(self.picture)
            if self.light_only:
                own = edit_of(photo).all(*PLACES)
                edit = description.Edit(tuple(description.in_order([*own, *edit.without(*PLACES).operations])))
            require_fit(photo, edit)
        except Refused:
            return {}
        if not photo.is_video:
            edit = edit.without("turn")
        turned = {} if self.turn is None else {"turn": self.turn}
        return {"picture_edit": edit.as_json(), **turned}


def set_picture(photo: Photo, given: Any) -> SetPicture:
    """The change that gives the photo this edit; the turn in it becomes that of a picture. Raises InvalidEdit."""
    try:
        edit = description.read(given)
        require_fit(photo, edit)
    except Refused as problem:
        raise InvalidEdit(in_language(str(problem))) from problem
    if photo.is_video:
        return SetPicture(edit.as_json())  # its rendition is turned, not what models look at
    return SetPicture(edit.without("turn").as_json(), edit.turn)


def adopt(photo: Photo, told: Any) -> None:
    """Take over the edit that a sidecar of another Mirage tells, unless the picture has one. Nobody is told: no action.

    A turn is none of its operations: sidecars tell it as tiff:Orientation.
    """
    if told and not photo.edits.filter(field="picture_edit").exists():
        SetPicture(told).apply([photo.pk], timezone.now(), None)


def copy_picture(source: Photo, *, light_only: bool) -> SetPicture:
    """The change that gives other photos this photo's edit. Raises InvalidEdit if it has none."""
    if source.picture_edit is None:
        raise InvalidEdit(_("This picture has no edit to copy."))
    return SetPicture(source.picture_edit, None, light_only)


def require_fit(photo: Photo, edit: description.Edit) -> None:
    """Raises Refused if the edit cannot be applied to the photo's picture."""
    if not edit.operations:
        return
    if photo.is_video:
        require_video(photo, edit)
        return
    if edit.all(*VIDEO):
        raise Refused(english("Only videos are trimmed or muted, or given another poster."))
    if not photo.width or not photo.height:
        raise Refused(NOT_THERE_YET)
    width, height = upright_size(photo)
    geometry.view_of(edit, width, height)


def require_video(photo: Photo, edit: description.Edit) -> None:
    """Raises Refused if the edit is not one for this video."""
    if edit.without(*VIDEO, "turn").operations:
        raise Refused(english("A video can be trimmed, rotated, muted, and given another poster."))
    longest = (photo.duration or 0) + SLACK_SECONDS
    trim, poster = edit.find("trim"), edit.find("poster")
    if (trim and trim["end"] > longest) or (poster and poster["at"] > longest):
        raise Refused(english("This reaches beyond the end of the video."))


def upright_size(photo: Photo) -> Sequence[int]:
    """Width and height of the upright original, before the owner's turn."""
    size = photo.width or 1, photo.height or 1
    return size[::-1] if photo.turn >= 5 else size
