"""What was said about the faces in duplicates holds for the kept photo."""

import pytest
from django.utils import timezone

from people import actions
from people.merging import merge_people, unmerge_people
from people.models import Face, FaceRejection

NOW = timezone.now()
BOX = {"x": 0.2, "y": 0.2, "width": 0.2, "height": 0.2}
NEARLY = {"x": 0.21, "y": 0.2, "width": 0.2, "height": 0.2}
ELSEWHERE = {"x": 0.6, "y": 0.5, "width": 0.1, "height": 0.1}


@pytest.fixture
def pair(make_photo):
    """The photo that is kept, and its smaller copy."""
    return make_photo(width=1000, height=800), make_photo(width=500, height=400)


def merged(pair, owner):
    kept, copy = pair
    needed = merge_people(kept, [copy], NOW, owner)
    return needed, list(Face.objects.filter(photo=kept).order_by("x"))


def test_a_name_that_somebody_gave_is_not_lost_with_the_copy(owner, pair, make_face, make_person):
    kept, copy = pair
    make_face(1, photo=kept, **NEARLY)
    anna = make_person("Anna")
    actions.move_faces([make_face(2, photo=copy, **BOX)], anna, owner)
    needed, (twin,) = merged(pair, owner)
    assert (twin.person, twin.assignment) == (anna, "confirmed")
    unmerge_people(needed, NOW)
    twin.refresh_from_db()
    assert (twin.person, twin.assignment) == (None, "none")


def test_in_a_crop_the_face_is_known_by_its_looks(owner, make_photo, make_face, make_person):
    pair = make_photo(width=1000, height=800), make_photo(width=500, height=500)
    make_face(3, photo=pair[0], spread=0.01, **ELSEWHERE)
    make_face(4, photo=pair[0], spread=0.01, **BOX)
    anna = make_person("Anna")
    actions.move_faces([make_face(3, photo=pair[1], spread=0.01, **BOX)], anna, owner)
    _, (other, twin) = merged(pair, owner)
    assert (other.person, twin.person) == (None, anna)


def test_a_face_that_was_drawn_on_the_copy_is_drawn_on_the_kept_photo(owner, pair, make_face, make_person):
    make_face(1, photo=pair[0], **ELSEWHERE)
    box = (BOX["x"], BOX["y"], BOX["width"], BOX["height"])
    anna = make_person("Anna")
    actions.draw(pair[1], box, owner, anna)
    needed, (drawn, _) = merged(pair, owner)
    assert (drawn.box, drawn.person, drawn.source, drawn.assignment) == (box, anna, "drawn", "confirmed")
    assert Face.objects.filter(photo=pair[1]).count() == 1
    unmerge_people(needed, NOW)
    assert not Face.objects.filter(pk=drawn.pk).exists()


def test_what_was_said_on_the_kept_photo_stays(owner, pair, make_face, make_person):
    anna, ben = make_person("Anna"), make_person("Ben")
    actions.move_faces([make_face(1, photo=pair[0], **NEARLY)], ben, owner)
    actions.move_faces([make_face(1, photo=pair[1], **BOX)], anna, owner)
    needed, (twin,) = merged(pair, owner)
    assert (twin.person, needed) == (ben, None)


def test_who_it_is_not_and_what_is_no_face_hold_too(owner, pair, make_face, make_person):
    kept, copy = pair
    anna = make_person("Anna", [make_face(1, photo=kept, **NEARLY)])
    make_face(5, photo=kept, **ELSEWHERE)
    actions.reject([make_face(1, photo=copy, **BOX)], anna, owner)
    actions.mark_not_a_face([make_face(6, photo=copy, **ELSEWHERE)], owner)
    needed, (twin, statue) = merged(pair, owner)
    assert (twin.person, statue.not_a_face) == (None, True)
    assert FaceRejection.objects.filter(face=twin, person=anna).exists()
    unmerge_people(needed, NOW)
    statue.refresh_from_db()
    twin.refresh_from_db()
    assert (twin.person, statue.not_a_face) == (anna, False)
    assert not FaceRejection.objects.filter(face=twin).exists()


def test_guesses_about_the_copy_are_not_carried(owner, pair, make_face, make_person):
    make_face(1, photo=pair[0], **NEARLY)
    make_person("Anna", [make_face(1, photo=pair[1], **BOX)])
    needed, (twin,) = merged(pair, owner)
    assert (twin.person, needed) == (None, None)


def test_two_faces_of_the_copy_are_not_one_of_the_kept_photo(owner, pair, make_face, make_person):
    make_face(1, photo=pair[0], **BOX)
    anna, ben = make_person("Anna"), make_person("Ben")
    actions.move_faces([make_face(1, photo=pair[1], **BOX)], anna, owner)
    actions.move_faces([make_face(2, photo=pair[1], **NEARLY)], ben, owner)
    _, faces = merged(pair, owner)
    assert [face.person for face in faces] == [anna, ben]
