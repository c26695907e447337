"""Words, flags and tags: what is missing comes, what the owner has stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from photos.editing import bulk, edits
from photos.editing.picture_edits import SetPicture
from photos.editing.renditions import edit_of
from photos.models import Photo, RawMetadata
from switching.writing import photos
from tags import tree
from tags.keywords import change_keywords, tags_meant
from tags.models import PhotoTag, Tag

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


def wish(photo: Photo, words: Any = None, flags: Any = (), tags: Any = ()) -> Any:
    return {"photo": photo.pk, "words": words or {}, "flags": list(flags), "tags": list(tags), "faces": []}


def plan(owner: User, *wishes: Any, came: Any = None) -> photos.Plan:
    return photos.plan(wishes, came or {}, photos.tag_meanings(owner))


def do(owner: User, found: photos.Plan, stamp: Any) -> dict[str, Any]:
    paths = {path for each in found.tags.values() for path in each}
    return photos.do(found, stamp, owner, tags_meant(owner.pk, paths))


def test_words_of_the_owner_stay(owner: User, make_photo: Make) -> None:
    photo = make_photo(title="From the file")
    found = plan(owner, wish(photo, {"title": "Theirs", "rating": 3}))
    assert found.words == {photo.pk: {"title": "Theirs", "rating": 3}}
    bulk.make(owner, Photo.objects.all(), edits.set_words(title="Mine"), owner)
    found = plan(owner, wish(photo, {"title": "Theirs", "rating": 3}))
    assert (found.words, found.kept) == ({photo.pk: {"rating": 3}}, 1)


def test_what_is_the_same_or_came_before_does_not_come(owner: User, make_photo: Make) -> None:
    photo = make_photo(title="Same")
    assert plan(owner, wish(photo, {"title": "Same"})).words == {}
    assert plan(owner, wish(photo, {"rating": 3}, ["favourite"]), came={photo.pk: {"rating", "favourite"}}).words == {}


def test_a_description_that_repeats_the_file_is_left_out(owner: User, make_photo: Make) -> None:
    photo = make_photo()
    RawMetadata.objects.create(photo=photo, tags={"EXIF:ImageDescription": "OLYMPUS DIGITAL CAMERA  "})
    assert plan(owner, wish(photo, {"description": "OLYMPUS DIGITAL CAMERA"})).words == {}
    assert plan(owner, wish(photo, {"description": "At the sea"})).words != {}


def test_flags_are_set_but_never_removed(owner: User, make_photo: Make) -> None:
    plain, hearted = make_photo(), make_photo(favourite=True, archived=True)
    found = plan(owner, wish(plain, flags=["favourite", "trashed"]), wish(hearted, flags=["favourite"]))
    assert found.flags == {"favourite": [plain.pk], "trashed": [plain.pk]}
    stamp = timezone.now()
    before = do(owner, found, stamp)
    plain.refresh_from_db()
    hearted.refresh_from_db()
    assert (plain.favourite, plain.trashed_at, hearted.archived) == (True, stamp, True)
    assert photos.tokens(found) == {plain.pk: {"favourite", "trashed"}}
    photos.revert(before, stamp)
    plain.refresh_from_db()
    assert (plain.favourite, plain.trashed_at) == (False, None)


def test_undo_leaves_a_photo_that_was_trashed_again(owner: User, make_photo: Make) -> None:
    photo = make_photo()
    stamp = timezone.now()
    before = do(owner, plan(owner, wish(photo, flags=["trashed"])), stamp)
    Photo.objects.restore()
    Photo.objects.all().trash()
    photos.revert(before, stamp)
    photo.refresh_from_db()
    assert photo.trashed_at is not None


def test_tags_that_the_owner_removed_or_deleted_stay_away(owner: User, make_photo: Make) -> None:
    photo = make_photo()
    made, _ = tree.add(owner, "old")
    tree.delete(made)
    bulk.make(owner, Photo.objects.all(), change_keywords(["sea"]), owner)
    PhotoTag.objects.update(source="file")
    bulk.make(owner, Photo.objects.all(), change_keywords(remove=["sea"]), owner)
    assert PhotoTag.objects.get().rejected
    found = plan(owner, wish(photo, tags=["Old", "SEA", "travel/japan"]))
    assert found.tags == {photo.pk: ["travel/japan"]}


def test_a_renamed_tag_is_meant_by_its_old_name(owner: User, make_photo: Make) -> None:
    photo = make_photo()
    tag, _ = tree.add(owner, "Urlaub")
    tree.rename(tag, "Holiday")
    do(owner, plan(owner, wish(photo, tags=["urlaub"])), timezone.now())
    assert [row.tag.path for row in PhotoTag.objects.all()] == ["Holiday"]


def test_tags_that_nobody_uses_are_removed_and_others_not(owner: User, make_photo: Make) -> None:
    photo = make_photo()
    stamp = timezone.now()
    before = do(owner, plan(owner, wish(photo, tags=["a/b", "a/c"])), stamp)
    made = list(Tag.objects.values_list("pk", flat=True))
    photos.revert(before, stamp)
    bulk.make(owner, Photo.objects.all(), change_keywords(["a/c"]), owner)
    photos.remove_unused(made)
    assert sorted(Tag.objects.values_list("path", flat=True)) == ["a", "a/c"]


def test_a_video_is_turned_by_its_edit(owner: User, make_photo: Make) -> None:
    video = make_photo(kind="video", media_type="video/mp4", duration=9.0)
    stamp = timezone.now()
    before = do(owner, plan(owner, wish(video, {"turn": 6})), stamp)
    video.refresh_from_db()
    assert (video.turn, edit_of(video).turn) == (1, 6)
    photos.revert(before, stamp)
    video.refresh_from_db()
    assert video.picture_edit is None
    trimmed = {"version": 1, "operations": [{"op": "trim", "start": 1.0, "end": 4.0}]}
    bulk.make(owner, Photo.objects.all(), SetPicture(trimmed), owner)
    found = plan(owner, wish(video, {"turn": 6}))
    assert (found.words, found.kept) == ({}, 1)
