"""The tree of tags: each action, its undo, and random sequences of all that leave tree and photos consistent."""

import random
from typing import Any

import pytest
from django.db.models import Q

from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from photos.access import photos_of
from photos.editing import bulk
from search.compile import select
from tags import keywords, tree
from tags.models import PhotoTag, Tag, TagAlias


def paths(owner):
    return sorted(Tag.objects.filter(owner=owner).values_list("path", flat=True))


def tagged(photo):
    return keywords.keywords_of(photo)


@pytest.fixture
def grown(owner, make_photo):
    """travel/japan/kyoto, travel/italy and trips/japan, each on a photo of its own; the photos by path."""
    photos = {}
    for path in ("travel/japan/kyoto", "travel/italy", "trips/japan"):
        photos[path] = make_photo()
        bulk.make(owner, photos_of(owner).filter(pk=photos[path].pk), keywords.change_keywords([path]), owner)
    return photos


def named(owner, path):
    return Tag.objects.get(owner=owner, path=path)


def test_renaming_renames_all_below_and_is_undone(owner, grown):
    activity = tree.rename(named(owner, "travel"), "Journeys")
    assert tagged(grown["travel/japan/kyoto"]) == ["Journeys/japan/kyoto"]
    assert paths(owner)[:2] == ["Journeys", "Journeys/italy"]
    undoing.undo(activity, owner)
    assert tagged(grown["travel/japan/kyoto"]) == ["travel/japan/kyoto"]
    assert not TagAlias.objects.exists()
    with pytest.raises(NotPossible):
        undoing.undo(activity, owner)


@pytest.mark.parametrize("name", ["trips", "TRIPS", "", "a/b", "x" * 81])
def test_invalid_names(owner, grown, name):
    before = paths(owner)
    with pytest.raises(NotPossible):
        tree.rename(named(owner, "travel"), name)
    assert paths(owner) == before


def test_a_tag_cannot_be_moved_below_itself(owner, grown):
    travel, kyoto = named(owner, "travel"), named(owner, "travel/japan/kyoto")
    for below in (travel, kyoto):
        with pytest.raises(NotPossible):
            tree.move(travel, below)
        with pytest.raises(NotPossible):
            tree.merge(travel, below)
    activity = tree.move(kyoto, None)
    assert tagged(grown["travel/japan/kyoto"]) == ["kyoto"]
    undoing.undo(activity, owner)
    assert tagged(grown["travel/japan/kyoto"]) == ["travel/japan/kyoto"]


def test_merging_merges_tags_below_with_the_same_name(owner, grown):
    before = paths(owner)
    activity = tree.merge(named(owner, "travel"), named(owner, "trips"))
    assert paths(owner) == ["trips", "trips/italy", "trips/japan", "trips/japan/kyoto"]
    assert tagged(grown["travel/japan/kyoto"]) == ["trips/japan/kyoto"]
    assert tagged(grown["travel/italy"]) == ["trips/italy"]
    undoing.undo(activity, owner)
    assert paths(owner) == before
    assert {path: tagged(photo) for path, photo in grown.items()} == {path: [path] for path in grown}


def test_deleting_removes_the_tag_and_undo_restores_it(owner, grown):
    before = list(PhotoTag.objects.order_by("pk").values_list("photo", "tag__path", "source"))
    activity = tree.delete(named(owner, "travel"))
    assert paths(owner) == ["trips", "trips/japan"]
    assert tagged(grown["travel/italy"]) == []
    undoing.undo(activity, owner)
    assert list(PhotoTag.objects.order_by("pk").values_list("photo", "tag__path", "source")) == before


def test_undo_is_refused_if_the_place_is_taken(owner, grown):
    activity = tree.delete(named(owner, "trips"))
    tree.add(owner, "Trips")
    with pytest.raises(NotPossible):
        undoing.undo(activity, owner)
    assert "Trips" in paths(owner)


