"""Accepting and rejecting what models found: labels of objects, and text. With undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from mirage.wording import number_in_words
from photos.editing import form_readers
from photos.editing.bulk import Change, Entry, Together
from photos.editing.edits import InvalidEdit
from photos.gallery.vocabulary import named
from photos.models import DetectedObject, PhotoText
from photos.pipeline.shared_files import found_with
from vision.coco import LABELS

State = DetectedObject.State
DECISIONS = {"accept": State.ACCEPTED, "reject": State.REJECTED, "reset": State.PROPOSED}


@dataclass(frozen=True)
class DecideObjects(Change):
    """Accept or reject a label in photos: all its boxes, or those of these ids."""

    label: str
    state: str
    ids: list[int]
    verb: ClassVar[str] = "decided labels"

    def sentence(self, number: int) -> str:
        words = {
            State.ACCEPTED: ngettext("Photo has %(label)s", "%(number)s photos have %(label)s", number),
            State.REJECTED: ngettext("Photo has no %(label)s", "%(number)s photos have no %(label)s", number),
            State.PROPOSED: ngettext("Photo may have %(label)s", "%(number)s photos may have %(label)s", number),
        }
        return words[State(self.state)] % {"number": number_in_words(number), "label": named(self.label)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        rows = DetectedObject.objects.filter(photo__in=found_with(photo_ids), label=self.label).exclude(
            state=self.state
        )
        if self.ids:
            rows = rows.filter(pk__in=self.ids)
        held: dict[int, list[list[int | str]]] = {}
        for photo_id, row_id, state in rows.values_list("photo_id", "pk", "state"):
            held.setdefault(photo_id, []).append([row_id, state])
        DetectedObject.objects.filter(pk__in=[row_id for rows in held.values() for row_id, _ in rows]).update(
            state=self.state
        )
        return [[photo_id, states] for photo_id, states in held.items()]

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        kept = 0
        for _photo, states in entries:
            for row_id, before in states:
                kept += not DetectedObject.objects.filter(pk=row_id, state=self.state).update(state=before)
        return kept


@dataclass(frozen=True)
class DecideText(Change):
    """Reject or accept the text that was read in photos."""

    rejected: bool
    verb: ClassVar[str] = "decided text"

    def sentence(self, number: int) -> str:
        words = (
            ngettext("Photo has no text", "%(number)s photos have no text", number)
            if self.rejected
            else ngettext("Photo has text", "%(number)s photos have text", number)
        )
        return words % {"number": number_in_words(number)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        rows = PhotoText.objects.filter(photo__in=found_with(photo_ids)).exclude(rejected=self.rejected)
        changed = list(rows.values_list("pk", flat=True))
        PhotoText.objects.filter(pk__in=changed).update(rejected=self.rejected)
        return [[photo_id] for photo_id in changed]

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        ids = [photo_id for (photo_id,) in entries]
        back = PhotoText.objects.filter(pk__in=ids, rejected=self.rejected).update(rejected=not self.rejected)
        return len(ids) - back


def read_object(user: User, form: Mapping[str, str]) -> Change:
    """`label` with a decision (accept, reject, reset), for the boxes `ids` or all. Accepting also adds the tag."""
    label, decision = form.get("label", ""), form.get("decision", "")
    ids = [int(word) for word in form.get("ids", "").split(",") if word.isascii() and word.isdigit()]
    if label not in LABELS or decision not in DECISIONS:
        raise InvalidEdit(_("Choose a label to accept or reject."))
    decide = DecideObjects(label, DECISIONS[decision], ids)
    if decision != "accept":
        return decide
    return Together.of([decide, form_readers.READERS["keywords"](user, {"add": named(label)})])


def read_text(user: User, form: Mapping[str, str]) -> Change:
    """A decision on the text in the picture: reject or accept."""
    if form.get("decision") not in DECISIONS:
        raise InvalidEdit(_("Say whether it is text."))
    return DecideText(form["decision"] == "reject")


READERS = {"object": read_object, "text_in_picture": read_text}
