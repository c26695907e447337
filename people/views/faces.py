"""Faces: those of a person, to sort; those of a photo, in the viewer; and the actions on them."""

import math
from collections.abc import Sequence

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Activity
from media.boxes import Box
from media.text import name_key
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import row_id, row_ids
from mirage.wording import number_in_words
from people import actions
from people.access import faces_by_ids, person_or_404
from people.covers import shown_faces
from people.grouping.outliers import similarities
from people.models import Face, Person
from people.views.people import names_of, report_change
from people.views.person import header
from photos.access import photo_or_404
from photos.gallery.picture import boxes
from photos.pipeline.shared_files import looked_at

FACES_AT_ONCE = 200


@require_safe
def of_person(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The person's faces, least similar first. `after` is the last face of the page before."""
    person = person_or_404(request.user, key)
    alike = similarities(person)
    ids = list(alike)
    after = request.GET.get("after", "")
    last = row_id(after)
    start = ids.index(last) + 1 if last in alike else 0
    wanted = ids[start : start + FACES_AT_ONCE]
    found = shown_faces(person=person).in_bulk(wanted)
    context = {
        "tab": "faces",
        "faces": [(found[pk], round(100 * alike[pk])) for pk in wanted if pk in found],
        "more": wanted[-1] if start + FACES_AT_ONCE < len(ids) else None,
        **header(request.user, person),
    }
    return render_page(
        request,
        "people/faces/faces.html",
        "people/faces/_face_tiles.html" if after else "people/faces/_faces.html",
        context,
    )


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Run an action on the chosen `faces`, which the page shows as those of `person`, or of nobody."""
    if action not in OF_ANYBODY and action not in OF_SOMEBODY:
        raise Http404(f"no action {action}")
    faces = faces_by_ids(request.user, row_ids(request.POST, "faces"))
    key = request.POST.get("person", "")
    person = person_or_404(request.user, key) if key else None
    actions.require(faces)
    if action in OF_ANYBODY:
        text, activity = OF_ANYBODY[action](request, faces, person)
    elif person is None:
        raise NotPossible(_("These faces have no person."))
    else:
        text, activity = OF_SOMEBODY[action](request, faces, person)
    return report_change(request, text, activity)


def move(request: HtmxHttpRequest, faces: Sequence[Face], person: Person | None) -> tuple[str, Activity]:
    """Move the faces to the person with the name; a new one if there is none."""
    name = actions.clean_name(request.POST.get("name", ""))
    if not name:
        raise NotPossible(_("Enter a name."))
    if person is not None and name_key(name) == name_key(person.name):
        return confirm(request, faces, person)
    moved = (
        actions.split(person, faces, request.user, name) if person else actions.name_faces(faces, name, request.user)
    )
    return told(
        ngettext("%(number)s face moved to %(name)s", "%(number)s faces moved to %(name)s", len(faces)), faces, name
    ), moved


def split(request: HtmxHttpRequest, faces: Sequence[Face], person: Person) -> tuple[str, Activity]:
    """Move the faces to a new person without a name."""
    text = told(ngettext("%(number)s face split off", "%(number)s faces split off", len(faces)), faces)
    return text, actions.split(person, faces, request.user)


def confirm(request: HtmxHttpRequest, faces: Sequence[Face], person: Person) -> tuple[str, Activity]:
    """Confirm that the faces are this person."""
    text = told(ngettext("%(number)s face confirmed", "%(number)s faces confirmed", len(faces)), faces)
    return text, actions.confirm(faces, person, request.user)


def reject(request: HtmxHttpRequest, faces: Sequence[Face], person: Person) -> tuple[str, Activity]:
    """Record that the faces are not this person."""
    sentence = (
        ngettext("%(number)s face not %(name)s", "%(number)s faces not %(name)s", len(faces))
        if person.name
        else ngettext("%(number)s face not this person", "%(number)s faces not this person", len(faces))
    )
    return told(sentence, faces, person.name), actions.reject(faces, person, request.user)


def not_a_face(request: HtmxHttpRequest, faces: Sequence[Face], person: Person | None) -> tuple[str, Activity]:
    """Record that the boxes are not faces."""
    sentence = ngettext("%(number)s box marked as not a face", "%(number)s boxes marked as not a face", len(faces))
    return told(sentence, faces), actions.mark_not_a_face(faces, request.user)


def cover(request: HtmxHttpRequest, faces: Sequence[Face], person: Person) -> tuple[str, Activity]:
    """Choose the face that stands for the person."""
    if len(faces) != 1:
        raise NotPossible(_("Choose one face."))
    return _("Cover chosen"), actions.set_cover(person, faces[0], request.user)


def told(sentence: str, faces: Sequence[Face], name: str = "") -> str:
    return sentence % {"number": number_in_words(len(faces)), "name": name}


OF_ANYBODY = {"move": move, "not-a-face": not_a_face}
OF_SOMEBODY = {"split": split, "confirm": confirm, "reject": reject, "cover": cover}


# --- in the viewer ----------------------------------------------------------------------------------------------------


@require_safe
def of_photo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The faces of a photo with their names, small ones last: faces.js draws them over the picture."""
    photo = photo_or_404(request.user, key)
    found = looked_at(photo)
    faces = (
        Face.objects.filter(photo=found, not_a_face=False)
        .order_by(-(F("width") * F("height")), "pk")
        .select_related("person")
    )
    return render(
        request,
        "people/faces/_photo_faces.html",
        {"photo": photo, "faces": boxes.shown(photo, faces, found.turn), "names": names_of(request.user)},
    )


@require_POST
def draw(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Add a face that the detector missed: its box in fractions, and a name."""
    photo = photo_or_404(request.user, key)
    found = looked_at(photo)
    name = actions.clean_name(request.POST.get("name", ""))
    try:
        box = boxes.in_original(photo, box_of(request), found.turn)
        activity = actions.draw(found, box, request.user, actions.called(request.user, name))
    except ValueError as error:
        raise NotPossible(_("Draw the box on the picture.")) from error
    face = found.faces.get(pk=activity.target_id or 0)
    naming = [actions.name_faces([face], name, request.user)] if name and face.person is None else []
    added = _("%(name)s added") % {"name": name} if name else _("Face added")
    return report_change(request, added, activity, *naming)


@require_POST
def move_box(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Move the box of the photo's face `face`, in fractions. Its person stays."""
    photo = photo_or_404(request.user, key)
    found = looked_at(photo)
    face = get_object_or_404(found.faces.all(), pk=next(iter(row_ids(request.POST, "face")), 0))
    try:
        activity = actions.move_box(face, boxes.in_original(photo, box_of(request), found.turn), request.user)
    except ValueError as error:
        raise NotPossible(_("The box must be inside the picture.")) from error
    return report_change(request, _("Box moved"), activity)


def box_of(request: HtmxHttpRequest) -> Box:
    """The box in the form. Raises ValueError if it is not one."""
    x, y, width, height = (float(request.POST.get(side, "")) for side in ("x", "y", "width", "height"))
    if not all(map(math.isfinite, (x, y, width, height))):
        raise ValueError("not a box")
    return x, y, width, height
