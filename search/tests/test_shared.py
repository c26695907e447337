"""Tags of shared photos are found by users who see the photos, and reveal nothing about other photos."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from photos.models import Photo
from search.results import timeline
from search.suggestions.completion import complete
from tags.models import PhotoTag, Tag

Tagger = Callable[[Photo, str], PhotoTag]


@pytest.fixture
def shared(owner: User, stranger: User, make_photo: Callable[..., Photo], tag: Tagger) -> dict[str, Photo]:
    """What Anna shows the other in an album, and what she keeps, with tags on both."""
    shown, kept = make_photo(), make_photo()
    tag(shown, "travel/japan"), tag(kept, "travel/japan"), tag(kept, "secret")
    album = Album.objects.create(owner=owner, name="Shown")
    AlbumItem.objects.create(album=album, photo=shown, position=1)
    Share.objects.create(owner=owner, user=stranger, album=album)
    return {"shown": shown, "kept": kept}


def find(user: User, text: str) -> tuple[set[Photo], list[str]]:
    found = timeline.find(user, text)
    return set(found.photos), [notice.meant for notice in found.notices]


def test_shared_photos_are_found_by_their_tags(stranger: User, shared: dict[str, Photo]) -> None:
    for text in ("tag:japan", "tag:travel", "tag:travel/japan"):
        assert find(stranger, text) == ({shared["shown"]}, [])
    assert find(stranger, "-tag:japan")[0] == set()
    assert [one.text for one in complete(stranger, "tag:ja", 6)] == ["tag:travel/japan "]


def test_a_tag_on_nothing_shared_does_not_exist(stranger: User, shared: dict[str, Photo]) -> None:
    for text in ("tag:secret", "tag:secrets"):  # not even as what one might have meant
        assert find(stranger, text) == (set(), [""])
    assert complete(stranger, "tag:sec", 7) == []


def test_rejected_and_learned_tags_are_for_the_owner_only(
    stranger: User, shared: dict[str, Photo], tag: Tagger
) -> None:
    for path, fields in (("wrong", {"rejected": True}), ("guessed", {"source": PhotoTag.Source.LEARNT})):
        row = tag(shared["shown"], path)
        PhotoTag.objects.filter(pk=row.pk).update(**fields)
        assert find(stranger, f"tag:{path}") == (set(), [""])
    assert find(shared["shown"].owner, "tag:guessed")[0] == {shared["shown"]}


def test_a_learned_tag_of_another_photo_is_not_found(stranger: User, shared: dict[str, Photo], tag: Tagger) -> None:
    other = shared["kept"]
    AlbumItem.objects.create(album=Album.objects.get(), photo=other, position=2)
    PhotoTag.objects.filter(photo=other, tag__path="travel/japan").update(source=PhotoTag.Source.LEARNT)
    assert find(stranger, "tag:japan")[0] == {shared["shown"]}


def test_tags_of_others_do_not_change_what_own_tags_mean(
    stranger: User, shared: dict[str, Photo], tag: Tagger, make_photo: Callable[..., Photo]
) -> None:
    mine = make_photo(owner=stranger)
    tag(mine, "places/travel")
    assert find(stranger, "tag:travel")[0] == {mine, shared["shown"]}
    assert find(stranger, "tag:travel all")[0] == {mine, shared["shown"]}


def test_unshared_and_trashed_photos_are_not_found(stranger: User, shared: dict[str, Photo]) -> None:
    Photo.objects.filter(pk=shared["shown"].pk).trash()
    assert find(stranger, "tag:japan") == (set(), [""])
    Photo.objects.filter(pk=shared["shown"].pk).restore()
    assert find(stranger, "tag:japan")[0]
    Share.objects.all().delete()
    assert find(stranger, "tag:japan") == (set(), [""])


def test_the_facets_count_tags_of_shared_photos(client: Any, stranger: User, shared: dict[str, Photo]) -> None:
    client.force_login(stranger)
    assert Tag.objects.filter(owner=stranger).count() == 0
    text = client.get("/search/?q=tag:japan").content.decode()
    assert shared["shown"].key in text
    assert shared["kept"].key not in text
    assert "secret" not in text
