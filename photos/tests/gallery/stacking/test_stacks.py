"""What is shown as one tile: RAW with JPEG, bursts, and what owners stack."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import undoing
from accounts.models import Activity, User
from albums.models import Album, AlbumItem
from people.models import Face, Person
from photos.gallery.lists import timeline_of
from photos.gallery.stacking import stacks
from photos.models import PairDecision, Photo, PhotoQuerySet, Stack

Maker = Callable[..., Photo]
RAW, JPEG = "image/x-canon-cr2", "image/jpeg"
NOON = datetime(2024, 5, 1, 12)


def stack_of(photo: Photo) -> Stack | None:
    photo.refresh_from_db()
    return photo.stack


def stack(*photos: Photo) -> None:
    stacks.stack([photo.pk for photo in photos])


def test_raw_with_its_jpeg(make_photo: Maker) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    jpeg = make_photo(name="IMG_1.JPG", media_type=JPEG, taken=NOON + timedelta(seconds=1))
    stack(raw)
    made = stack_of(raw)
    assert made is not None
    assert (made.kind, made.cover, stack_of(jpeg)) == ("raw", jpeg, made)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "IMG_2.JPG"},
        {"taken": NOON + timedelta(minutes=1)},
        {"path": "anna/2024/06/IMG_1.JPG"},
        {"media_type": "video/mp4", "kind": "video"},
    ],
    ids=str,
)
def test_not_the_same_release(make_photo: Maker, other: dict[str, Any]) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    make_photo(**{"name": "IMG_1.JPG", "media_type": JPEG, "taken": NOON, **other})
    stack(raw)
    assert stack_of(raw) is None


def test_raw_of_a_stranger(make_photo: Maker, stranger: Any) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    make_photo(name="IMG_1.JPG", taken=NOON, owner=stranger)
    stack(raw)
    assert stack_of(raw) is None


def test_burst_grows_as_its_photos_come(make_photo: Maker) -> None:
    first, second = (make_photo(burst_id="b", taken=NOON + timedelta(seconds=n)) for n in range(2))
    stack(second, first)
    third = make_photo(burst_id="b", taken=NOON + timedelta(seconds=2))
    stack(third)
    made = stack_of(first)
    assert made is not None
    assert (made.kind, made.cover) == ("burst", first)
    assert set(made.photos.all()) == {first, second, third}
    assert Stack.objects.count() == 1


def test_stacks_by_the_owner_stay(make_photo: Maker) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    jpeg = make_photo(name="IMG_1.JPG", taken=NOON)
    mine = stacks.make([jpeg, make_photo()], jpeg)
    stack(raw)
    assert stack_of(raw) is None
    assert stack_of(jpeg) == mine


def test_stacking_takes_photos_out_of_other_stacks(owner: User, make_photo: Maker) -> None:
    photos = [make_photo() for _ in range(4)]
    first = stacks.make(photos[:3], photos[0])
    chosen = Photo.objects.filter(pk__in=[photos[2].pk, photos[3].pk]).select_related("stack")
    activity = stacks.stack_chosen(owner, list(chosen), owner)
    made = stack_of(photos[3])
    assert made is not None
    assert set(made.photos.all()) == set(photos[2:])
    undoing.undo(activity, owner)
    assert set(first.photos.all()) == set(photos[:3])
    assert stack_of(photos[3]) is None


def test_taken_apart_is_for_good(owner: User, make_photo: Maker) -> None:
    photos = [make_photo(burst_id="b", taken=NOON + timedelta(seconds=n)) for n in range(3)]
    stack(*photos)
    made = stack_of(photos[0])
    assert made is not None
    activity = stacks.unstack(made, owner)
    stack(*photos)
    assert stack_of(photos[0]) is None
    undoing.undo(activity, owner)
    assert set(made.photos.all()) == set(photos)
    assert not PairDecision.objects.exists()


# --- one tile ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def stacked(make_photo: Maker) -> list[Photo]:
    """Three photos of a stack, the second is its cover, and one beside it."""
    photos = [make_photo(taken=NOON + timedelta(minutes=n), latitude=10.0, longitude=10.0 + n) for n in range(4)]
    stacks.make(photos[:3], photos[1])
    return photos


def shown(photos: PhotoQuerySet) -> set[Photo]:
    return set(photos.as_tiles())


def test_the_cover_stands_for_the_stack(stacked: list[Photo]) -> None:
    assert shown(Photo.objects.all()) == {stacked[1], stacked[3]}
    tiles: list[Any] = list(Photo.objects.as_tiles().with_stack_counts())
    assert {photo.pk: photo.stack_count for photo in tiles} == {stacked[1].pk: 3, stacked[3].pk: None}


def test_without_the_cover_the_first_photo_stands_for_it(stacked: list[Photo]) -> None:
    Photo.objects.filter(pk=stacked[1].pk).trash()
    assert shown(Photo.objects.present()) == {stacked[0], stacked[3]}
    assert shown(Photo.objects.trashed()) == {stacked[1]}
    assert shown(Photo.objects.filter(pk=stacked[2].pk)) == {stacked[2]}


def test_stack_without_a_cover(stacked: list[Photo]) -> None:
    Stack.objects.update(cover=None)
    assert shown(Photo.objects.all()) == {stacked[0], stacked[3]}


def test_every_list_shows_one_tile(client: Client, owner: User, stacked: list[Photo]) -> None:
    client.force_login(owner)
    Photo.objects.update(favourite=True)
    album = Album.objects.create(owner=owner, name="Trip")
    for place, photo in enumerate(stacked):
        AlbumItem.objects.create(album=album, photo=photo, position=float(place))
        Face.objects.create(photo=photo, person=person_of(owner), x=0.1, y=0.1, width=0.2, height=0.2, score=1.0)
    lists = ["timeline", "recent", "favourites", f"album.{album.key}", f"person.{person_of(owner).key}"]
    for name in lists:
        found = [photo.pk for day in timeline_of(owner, name).older().days for photo in day.photos]
        assert sorted(found) == [stacked[1].pk, stacked[3].pk], name
    for address in ("photos:timeline", "photos:favourites"):
        assert b'aria-label="Stack of 3"' in client.get(reverse(address)).content
    assert timeline_of(owner, "timeline").months()[0].count == 2
    found = client.get(reverse("photos:map_clusters"), {"box": "0,0,20,20", "zoom": 0}).json()
    assert found["total"] == 2
    listed = client.get(reverse("photos:map_photos"), {"box": "0,0,20,20"}).context["page"].days
    assert [photo.pk for day in listed for photo in day.photos] == [stacked[3].pk, stacked[1].pk]


def person_of(owner: User) -> Person:
    return Person.objects.get_or_create(owner=owner, name="Ida")[0]


def test_the_viewer_shows_the_stack_and_goes_on_beside_it(client: Client, owner: User, stacked: list[Photo]) -> None:
    client.force_login(owner)
    context = client.get(reverse("photos:photo", args=[stacked[0].key])).context
    assert context["stacked"] == [stacked[1], stacked[0], stacked[2]]
    assert (context["tile"], context["newer"], context["older"]) == (stacked[1], stacked[3], None)
    assert client.get(reverse("photos:photo", args=[stacked[3].key])).context["older"] == stacked[1]


def test_an_action_on_a_tile_is_for_the_whole_stack(client: Client, owner: User, stacked: list[Photo]) -> None:
    client.force_login(owner)
    trash = reverse("photos:selection", args=["trash"])
    client.post(trash, {"keys": stacked[1].key, "whole": "yes"})
    assert set(Photo.objects.trashed()) == set(stacked[:3])
    client.post(reverse("photos:selection", args=["restore"]), {"keys": stacked[0].key})
    assert set(Photo.objects.trashed()) == {stacked[1], stacked[2]}


def test_a_tile_of_a_stranger_does_nothing(client: Client, stranger: User, stacked: list[Photo]) -> None:
    client.force_login(stranger)
    client.post(reverse("photos:selection", args=["trash"]), {"keys": stacked[1].key, "whole": "yes"})
    client.post(reverse("photos:stack"), {"keys": ",".join(photo.key for photo in stacked)})
    for name in ("unstack", "cover"):
        assert client.post(reverse(f"photos:{name}", args=[stacked[0].key])).status_code == 404
    assert not Photo.objects.trashed().exists()
    assert stack_of(stacked[3]) is None


def test_stacking_in_the_gallery(client: Client, owner: User, make_photo: Maker) -> None:
    client.force_login(owner)
    photos = [make_photo(taken=NOON - timedelta(minutes=n)) for n in range(3)]
    answer = client.post(
        reverse("photos:stack"), {"keys": ",".join(photo.key for photo in photos)}, headers={"HX-Request": "true"}
    )
    assert "photos:restacked" in answer.headers["HX-Trigger"]
    made = stack_of(photos[0])
    assert made is not None
    assert made.cover == photos[2]
    client.post(reverse("photos:cover", args=[photos[0].key]))
    made.refresh_from_db()
    assert made.cover == photos[0]
    client.post(reverse("photos:unstack", args=[photos[0].key]))
    assert stack_of(photos[1]) is None
    activity = Activity.objects.get(verb="unstacked photos")
    address = reverse("photos:undo_stack", args=[activity.pk])
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 200
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 422
    assert stack_of(photos[1]) == made


def test_one_photo_is_no_stack(client: Client, owner: User, make_photo: Maker) -> None:
    client.force_login(owner)
    answer = client.post(reverse("photos:stack"), {"keys": make_photo().key}, headers={"HX-Request": "true"})
    assert b"at least two photos" in answer.content
    assert not Stack.objects.exists()
