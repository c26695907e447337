"""Decisions about a duplicate group, and their undo."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from accounts import undoing
from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates import resolving
from duplicates.models import DuplicateGroup, DuplicateMember
from duplicates.tests.alike import check
from duplicates.tests.conftest import Grouper, photos_of
from photos.models import PairDecision, Photo, Stack
from vision.tests.test_matching import scene

Maker = Callable[..., Photo]
Pair = tuple[Photo, Photo, DuplicateGroup]


def test_keep_best_trashes_the_rest_and_merges(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    album = Album.objects.create(owner=owner, name="Summer")
    AlbumItem.objects.create(album=album, photo=copy, position=1.0)
    resolving.keep_best(owner, [resolving.plan(group)], owner)
    best.refresh_from_db()
    copy.refresh_from_db()
    group.refresh_from_db()
    assert (best.trashed_at, group.status) == (None, "resolved")
    assert copy.trashed_at is not None
    assert (best.favourite, best.rating, best.title, best.latitude) == (True, 4, "Us", 1.0)
    assert album.items.filter(photo=best).exists()


def test_undo_restores_everything(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    album = Album.objects.create(owner=owner, name="Summer")
    AlbumItem.objects.create(album=album, photo=copy, position=1.0)
    activity = resolving.keep_best(owner, [resolving.plan(group)], owner)
    undoing.undo(activity, owner)
    for row in (best, copy, group):
        row.refresh_from_db()
    assert (copy.trashed_at, group.status) == (None, "open")
    assert (best.favourite, best.rating, best.title, best.latitude) == (False, None, "", None)
    assert not album.items.filter(photo=best).exists()


def test_resolving_twice_is_refused(owner: User, pair: Pair) -> None:
    plan = resolving.plan(pair[2])
    resolving.keep_best(owner, [plan], owner)
    with pytest.raises(resolving.CannotResolve):
        resolving.keep_best(owner, [plan], owner)


def test_keep_all_is_remembered_until_a_photo_joins(owner: User, add: Maker, pair: Pair) -> None:
    best, copy, group = pair
    activity = resolving.keep_all(owner, group, owner)
    check(best, copy)
    assert not resolving.open_groups(owner).exists()
    third = add(scene(1).resize((500, 375)))
    check(third)
    (again,) = resolving.open_groups(owner)
    assert set(again.members.values_list("photo_id", flat=True)) == {best.pk, third.pk}
    undoing.undo(activity, owner)
    assert not PairDecision.objects.exists()


def test_stacking_and_undo(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    activity = resolving.stack(owner, group, owner)
    best.refresh_from_db()
    copy.refresh_from_db()
    assert best.stack == copy.stack is not None
    assert best.stack.cover == best
    undoing.undo(activity, owner)
    best.refresh_from_db()
    assert best.stack is None


def test_the_preview_is_exactly_what_is_done(owner: User, add: Maker) -> None:
    original = scene(1)
    photos = [add(original), add(original.resize((320, 240))), add(original.crop((60, 30, 600, 440)))]
    check(*photos)
    plans = resolving.plans(resolving.open_groups(owner))
    removed = [photo.pk for plan in plans for photo in plan.removed]
    assert len(removed) == len(set(removed)) == 2
    resolving.keep_best(owner, plans, owner)
    assert set(Photo.objects.trashed().values_list("pk", flat=True)) == set(removed)


def test_groups_are_listed_by_saving(owner: User, add: Maker) -> None:
    for world, size in ((1, (320, 240)), (2, (500, 375))):
        check(add(scene(world), world), add(scene(world).resize(size), world))
    assert [group.saving for group in resolving.open_groups(owner)] == [500 * 375, 320 * 240]


def on_a_screen(picture: Image.Image) -> Image.Image:
    """The picture on the screen of a large phone, with more pixels than it has itself."""
    screen = Image.new("RGB", (900, 1800), "black")
    shown = picture.resize((900, 675))
    screen.paste(shown, (0, 560))
    return screen


def test_the_picture_is_kept_and_not_a_larger_screenshot_of_it(owner: User, add: Maker) -> None:
    picture = scene(1)
    original, screenshot = add(picture), add(on_a_screen(picture))
    check(original, screenshot)
    group = DuplicateGroup.objects.get()
    assert (group.tier, group.members.get(role="best").photo) == ("edited", original)
    (waiting,) = resolving.open_groups(owner)
    plan = resolving.plan(waiting)
    assert (plan.kept, plan.removed) == (original, (screenshot,))
    assert "without a frame" in plan.reasons[0]


def test_a_crop_is_no_frame(owner: User, add: Maker) -> None:
    original = scene(1)
    whole, crop = add(original), add(original.crop((60, 30, 600, 440)))
    check(whole, crop)
    (waiting,) = resolving.open_groups(owner)
    assert resolving.framed(waiting) == set()
    assert resolving.plan(waiting).kept == whole


def test_a_crop_that_cuts_off_sky_is_no_frame(owner: User, add: Maker) -> None:
    """Everything around it has one colour, but the crop shows some of that colour too."""
    picture = Image.new("RGB", (900, 700), (40, 90, 160))
    picture.paste(scene(1).resize((480, 360)), (210, 170))
    whole, crop = add(picture), add(picture.crop((150, 110, 750, 590)))
    check(whole, crop)
    (waiting,) = resolving.open_groups(owner)
    assert resolving.framed(waiting) == set()
    assert resolving.plan(waiting).kept == whole


# --- plans without pictures -------------------------------------------------------------------------------------------


@pytest.fixture
def group_of(owner: User) -> Callable[..., DuplicateGroup]:
    """`group_of(best, copy, tier="same")`: a group of photos without pictures."""

    def make(*photos: Photo, **fields: Any) -> DuplicateGroup:
        made = DuplicateGroup.objects.create(**{"owner": owner, "tier": "same", **fields})
        for photo in photos:
            DuplicateMember.objects.create(group=made, photo=photo, role="copy", similarity=1.0)
        return made

    return make


MakeGroup = Callable[..., DuplicateGroup]


def large_first(make_photo: Maker, count: int, **fields: Any) -> list[Photo]:
    """Photos, each with fewer pixels than the one before."""
    return [make_photo(width=4000 - number, height=3000, size=100 + number, **fields) for number in range(count)]


def test_a_plan_says_what_goes_and_what_that_saves(make_photo: Maker, group_of: MakeGroup) -> None:
    best, *others = large_first(make_photo, 3)
    plan = resolving.plan(group_of(*others, best))
    assert (plan.kept, set(plan.removed), plan.spared, plan.saving) == (best, set(others), (), 101 + 102)
    assert plan.reasons[0] == "It has the most pixels"


def test_a_plan_for_chosen_photos_spares_them_all_and_gives_no_reasons(make_photo: Maker, group_of: MakeGroup) -> None:
    best, middle, small = large_first(make_photo, 3)
    plan = resolving.plan(group_of(best, middle, small), kept=[small, middle])
    assert (plan.kept, plan.spared, plan.removed, plan.reasons) == (middle, (small,), (best,), ())


def test_half_of_a_raw_with_its_jpeg_is_not_removed_unless_asked_for(
    owner: User, make_photo: Maker, group_of: MakeGroup
) -> None:
    best, half, copy = large_first(make_photo, 3)
    half.stack = Stack.objects.create(owner=owner, kind=Stack.Kind.RAW, cover=half)
    half.save()
    group = group_of(best, half, copy)
    assert (resolving.plan(group).removed, resolving.plan(group).spared) == ((copy,), (half,))
    assert resolving.plan(group, kept=[best]).removed == (half, copy)
    assert resolving.plans([group])[0].removed == (copy,)


def test_the_owners_order_of_rules_decides(make_photo: Maker, group_of: MakeGroup) -> None:
    large, described = make_photo(width=4000, height=3000), make_photo(camera_model="EOS")
    group = group_of(large, described)
    assert resolving.plan(group).kept == large
    assert resolving.plan(group, ("original",)).kept == described


def test_there_is_no_plan_for_missing_photos(make_photo: Maker, group_of: MakeGroup) -> None:
    best, copy, outside = large_first(make_photo, 3)
    group = group_of(best, copy)
    with pytest.raises(resolving.CannotResolve, match="still here"):
        resolving.plan(group, kept=[outside])
    Photo.objects.filter(pk=copy.pk).trash()
    with pytest.raises(resolving.CannotResolve, match="still here"):
        resolving.plan(DuplicateGroup.objects.get())


def test_a_photo_that_one_group_keeps_is_not_removed_by_another(make_photo: Maker, group_of: MakeGroup) -> None:
    first, second, third, fourth = large_first(make_photo, 4)
    groups = [group_of(second, third), group_of(first, second, fourth), group_of(third, fourth)]
    plans = resolving.plans(groups)
    assert [(plan.kept, plan.removed, plan.spared) for plan in plans] == [
        (second, (third,), ()),
        (first, (fourth,), (second,)),
    ]  # nothing is left to be removed of the last one


def test_a_group_whose_photos_are_all_kept_elsewhere_is_left_out(make_photo: Maker, group_of: MakeGroup) -> None:
    first, second, third = large_first(make_photo, 3)
    assert len(resolving.plans([group_of(second, third), group_of(first, second)])) == 1


# --- actions ----------------------------------------------------------------------------------------------------------


def test_without_merging_the_kept_photo_stays_as_it_is(owner: User, pair: Pair) -> None:
    best, _, group = pair
    resolving.keep_best(owner, [resolving.plan(group)], owner, merge=False)
    best.refresh_from_db()
    assert (best.favourite, best.rating, best.title) == (False, None, "")


def test_photos_kept_together_are_decided_to_be_different(owner: User, make_photo: Maker, group_of: MakeGroup) -> None:
    best, middle, small = large_first(make_photo, 3)
    group = group_of(best, middle, small)
    activity = resolving.keep_best(owner, [resolving.plan(group, kept=[best, middle])], owner)
    (decision,) = PairDecision.objects.all()
    assert (decision.first, decision.second, decision.verdict, decision.by) == (best, middle, "different", owner)
    undoing.undo(activity, owner)
    assert not PairDecision.objects.exists()


def test_undo_keeps_an_earlier_decision(owner: User, make_photo: Maker, group_of: MakeGroup) -> None:
    one, other = large_first(make_photo, 2)
    PairDecision.objects.create(first=one, second=other, verdict="different")
    undoing.undo(resolving.keep_all(owner, group_of(one, other), owner), owner)
    assert PairDecision.objects.count() == 1


def test_a_photo_that_went_to_the_trash_meanwhile_is_not_kept(
    owner: User, make_photo: Maker, group_of: MakeGroup
) -> None:
    best, copy = large_first(make_photo, 2)
    plan = resolving.plan(group_of(best, copy))
    Photo.objects.filter(pk=best.pk).trash()
    with pytest.raises(resolving.CannotResolve, match="in the trash"):
        resolving.keep_best(owner, [plan], owner)
    assert list(Photo.objects.trashed()) == [best]
    assert DuplicateGroup.objects.get().status == "open"


def test_undo_leaves_photos_in_the_trash_that_the_owner_put_there(
    owner: User, make_photo: Maker, group_of: MakeGroup
) -> None:
    best, copy, other = large_first(make_photo, 3)
    plan = resolving.plan(group_of(best, copy, other))
    Photo.objects.filter(pk=other.pk).trash()
    activity = resolving.keep_best(owner, [plan], owner)
    undoing.undo(activity, owner)
    assert list(Photo.objects.trashed()) == [other]


def test_a_decision_about_several_groups_is_all_or_nothing(owner: User, make_photo: Maker, group_of: MakeGroup) -> None:
    photos = large_first(make_photo, 4)
    plans = [resolving.plan(group_of(*photos[:2])), resolving.plan(group_of(*photos[2:]))]
    DuplicateGroup.objects.filter(pk=plans[1].group.pk).update(status="resolved")
    with pytest.raises(resolving.CannotResolve, match="resolved already"):
        resolving.keep_best(owner, plans, owner)
    assert not Photo.objects.trashed().exists()
    assert DuplicateGroup.objects.filter(status="open").count() == 1


@pytest.mark.parametrize(("tier", "kind"), [("burst", "burst"), ("same", "duplicate"), ("edited", "duplicate")])
def test_a_stack_says_why_it_was_made(
    owner: User, make_photo: Maker, group_of: MakeGroup, tier: str, kind: str
) -> None:
    best, copy = large_first(make_photo, 2)
    resolving.stack(owner, group_of(copy, best, tier=tier), owner)
    made = Stack.objects.get()
    assert (made.kind, made.cover) == (kind, best)


def test_photos_return_to_the_stacks_they_were_in(owner: User, make_photo: Maker, group_of: MakeGroup) -> None:
    best, copy = large_first(make_photo, 2)
    old = Stack.objects.create(owner=owner, kind=Stack.Kind.MANUAL, cover=copy)
    Photo.objects.filter(pk=copy.pk).update(stack=old)
    activity = resolving.stack(owner, group_of(best, copy), owner)
    assert Photo.objects.get(pk=copy.pk).stack != old
    undoing.undo(activity, owner)
    assert [Photo.objects.get(pk=photo.pk).stack for photo in (best, copy)] == [None, old]
    assert list(Stack.objects.all()) == [old]


@pytest.mark.parametrize("act", [resolving.keep_all, resolving.stack])
def test_a_resolved_group_cannot_be_resolved_again(
    owner: User, make_photo: Maker, group_of: MakeGroup, act: Callable[..., Any]
) -> None:
    group = group_of(*large_first(make_photo, 2))
    act(owner, group, owner)
    with pytest.raises(resolving.CannotResolve, match="resolved already"):
        act(owner, group, owner)


def test_one_photo_makes_no_stack(owner: User, make_photo: Maker, group_of: MakeGroup) -> None:
    best, copy = large_first(make_photo, 2)
    group = group_of(best, copy)
    Photo.objects.filter(pk=copy.pk).trash()
    with pytest.raises(resolving.CannotResolve, match="still here"):
        resolving.stack(owner, DuplicateGroup.objects.get(pk=group.pk), owner)
    assert not Stack.objects.exists()


# --- the queue --------------------------------------------------------------------------------------------------------


def test_groups_that_wait_for_a_decision(owner: User, stranger: User, make_photo: Maker, group_of: MakeGroup) -> None:
    photos = large_first(make_photo, 2)
    small, large = group_of(*photos, saving=10), group_of(*photos, tier="burst", saving=20)
    group_of(*photos, status="kept")
    group_of(*photos, owner=stranger)
    group_of(photos[0], make_photo(trashed_at=timezone.now()))
    assert list(resolving.open_groups(owner)) == [large, small]
    assert list(resolving.open_groups(owner, "burst")) == [large]


def test_many_groups_take_as_many_queries_as_one(
    owner: User, make_photo: Maker, group_of: MakeGroup, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        group_of(*large_first(make_photo, 3))
    with django_assert_num_queries(2):
        assert len(resolving.plans(resolving.open_groups(owner))) == 5


# --- bursts: their photos are all different ---------------------------------------------------------------------------


def test_a_burst_of_videos_is_left_alone(owner: User, make_group: Grouper) -> None:
    group = make_group(2, tier="burst")
    Photo.objects.filter(duplicate_memberships__group=group).update(kind=Photo.Kind.VIDEO)
    assert resolving.plans(resolving.open_groups(owner)) == []


def test_bursts_that_share_a_photo_with_another_group(owner: User, make_group: Grouper) -> None:
    """A photo that one group keeps joins no stack of another, and a photo that goes is not stacked."""
    copies = make_group(1)
    burst = make_group(1, tier="burst")
    for photo in photos_of(copies):
        DuplicateMember.objects.create(group=burst, photo=photo, role="copy", similarity=0.9)
    planned = resolving.plans([copies, resolving.open_groups(owner, "burst").get()])
    assert [len(plan.removed) for plan in planned] == [1, 0]
    assert not {planned[1].kept, *planned[1].stacked} & set(photos_of(copies))
