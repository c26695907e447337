"""Tags in the database: what is unique, and what is deleted together."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Activity, User
from photos.models import Photo
from tags.models import PhotoTag, Tag, TagAlias, TagAnswer, TaughtTag

Maker = Callable[..., Photo]


def refused(make: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


@pytest.fixture
def travel(owner: User) -> Tag:
    return Tag.objects.create(owner=owner, name="travel", path="travel")


@pytest.fixture
def japan(owner: User, travel: Tag) -> Tag:
    return Tag.objects.create(owner=owner, parent=travel, name="japan", path="travel/japan")


def test_a_path_is_unique_for_an_owner(owner: User, stranger: User, travel: Tag) -> None:
    assert refused(lambda: Tag.objects.create(owner=owner, name="travel", path="travel"))
    assert not refused(lambda: Tag.objects.create(owner=stranger, name="travel", path="travel"))


def test_a_photo_has_a_tag_once(make_photo: Maker, travel: Tag, japan: Tag) -> None:
    photo = make_photo()
    PhotoTag.objects.create(photo=photo, tag=travel)
    assert refused(lambda: PhotoTag.objects.create(photo=photo, tag=travel, source="file"))
    PhotoTag.objects.create(photo=photo, tag=japan, source="learnt", confidence=0.9)
    assert set(photo.tags.all()) == {travel, japan}
    assert list(japan.photos.all()) == [photo]


def test_tags_below_are_deleted_with_their_tag(make_photo: Maker, travel: Tag, japan: Tag) -> None:
    photo = make_photo()
    PhotoTag.objects.create(photo=photo, tag=japan)
    travel.delete()
    assert not Tag.objects.exists()
    assert not PhotoTag.objects.exists()
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_an_alias_outlives_its_tag(owner: User, travel: Tag) -> None:
    alias = TagAlias.objects.create(owner=owner, path="reisen", tag=travel)
    assert refused(lambda: TagAlias.objects.create(owner=owner, path="reisen"))
    assert list(travel.aliases.all()) == [alias]
    travel.delete()
    alias.refresh_from_db()
    assert alias.tag is None


def test_a_photo_is_asked_about_once_and_the_answer_outlives_the_history(
    owner: User, make_photo: Maker, travel: Tag
) -> None:
    activity = Activity.objects.create(owner=owner, verb="taught")
    answer = TagAnswer.objects.create(tag=travel, photo=make_photo(), said="yes", probability=0.5, activity=activity)
    assert refused(lambda: TagAnswer.objects.create(tag=travel, photo=answer.photo, said="no", probability=0.5))
    activity.delete()
    answer.refresh_from_db()
    assert (answer.said, answer.activity) == ("yes", None)


def test_what_was_learned_is_deleted_with_its_tag(travel: Tag) -> None:
    TaughtTag.objects.create(tag=travel, model="m", weights=b"", bias=0.0, yes=3, no=3)
    travel.delete()
    assert not TaughtTag.objects.exists()


def test_names_of_rows(owner: User, make_photo: Maker, japan: Tag) -> None:
    photo = make_photo()
    rows = [
        japan,
        TagAlias(owner=owner, path="reisen/japan", tag=japan),
        PhotoTag(photo=photo, tag=japan),
        TaughtTag(tag=japan),
        TagAnswer(tag=japan, photo=photo, said="no"),
    ]
    assert [str(row) for row in rows] == [
        "travel/japan",
        "reisen/japan",
        f"{japan.pk} on {photo.pk}",
        f"taught {japan.pk}",
        f"{photo.pk} no {japan.pk}",
    ]
