"""Duplicate groups: what is compared, what joins, and what stays out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from PIL import Image, ImageDraw, ImageFont, ImageOps

from accounts.models import User
from duplicates import comparing, finding, resolving
from duplicates.judging import Judging
from duplicates.models import DuplicateGroup
from duplicates.tests.alike import check
from photos.models import PairDecision, Photo, StageRun
from photos.storage import paths
from vision.copies import sketches
from vision.matching import NO_MATCH, Match, Tier
from vision.tests.test_matching import jpeg, scene

Maker = Callable[..., Photo]
Pair = tuple[Photo, Photo, DuplicateGroup]


def groups(owner: User) -> list[tuple[str, set[int]]]:
    return sorted(
        (group.tier, set(group.members.values_list("photo_id", flat=True)))
        for group in DuplicateGroup.objects.filter(owner=owner)
    )


def test_copies_and_edits_form_groups_by_tier(owner: User, add: Maker) -> None:
    original = scene(1)
    best = add(original)
    copy = add(original.resize((320, 240)))
    edit = add(original.crop((60, 30, 600, 440)))
    other = add(scene(2))  # alike to the model only
    check(best, copy, edit, other)
    assert groups(owner) == [("edited", {best.pk, edit.pk}), ("same", {best.pk, copy.pk})]
    group = DuplicateGroup.objects.get(tier="same")
    assert group.members.get(role="best").photo == best
    assert group.saving == copy.size


def test_photos_of_another_owner_are_not_compared(owner: User, stranger: User, add: Maker) -> None:
    picture = scene(1)
    mine, theirs = add(picture), add(picture.resize((320, 240)), owner=stranger)
    check(mine, theirs)
    assert not DuplicateGroup.objects.exists()


def test_new_photo_joins_the_group_it_matches(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((400, 300)))
    check(first, second)
    key = DuplicateGroup.objects.get().key
    third = add(jpeg(picture, 40).resize((320, 240)))
    check(third)
    assert groups(owner) == [("same", {first.pk, second.pk, third.pk})]
    assert DuplicateGroup.objects.get().key == key


def test_better_photo_becomes_the_best(owner: User, add: Maker) -> None:
    picture = scene(1)
    small, middle = add(picture.resize((320, 240))), add(picture.resize((400, 300)))
    check(small, middle)
    large = add(picture)
    check(large)
    assert DuplicateGroup.objects.get().members.get(role="best").photo == large


def test_nothing_is_joined_through_a_third(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matches B and B matches C, but A does not match C: the best is A, so C stays outside."""
    picture = scene(1)
    a, b, c = (add(picture.resize(size)) for size in ((640, 480), (600, 450), (560, 420)))
    linked = {(a.pk, b.pk), (b.pk, c.pk)}

    def match(_self: object, one: Photo, other: Photo) -> Match | None:
        return Match(Tier.SAME, 1.0) if (min(one.pk, other.pk), max(one.pk, other.pk)) in linked else None

    monkeypatch.setattr(comparing.Comparer, "match", match)
    check(a, b, c)
    assert groups(owner) == [("same", {a.pk, b.pk})]


