"""Duplicates in Django's admin: shown, resolved for their owner, opened again."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Activity, User
from duplicates.models import DuplicateGroup, DuplicateMember, DuplicateRules
from photos.models import PairDecision, Photo, Stack
from photos.storage import paths


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.fixture
def group(owner: User, make_photo: Callable[..., Photo]) -> DuplicateGroup:
    made = DuplicateGroup.objects.create(owner=owner, tier="same", saving=1000)
    for role, width in (("best", 4000), ("copy", 400)):
        photo = make_photo(width=width)
        DuplicateMember.objects.create(group=made, photo=photo, role=role, similarity=1.0)
    return made


def test_duplicates_are_shown_and_resolved_for_their_owner(administrator: Client, group: DuplicateGroup) -> None:
    address = reverse("admin:duplicates_duplicategroup_changelist")
    assert administrator.get(address).content.count(b"/picture/") == 2
    assert administrator.get(reverse("admin:duplicates_duplicategroup_change", args=[group.pk])).status_code == 200
    for _ in range(2):  # twice is once
        administrator.post(address, {"action": "keep_best", "_selected_action": [group.pk]})
        group.refresh_from_db()
        assert group.status == "resolved"
        assert Photo.objects.trashed().get().width == 400
    assert Activity.objects.get(target_type="duplicates").owner == group.owner


def test_duplicates_are_kept_as_different_and_opened_again(administrator: Client, group: DuplicateGroup) -> None:
    address = reverse("admin:duplicates_duplicategroup_changelist")
    administrator.post(address, {"action": "keep_all", "_selected_action": [group.pk]})
    assert PairDecision.objects.count() == 1
    administrator.post(address, {"action": "open_again", "_selected_action": [group.pk]})
    group.refresh_from_db()
    assert group.status == "open"


def test_pictures_of_duplicates_are_for_administrators(
    administrator: Client, group: DuplicateGroup, owner: User, make_photo: Callable[..., Photo]
) -> None:
    photo = group.members.select_related("photo")[0].photo
    folder = paths.derived_folder(photo.sha256)
    folder.mkdir(parents=True)
    (folder / "small.webp").write_bytes(b"picture")
    address = reverse("admin:duplicates_duplicategroup_picture", args=[photo.pk])
    assert administrator.get(address).getvalue() == b"picture"
    alone = reverse("admin:duplicates_duplicategroup_picture", args=[make_photo().pk])
    assert administrator.get(alone).status_code == 404
    administrator.force_login(owner)
    assert administrator.get(address).status_code == 302


def test_the_best_of_a_burst_is_kept_on_top_of_the_others(administrator: Client, group: DuplicateGroup) -> None:
    DuplicateGroup.objects.update(tier="burst")
    act(administrator, "keep_best", group)
    assert not Photo.objects.trashed().exists()
    stack = Stack.objects.get()
    assert stack.cover is not None
    assert (stack.photos.count(), stack.cover.width) == (2, 4000)


LIST = "/admin/duplicates/duplicategroup/"


def act(administrator: Client, action: str, *groups: DuplicateGroup) -> str:
    """Run an action on these groups. Returns the page that follows."""
    data = {"action": action, "_selected_action": [group.pk for group in groups]}
    return administrator.post(LIST, data, follow=True).text


def test_resolved_groups_are_counted_and_skipped(
    administrator: Client, group: DuplicateGroup, owner: User, make_photo: Callable[..., Photo]
) -> None:
    other = DuplicateGroup.objects.create(owner=owner, tier="same", status="kept")
    for _ in range(2):
        DuplicateMember.objects.create(group=other, photo=make_photo(), role="copy", similarity=1.0)
    assert "1 resolved. 1 was resolved already." in act(administrator, "keep_best", group, other)
    assert "1 open again." in act(administrator, "open_again", group)


def test_the_owners_rules_decide_and_the_administrator_is_recorded(
    administrator: Client, group: DuplicateGroup
) -> None:
    DuplicateRules.objects.create(owner=group.owner, order=["original"])
    narrow = group.members.get(role="copy").photo
    Photo.objects.filter(pk=narrow.pk).update(camera_model="EOS")
    act(administrator, "keep_best", group)
    assert Photo.objects.trashed().get().width == 4000
    activity = Activity.objects.get()
    assert (activity.owner, activity.actor) == (group.owner, User.objects.get(username="administrator"))


def test_read_only_staff_cannot_decide(client: Client, group: DuplicateGroup) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(*Permission.objects.filter(codename="view_duplicategroup"))
    client.force_login(looker)
    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {"action": "keep_best", "_selected_action": [group.pk]}).status_code == 403
    assert not Photo.objects.trashed().exists()
    other = User.objects.create_user("other", is_staff=True)
    client.force_login(other)
    photo = group.members.all()[0].photo
    assert client.get(f"{LIST}picture/{photo.pk}/").status_code == 403


def test_a_missing_thumbnail_is_404(administrator: Client, group: DuplicateGroup) -> None:
    photo = group.members.select_related("photo")[0].photo
    assert administrator.get(f"{LIST}picture/{photo.pk}/").status_code == 404


def test_a_few_pictures_of_a_large_group_are_shown(
    administrator: Client, group: DuplicateGroup, make_photo: Callable[..., Photo]
) -> None:
    for _ in range(6):
        photo = make_photo(trashed_at=timezone.now())
        DuplicateMember.objects.create(group=group, photo=photo, role="copy", similarity=1.0)
    text = administrator.get(LIST).text
    assert text.count("/picture/") == 6
    assert " +2" in text
    assert "in the trash" in text


def test_nobody_makes_groups_by_hand(administrator: Client, group: DuplicateGroup) -> None:
    assert administrator.get(f"{LIST}add/").status_code == 403
    assert 'name="members-MAX_NUM_FORMS" value="0"' in administrator.get(f"{LIST}{group.pk}/change/").text