def test_files_that_are_read_again_restore_nothing(owner, make_photo):
    photo = make_photo()
    keywords.take_over(owner.pk, {photo.pk: ["travel/japan", "old"]})
    tree.rename(named(owner, "travel"), "trips")
    tree.delete(named(owner, "old"))
    keywords.take_over(owner.pk, {photo.pk: ["travel/japan", "old"]})
    assert tagged(photo) == ["trips/japan"]
    other = make_photo()
    keywords.take_over(owner.pk, {other.pk: ["travel/italy", "Old"]})
    assert tagged(other) == ["trips/italy"]
    tree.add(owner, "old")  # the owner wants it after all
    keywords.take_over(owner.pk, {other.pk: ["travel/italy", "Old"]})
    assert tagged(other) == ["old", "trips/italy"]


def check(owner, photos):
    """Paths follow from names, no two tags are in one place, and the search finds what the tags say."""
    tags = {tag.pk: tag for tag in Tag.objects.filter(owner=owner)}
    for tag in tags.values():
        above = tags.get(tag.parent_id)
        assert (tag.parent_id is None) == (above is None)
        assert tag.path == (f"{above.path}/{tag.name}" if above else tag.name)
    assert len({tag.path.casefold() for tag in tags.values()}) == len(tags)
    for tag in tags.values():
        below = Q(tag=tag) | Q(tag__path__startswith=f"{tag.path}/")
        wanted = set(PhotoTag.objects.filter(below, rejected=False).values_list("photo", flat=True))
        found = set(select(photos_of(owner), owner, f'tag:"{tag.path}"').values_list("pk", flat=True))
        assert found == wanted, tag.path


def state(owner):
    tags = list(Tag.objects.filter(owner=owner).order_by("path").values_list("path", "colour"))
    rows = PhotoTag.objects.filter(tag__owner=owner).order_by("photo", "tag__path")
    return tags, list(rows.values_list("photo", "tag__path", "source", "rejected"))


@pytest.mark.parametrize("seed", range(12))
def test_random_sequences_leave_tree_and_photos_consistent(owner, make_photo, seed):
    """Ten random actions of all kinds, which are then undone."""
    chance = random.Random(seed)
    photos = [make_photo() for _ in range(6)]
    first = ["a", "a/b", "a/b/c", "b", "b/c", "d"]
    for photo in photos:
        some = photos_of(owner).filter(pk=photo.pk)
        bulk.make(owner, some, keywords.change_keywords(chance.sample(first, 3)), owner)
    done: list[tuple[Activity, Any]] = []

    def any_tag():
        return chance.choice(list(Tag.objects.filter(owner=owner).order_by("pk")))

    def tag_photos():
        keys = [photo.pk for photo in chance.sample(photos, 3)]
        add, remove = chance.choice(["a", "b/c", "e/f", "d"]), any_tag().path
        return bulk.make(owner, photos_of(owner).filter(pk__in=keys), keywords.change_keywords([add], [remove]), owner)

    steps = [
        lambda: tree.add(owner, chance.choice("abcxyz"), chance.choice([None, any_tag()]))[1],
        lambda: tree.rename(any_tag(), chance.choice("abcdef")),
        lambda: tree.move(any_tag(), chance.choice([None, any_tag()])),
        lambda: tree.merge(any_tag(), any_tag()),
        lambda: tree.delete(any_tag()),
        tag_photos,
    ]
    for _ in range(10):
        if not Tag.objects.filter(owner=owner).exists():
            break  # all was deleted
        before = state(owner)
        try:
            activity = chance.choice(steps)()
        except NotPossible:
            assert state(owner) == before  # refused, and nothing half done
            continue
        done.append((activity, before))
        check(owner, photos)
    undo_all(owner, photos, done)


def undo_all(owner, photos, done):
    """Undo the actions, the last first. Each undo restores the state before its action."""
    for activity, before in reversed(done):
        if undoing.can_undo(activity):  # not where nothing was changed
            undoing.undo(activity, owner)
        if activity.target_type == "photos":
            made = {path for path, _ in state(owner)[0]} - {path for path, _ in before[0]}
            Tag.objects.filter(owner=owner, path__in=made).delete()  # undo keeps the tag of a new keyword
        check(owner, photos)
        assert state(owner) == before