def test_every_pair_is_compared_once(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = scene(1)
    photos = [add(picture.resize((640 - 20 * step, 480 - 15 * step))) for step in range(5)]
    for photo in photos:
        StageRun.objects.create(photo=photo, stage=finding.STAGE)
    seen: list[tuple[int, int]] = []

    def match(_self: object, one: Photo, other: Photo) -> Match:
        seen.append((one.pk, other.pk))
        return NO_MATCH

    monkeypatch.setattr(comparing.Comparer, "match", match)
    for photo in reversed(photos):
        StageRun.objects.filter(photo=photo).update(status="running")
        check(photo)
        StageRun.objects.filter(photo=photo).update(status="done")
    assert len(seen) == len(set(seen)) == 10


def test_twice_is_once(owner: User, add: Maker) -> None:
    picture = scene(1)
    photos = [add(picture), add(picture.resize((320, 240)))]
    check(*photos)
    before = list(DuplicateGroup.objects.values_list("pk", "key"))
    check(*photos)
    assert list(DuplicateGroup.objects.values_list("pk", "key")) == before


def test_trashed_and_gone_photos_are_left_out(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((320, 240)))
    Photo.objects.filter(pk=second.pk).trash()
    check(first, second)
    finding.check([10**9])
    assert not DuplicateGroup.objects.exists()


def test_missing_thumbnail_is_no_match(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((320, 240)))
    (paths.derived_folder(second.sha256) / "large.webp").unlink()
    check(first, second)
    assert not DuplicateGroup.objects.exists()


def burst(add: Maker, *seconds: float, **fields: Any) -> list[Photo]:
    picture = scene(1)
    taken = datetime(2024, 5, 1, 12)
    camera = {"camera_make": "Canon", "camera_model": "EOS", **fields}
    return [add(jpeg(picture, 80), taken=taken + timedelta(seconds=at), **camera) for at in seconds]


def test_one_after_the_other_is_a_burst(owner: User, add: Maker) -> None:
    photos = burst(add, 0, 1)
    check(*photos)
    assert groups(owner) == [("burst", {photo.pk for photo in photos})]


@pytest.mark.parametrize(
    ("seconds", "fields"), [((0, 3600), {}), ((0, 1), {"camera_make": "", "camera_model": ""}), ((0, 0), {})]
)
def test_not_a_burst(owner: User, add: Maker, seconds: tuple[float, float], fields: dict[str, str]) -> None:
    photos = burst(add, *seconds, **fields)
    check(*photos)
    assert [tier for tier, _ in groups(owner)] == ["same"]


def test_stacked_photos_are_no_duplicates(owner: User, add: Maker) -> None:
    raw = add(scene(1), name="IMG_7.CR2", media_type="image/x-canon-cr2")
    developed = add(scene(1).resize((400, 300)), name="IMG_7.JPG", taken=raw.taken_local.replace(tzinfo=None))
    check(raw, developed)
    raw.refresh_from_db()
    assert raw.stack is not None
    assert raw.stack.kind == "raw"
    assert not DuplicateGroup.objects.exists()


def test_photos_decided_to_be_the_same_join_whatever_the_pixels_say(owner: User, add: Maker) -> None:
    one, other = add(scene(1)), add(scene(2))
    PairDecision.objects.create(first=one, second=other, verdict="same")
    check(one, other)
    assert groups(owner) == [("same", {one.pk, other.pk})]


def test_starting_again_keeps_decisions(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    resolving.keep_all(owner, group, owner)
    finding.start_again(Photo.objects.all(), DuplicateGroup.objects.all())
    check(best, copy)
    assert DuplicateGroup.objects.get().status == "kept"


def test_no_picture_is_read_within_a_transaction(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing takes seconds, during which nobody else could write to SQLite."""
    depth = len(connection.savepoint_ids)
    depths: list[int] = []

    def match(_self: object, one: Photo, other: Photo) -> Match:
        depths.append(len(connection.savepoint_ids))
        return Match(Tier.SAME, 1.0)

    monkeypatch.setattr(comparing.Comparer, "match", match)
    check(*(add(scene(1)) for _ in range(4)))
    assert depths == [depth] * 6


def test_no_picture_is_read_within_a_transaction_for_what_sketches_left_out(
    owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two copies of the best photo, by their pixels only; one of them is an edit of another photo too."""
    a, b, c, d = (add(scene(1).resize(size)) for size in ((640, 480), (600, 450), (560, 420), (520, 390)))
    told = {(a.pk, c.pk): Tier.SAME, (a.pk, d.pk): Tier.SAME, (c.pk, d.pk): Tier.SAME, (b.pk, c.pk): Tier.EDITED}
    depth, depths = len(connection.savepoint_ids), dict[tuple[int, int], int]()

    def match(_self: object, one: Photo, other: Photo) -> Match:
        depths[one.pk, other.pk] = len(connection.savepoint_ids)
        return Match(told.get((one.pk, other.pk), Tier.NONE), 1.0)

    monkeypatch.setattr(comparing.Comparer, "match", match)
    monkeypatch.setattr(sketches, "may_be_copies", lambda one, other: False)
    finding.regroup(owner, [(a.pk, b.pk), (b.pk, c.pk), (c.pk, d.pk)], Judging(owner))
    assert set(depths.values()) == {depth}
    assert (c.pk, d.pk) in depths
    assert groups(owner) == [("edited", {b.pk, c.pk}), ("same", {a.pk, c.pk, d.pk})]


@pytest.mark.parametrize("side", [640, 316])
def test_a_collage_is_no_duplicate_of_what_is_in_it(owner: User, add: Maker, side: int) -> None:
    """Whatever the sizes: a collage may show its pictures at full size."""
    pictures = [scene(seed).resize((side, side * 3 // 4)) for seed in range(1, 5)]
    collage = Image.new("RGB", (2 * side + 8, 2 * (side * 3 // 4) + 8), "white")
    for place, picture in enumerate(pictures):
        collage.paste(picture, (place % 2 * (side + 8), place // 2 * (side * 3 // 4 + 8)))
    check(add(pictures[0]), add(pictures[3]), add(collage))
    assert not DuplicateGroup.objects.exists()


def test_two_crops_that_share_nothing_are_not_joined_through_their_original(owner: User, add: Maker) -> None:
    picture = scene(1, (800, 600))
    whole, left, right = add(picture), add(picture.crop((0, 0, 380, 600))), add(picture.crop((420, 0, 800, 600)))
    check(whole, left, right)
    assert groups(owner) == [("edited", {whole.pk, left.pk}), ("edited", {whole.pk, right.pk})]
    keys = set(DuplicateGroup.objects.values_list("key", flat=True))
    check(whole, left, right)
    assert set(DuplicateGroup.objects.values_list("key", flat=True)) == keys


def test_a_copy_with_lettering_does_not_match_a_crop_that_shows_what_it_hides(owner: User, add: Maker) -> None:
    picture = scene(1)
    lettered = picture.copy()
    draw = ImageDraw.Draw(lettered)
    draw.rectangle((0, 390, 640, 480), fill="white")
    draw.text((40, 400), "Summer 2019", "black", ImageFont.load_default(60))
    whole, covered, part = add(picture), add(lettered), add(picture.crop((0, 260, 640, 480)))
    check(whole, covered, part)
    assert groups(owner) == [("edited", {whole.pk, covered.pk}), ("edited", {whole.pk, part.pk})]


def test_a_picture_is_better_than_what_contains_it(owner: User, add: Maker) -> None:
    bare = add(scene(1))
    framed = add(ImageOps.expand(scene(1), 60, "white"))
    check(bare, framed)
    assert DuplicateGroup.objects.get().members.get(role="best").photo == bare
