"""Keywords of files as tags, and keywords by hand."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts import undoing
from accounts.models import User
from photos import catalogue
from photos.editing import bulk, edits, sidecar_writing
from photos.ingest import intake
from photos.models import Photo, RawMetadata, StageRun
from photos.storage import paths
from tags import keywords
from tags.models import PhotoTag, Tag

MakeTagged = Callable[..., Photo]


@pytest.fixture
def make_tagged(make_photo: Callable[..., Photo]) -> MakeTagged:
    """A photo whose file has these keywords, taken over as tags."""

    def make(*words: str, **fields: Any) -> Photo:
        photo = make_photo(**fields)
        RawMetadata.objects.create(photo=photo, fields={"keywords": list(words)})
        keywords.run([photo.pk])
        return photo

    return make


def say(photo: Photo, *words: str) -> None:
    RawMetadata.objects.filter(photo=photo).update(fields={"keywords": list(words)})
    keywords.run([photo.pk])


def rows(photo: Photo) -> list[tuple[str, str, bool]]:
    return sorted(photo.photo_tags.values_list("tag__path", "source", "rejected"))


def do(user: User, photos: Sequence[Photo], change: bulk.Change) -> Any:
    return bulk.make(user, Photo.objects.filter(pk__in=[photo.pk for photo in photos]), change, user)


def test_keywords_of_files_become_a_tree(make_tagged: MakeTagged) -> None:
    photo = make_tagged("places/France/Paris", " sea ", "Sea", "a//b", "/")
    assert keywords.keywords_of(photo) == ["a/b", "places/France/Paris", "sea"]
    paris = Tag.objects.get(path="places/France/Paris")
    assert (paris.name, paris.parent.path, paris.parent.parent.parent) == ("Paris", "places/France", None)
    assert Tag.objects.count() == 6
    assert catalogue.describe(photo)["tags"] == ["a/b", "places/France/Paris", "sea"]


def test_reading_again_follows_the_file_and_keeps_decisions(owner: User, make_tagged: MakeTagged) -> None:
    photo = make_tagged("sea", "beach")
    do(owner, [photo], keywords.change_keywords(add=["holiday"], remove=["beach"]))
    say(photo, "sea", "beach", "sun")
    say(photo, "beach", "sun", "holiday")
    assert rows(photo) == [("beach", "file", True), ("holiday", "owner", False), ("sun", "file", False)]
    keywords.run([photo.pk])
    assert PhotoTag.objects.count() == 3


def test_case_does_not_make_a_second_tag(make_tagged: MakeTagged) -> None:
    make_tagged("Places/Paris")
    second = make_tagged("places/paris/Louvre")
    assert keywords.keywords_of(second) == ["Places/Paris/Louvre"]
    assert Tag.objects.count() == 3


def test_long_words_are_cut(make_tagged: MakeTagged) -> None:
    photo = make_tagged("x" * 500, "/".join(["y" * 79] * 9))
    assert sorted(map(len, keywords.keywords_of(photo))) == [80, 399]


def test_owners_have_trees_of_their_own(make_tagged: MakeTagged, stranger: User) -> None:
    ours, theirs = make_tagged("sea"), make_tagged("sea", owner=stranger)
    assert Tag.objects.filter(path="sea").count() == 2
    assert ours.tags.get().owner_id != theirs.tags.get().owner_id


def test_adding_and_removing_is_previewed_done_and_undone(owner: User, make_tagged: MakeTagged) -> None:
    photos = [make_tagged("sea", "beach"), make_tagged("beach", "Holiday"), make_tagged()]
    before = [rows(photo) for photo in photos]
    change = keywords.change_keywords(add=["holiday"], remove=["BEACH"])
    seen = bulk.preview(Photo.objects.all(), change)
    assert (seen.changing, seen.examples[0].values) == (3, {"keywords": (["beach", "sea"], ["holiday", "sea"])})
    activity = do(owner, photos, change)
    assert [keywords.keywords_of(photo) for photo in photos] == [["Holiday", "sea"], ["Holiday"], ["Holiday"]]
    undoing.undo(activity, owner)
    assert [rows(photo) for photo in photos] == before


def test_a_proposed_tag_is_accepted_by_adding_and_remembered_as_refused(
    owner: User,
    make_tagged: MakeTagged,
) -> None:
    photo = make_tagged()
    for path in ("dog", "cat"):
        PhotoTag.objects.create(
            photo=photo, tag=Tag.objects.create(owner=owner, name=path, path=path), source="learnt", confidence=0.8
        )
    do(owner, [photo], keywords.change_keywords(add=["dog"], remove=["cat"]))
    assert rows(photo) == [("cat", "learnt", True), ("dog", "owner", False)]


def test_reset_restores_the_files_keywords(owner: User, make_tagged: MakeTagged) -> None:
    photo = make_tagged("sea", "beach")
    before = rows(photo)
    do(owner, [photo], keywords.change_keywords(add=["holiday"], remove=["beach"]))
    changed = rows(photo)
    assert bulk.preview(Photo.objects.all(), keywords.ResetKeywords()).changing == 1
    activity = do(owner, [photo], keywords.ResetKeywords())
    assert rows(photo) == before
    undoing.undo(activity, owner)
    assert rows(photo) == changed


def test_undo_keeps_later_decisions(owner: User, make_tagged: MakeTagged) -> None:
    photo = make_tagged("beach")
    older = do(owner, [photo], keywords.change_keywords(add=["holiday"], remove=["beach"]))
    do(owner, [photo], keywords.change_keywords(add=["beach"]))
    undoing.undo(older, owner)
    assert bulk.progress_of(older).kept == 1
    assert keywords.keywords_of(photo) == ["beach"]


def test_keywords_and_fields_can_be_one_change(owner: User, make_tagged: MakeTagged) -> None:
    source, target = make_tagged("sea/north"), make_tagged()
    source.title = "Norderney"
    source.save()
    together = bulk.Together.of([edits.copy_from(source, ["title"]), keywords.change_keywords(["sea/north"])])
    activity = do(owner, [target], together)
    target.refresh_from_db()
    assert (target.title, keywords.keywords_of(target)) == ("Norderney", ["sea/north"])
    undoing.undo(activity, owner)
    target.refresh_from_db()
    assert (target.title, keywords.keywords_of(target)) == ("", [])


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow(
    owner: User,
    make_tagged: MakeTagged,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    ids = [make_tagged("sea").pk for _ in range(count)]
    keywords.change_keywords(add=["holiday"]).apply(ids[:1], datetime.now(UTC), owner)
    with django_assert_num_queries(5):
        keywords.change_keywords(add=["holiday"], remove=["sea"]).apply(ids, datetime.now(UTC), owner)


def test_changed_keywords_go_into_the_sidecar(owner: User, make_picture: Any, settings: Any) -> None:
    settings.MIRAGE_WRITE_SIDECARS = "library"
    photo = intake.ingest(owner, make_picture()).photo
    assert photo
    do(owner, [photo], keywords.change_keywords(add=["places/Rome"]))
    assert sidecar_writing.run([photo.pk]) == {}
    assert StageRun.objects.filter(stage="sidecars", status="waiting").exists()
    original = paths.original_path(photo)
    assert b"places|Rome" in original.with_name(f"{original.name}.xmp").read_bytes()
