"""Many plans carried out in batches: what changed since the preview is left alone, and undo restores everything."""

import pytest

from accounts import batches, undoing
from accounts.models import User
from duplicates import resolving, resolving_many
from duplicates.models import DuplicateGroup
from duplicates.resolving import Plan
from duplicates.tests.conftest import Grouper, photos_of
from photos.gallery.stacking import stacks
from photos.models import Photo, Stack


def plans_of(owner: User) -> list[Plan]:
    return resolving.plans(resolving.open_groups(owner))


def run(owner: User, plans: list[Plan], *, merge: bool = True) -> resolving_many.Progress:
    return resolving_many.progress_of(resolving_many.make(owner, plans, owner, merge=merge))


def test_what_was_done_is_counted_and_undo_counts_back(owner: User, make_group: Grouper) -> None:
    make_group(2), make_group(1, tier="burst")
    activity = resolving_many.make(owner, plans_of(owner), owner)
    progress = resolving_many.progress_of(activity)
    assert (progress.total, progress.done, progress.finished) == (2, 2, True)
    assert (progress.trashed, progress.saved, progress.stacked) == (2, 1000 + 1001, 1)
    undoing.undo(activity, owner)
    activity.refresh_from_db()
    progress = resolving_many.progress_of(activity)
    assert (progress.trashed, progress.stacked, progress.undone) == (0, 0, True)
    assert not Photo.objects.trashed().exists()
    assert not Stack.objects.exists()
    assert resolving.open_groups(owner).count() == 2


def test_previews_differ_by_what_would_go(owner: User, make_group: Grouper) -> None:
    make_group(2), make_group(1)
    before = resolving_many.digest(plans_of(owner))
    assert before == resolving_many.digest(plans_of(owner))
    assert before != resolving_many.digest(plans_of(owner)[:1])
    Photo.objects.filter(size=1001).trash()
    assert before != resolving_many.digest(plans_of(owner))


@pytest.mark.parametrize("merge", [True, False])
def test_kept_photos_take_over_what_the_others_have_only_if_asked_to(
    owner: User, make_group: Grouper, merge: bool
) -> None:
    best, _ = photos_of(make_group(1, favourite=True))
    assert run(owner, plans_of(owner), merge=merge).trashed == 1
    best.refresh_from_db()
    assert best.favourite is merge


def test_a_group_or_a_photo_that_is_gone_is_left_alone(owner: User, make_group: Grouper) -> None:
    lost_group, lost_photo = make_group(), make_group(2)
    plans = plans_of(owner)
    photos_of(lost_photo)[2].delete()
    DuplicateGroup.objects.filter(pk=lost_group.pk).delete()
    progress = run(owner, plans)
    assert (progress.trashed, progress.left, progress.done) == (0, 2, 2)
    assert not Photo.objects.trashed().exists()


def test_plans_of_another_user_are_not_carried_out(owner: User, stranger: User, make_group: Grouper) -> None:
    make_group()
    assert run(stranger, plans_of(owner)).left == 1
    assert not Photo.objects.trashed().exists()


def test_a_killed_run_goes_on_and_does_nothing_twice(
    owner: User, make_group: Grouper, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        make_group()
    monkeypatch.setattr(resolving_many.Plans, "size", 2)
    monkeypatch.setattr(batches, "carry_on", lambda _: None)
    activity = resolving_many.make(owner, resolving.plans(resolving.open_groups(owner)), owner)
    assert batches.step(activity.pk)
    assert batches.resume_unfinished() == 1
    monkeypatch.undo()
    batches.carry_on(activity.pk)
    batches.carry_on(activity.pk)
    activity.refresh_from_db()
    assert resolving_many.progress_of(activity).trashed == Photo.objects.trashed().count() == 5


def test_groups_that_changed_are_left_alone(owner: User, make_group: Grouper) -> None:
    changed, other = make_group(), make_group()
    plans = resolving.plans(resolving.open_groups(owner))
    resolving.keep_all(owner, changed, owner)
    activity = resolving_many.make(owner, plans, owner)
    progress = resolving_many.progress_of(activity)
    assert (progress.trashed, progress.left, progress.finished) == (1, 1, True)
    assert not Photo.objects.trashed().filter(duplicate_memberships__group=changed).exists()
    assert other.members.filter(photo__trashed_at__isnull=False).exists()


# --- bursts: their photos are all different ---------------------------------------------------------------------------


def test_photos_of_a_burst_that_are_stacked_already_stay_where_they_are(owner: User, make_group: Grouper) -> None:
    group = make_group(3, tier="burst")
    best, first, *others = photos_of(group)
    own = stacks.make([best, first], best)
    (plan,) = plans_of(owner)
    assert {plan.kept, *plan.stacked} == set(others)
    assert run(owner, [plan]).stacked == 1
    assert set(own.photos.all()) == {best, first}
    assert Stack.objects.count() == 2


def test_stacked_by_hand_between_preview_and_confirmation(owner: User, make_group: Grouper) -> None:
    group = make_group(1, tier="burst")
    plans = resolving.plans(resolving.open_groups(owner))
    stacks.make(photos_of(group), photos_of(group)[1])
    progress = resolving_many.progress_of(resolving_many.make(owner, plans, owner))
    assert (progress.stacked, progress.left) == (0, 1)
