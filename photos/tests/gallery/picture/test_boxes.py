"""Boxes on an edited picture: moved along, left out with what was cropped away, and drawn back into the original."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from albums.models import Share
from people.models import Face, Person
from photos.editing import renditions
from photos.gallery.picture import boxes
from photos.models import DetectedObject, Photo
from photos.storage import paths
from photos.tests.editing.test_picture_edits import CROP, MakePhoto, edit


@pytest.fixture
def photo(make_photo: MakePhoto) -> Photo:
    """Cropped to its middle, with a dog inside and a cat outside."""
    photo = make_photo()
    for label, x in (("dog", 0.3), ("cat", 0.0)):
        DetectedObject.objects.create(photo=photo, label=label, score=1, model="x", x=x, y=0.3, width=0.1, height=0.2)
    edit(photo, CROP)
    photo.rendition = renditions.key_of(photo)
    photo.save()
    return photo


def test_what_was_cropped_away_has_no_box(photo: Photo) -> None:
    (dog,) = boxes.shown(photo, list(photo.detected_objects.all()))
    assert (dog.label, dog.seen) == (  # type: ignore[attr-defined]
        "dog",
        pytest.approx((0.1, 0.1, 0.2, 0.4)),
    )
    assert DetectedObject.objects.count() == 2
    photo.rendition = ""
    assert len(boxes.shown(photo, list(photo.detected_objects.all()))) == 2


def test_a_drawn_box_goes_back_into_the_original(photo: Photo) -> None:
    assert boxes.in_original(photo, (0.1, 0.1, 0.2, 0.4)) == pytest.approx((0.3, 0.3, 0.1, 0.2))


def test_the_page_shows_where_they_are(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    page: Any = client.get(f"/photo/{photo.key}/boxes/").content.decode()
    assert 'data-x="0.10000"' in page
    assert "cat" not in page


def test_somebody_cropped_away_stays_a_person_of_the_photo(client: Client, photo: Photo, owner: User) -> None:
    person = Person.objects.create(owner=owner, name="Anna")
    for x in (0.0, 0.4):
        Face.objects.create(photo=photo, person=person, x=x, y=0.3, width=0.1, height=0.2, score=1)
    client.force_login(owner)
    assert client.get(reverse("people:photo_faces", args=[photo.key])).content.decode().count('class="face-box') == 1
    client.post(reverse("people:draw", args=[photo.key]), {"x": 0.5, "y": 0.5, "width": 0.2, "height": 0.2, "name": ""})
    drawn = Face.objects.latest("pk")
    assert (drawn.x, drawn.y, drawn.width) == pytest.approx((0.5, 0.5, 0.1))
    assert Face.objects.filter(person=person).count() == 2


def test_others_get_no_face_cut_from_the_unedited_picture(
    client: Client, photo: Photo, owner: User, stranger: User
) -> None:
    person = Person.objects.create(owner=owner, name="Anna")
    face = Face.objects.create(photo=photo, person=person, x=0, y=0.3, width=0.1, height=0.2, score=1)
    folder = paths.pictures_folder(photo)
    folder.mkdir(parents=True, exist_ok=True)
    for size in ("small", "medium", "large"):
        Image.new("RGB", (40, 30)).save(folder / f"{size}.webp")
    Share.objects.create(owner=owner, user=stranger, album=None)
    address = reverse("people:crop", args=[face.pk, "small"])
    for user, status in ((owner, 200), (stranger, 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
    Photo.objects.update(picture_edit=None)
    assert client.get(address).status_code == 200
