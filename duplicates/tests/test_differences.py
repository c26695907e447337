"""Facts of several versions side by side, and how one lies over the other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates import differences
from duplicates.differences import UNMOVED, compared, placement
from duplicates.models import DuplicateGroup, DuplicateMember
from people.models import Face, Person
from photos.models import Photo, PhotoEdit
from tags.models import PhotoTag, Tag

Maker = Callable[..., Photo]


def rows(*photos: Photo) -> dict[str, list[str]]:
    return {str(row.label): [cell.text for cell in row.cells] for row in compared(photos)}


def test_facts_that_none_of_them_has_are_left_out(make_photo: Maker) -> None:
    photos = [make_photo(camera_make="Canon", camera_model="EOS"), make_photo()]
    assert rows(*photos)["Camera"] == ["Canon EOS", ""]
    assert not {"Place", "Albums", "Title, description", "Length"} & rows(*photos).keys()


def test_where_they_differ_and_which_has_most(make_photo: Maker) -> None:
    large, small = make_photo(width=4000, height=3000, size=1000), make_photo(size=1000)
    found = {row.label: row for row in compared([large, small])}
    assert found["Pixels"].differs
    assert [cell.best for cell in found["Pixels"].cells] == [True, False]
    assert not found["Size"].differs
    assert [cell.best for cell in found["Size"].cells] == [False, False]  # all have most
    assert not found["Format"].differs


def test_two_of_three_may_have_most(make_photo: Maker) -> None:
    photos = [make_photo(size=size) for size in (9, 9, 5)]
    (row,) = (row for row in compared(photos) if row.label == "Size")
    assert [cell.best for cell in row.cells] == [True, True, False]


@pytest.mark.parametrize(
    ("label", "fields", "text"),
    [
        ("File", {"name": "a.jpg"}, "a.jpg"),
        ("Size", {"size": 2048}, "2.0\xa0KB"),
        ("Pixels", {"width": 4000, "height": 3000}, "4,000 × 3,000 · 12.0 MP"),
        ("Length", {"duration": 12.34}, "12.3 s"),
        ("Format", {"media_type": "image/x-canon-cr2"}, "CANON-CR2"),
        ("Format", {"media_type": "image/jpeg"}, "JPEG"),
        ("Place", {"place": "Lisbon", "region": "Lisbon", "country": "Portugal"}, "Lisbon, Portugal"),
        ("Place", {"latitude": 38.7, "longitude": -9.123456}, "38.70000, -9.12346"),
        ("Camera", {"camera_make": "Canon", "camera_model": "Canon EOS R5"}, "Canon EOS R5"),
        ("Camera", {"camera_make": " SONY ", "camera_model": "ILCE-7"}, "SONY ILCE-7"),
        ("Camera", {"camera_make": "Apple"}, "Apple"),
        ("Favourite, rating", {"favourite": True, "rating": 3, "archived": True}, "Favourite, ★★★, Archived"),
        ("Favourite, rating", {"rating": -1}, "Rejected"),
        ("Title, description", {"title": "Us", "description": "On the beach"}, "Us · On the beach"),
        ("Folder", {"path": "anna/2024/05/a.jpg"}, "anna/2024/05"),
        ("In the library since", {"added_at": datetime(2024, 5, 1, tzinfo=UTC)}, "1 May 2024"),
    ],
)
def test_facts_in_words(make_photo: Maker, label: str, fields: dict[str, Any], text: str) -> None:
    assert rows(make_photo(**fields))[label] == [text]


@pytest.mark.parametrize("fields", [{"rating": 0}, {"rating": None}, {}])
def test_no_rating_is_left_out(make_photo: Maker, fields: dict[str, Any]) -> None:
    assert "Favourite, rating" not in rows(make_photo(**fields))


def test_the_date_and_its_source(make_photo: Maker) -> None:
    photo = make_photo(taken=datetime(2024, 5, 1, 8, 3, 4))
    said = differences.SOURCES["exif"]
    assert rows(photo)["Taken"] == [f"1 May 2024, 08:03:04 ({said})"]
    photo.taken_source = "nobody knows"
    assert rows(photo)["Taken"] == ["1 May 2024, 08:03:04"]


def test_albums_tags_people_and_edits(owner: User, make_photo: Maker) -> None:
    photo = make_photo()
    for name in ("Norway", "Alps"):
        AlbumItem.objects.create(album=Album.objects.create(owner=owner, name=name), photo=photo, position=1)
    for path, rejected in (("sea", False), ("beach", False), ("dog", True)):
        PhotoTag.objects.create(
            photo=photo, tag=Tag.objects.create(owner=owner, name=path, path=path), rejected=rejected
        )
    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    people = [Person.objects.create(owner=owner, name=name) for name in ("Zoe", "Anna", "")]
    for person, no_face in ((people[0], False), (people[1], False), (people[2], False), (None, False)):
        Face.objects.create(photo=photo, person=person, not_a_face=no_face, **box)
    Face.objects.create(photo=photo, person=Person.objects.create(owner=owner, name="Statue"), not_a_face=True, **box)
    for field in ("title", "taken"):
        PhotoEdit.objects.create(photo=photo, field=field, value="x")
    PhotoEdit.objects.create(photo=photo, field="picture_edit", value=None)  # taken back
    found = rows(Photo.objects.get())
    assert found["Albums"] == ["Alps, Norway"]
    assert found["Tags"] == ["beach, sea"]
    assert found["People"] == ["Anna, Zoe"]
    assert len(found["Edited by you"][0].split(", ")) == 2


def test_queries_do_not_grow_with_the_versions(owner: User, make_photo: Maker, django_assert_num_queries: Any) -> None:
    album = Album.objects.create(owner=owner, name="Norway")
    for place in range(8):
        AlbumItem.objects.create(album=album, photo=make_photo(), position=place)

    def count(photos: list[Photo]) -> int:
        with django_assert_num_queries(6, exact=False) as queries:
            compared(photos)
        return len(queries)

    assert count(list(Photo.objects.all()[:2])) == count(list(Photo.objects.all()))


# --- how one lies over the other -------------------------------------------------------------------------------------

HALF = [0.5, 0.0, 0.25, 0.0, 0.5, 0.1]  # smaller, and moved


def apply(matrix: list[float], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + b * y + c, d * x + e * y + f


def test_the_best_photo_is_not_moved(make_photo: Maker) -> None:
    member = DuplicateMember(photo=make_photo(), evidence={"placement": HALF})
    assert placement(member, member.photo_id) == UNMOVED


def test_a_photo_without_a_placement_is_not_moved(make_photo: Maker) -> None:
    member = DuplicateMember(photo=make_photo(), evidence={})
    assert placement(member, member.photo_id + 1) == UNMOVED


def test_the_evidence_lays_the_later_photo_over_the_earlier_one(make_photo: Maker) -> None:
    first, second = make_photo(), make_photo()
    later = DuplicateMember(photo=second, evidence={"placement": HALF})
    earlier = DuplicateMember(photo=first, evidence={"placement": HALF})
    assert placement(later, first.pk) == HALF
    back = placement(earlier, second.pk)
    for point in ((0.0, 0.0), (1.0, 0.0), (0.3, 0.7)):
        assert apply(back, *apply(HALF, *point)) == pytest.approx(point, abs=1e-4)
    assert np.isfinite(back).all()


def test_placements_over_the_best_photo(owner: User, make_photo: Maker) -> None:
    group = DuplicateGroup.objects.create(owner=owner, tier="edited")
    best, copy = make_photo(), make_photo()
    DuplicateMember.objects.create(group=group, photo=best, role="best", similarity=1)
    DuplicateMember.objects.create(group=group, photo=copy, role="copy", similarity=0.9, evidence={"placement": HALF})
    assert differences.placements(group) == {best.pk: UNMOVED, copy.pk: HALF}
