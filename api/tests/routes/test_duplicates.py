"""Duplicate groups over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from duplicates.models import DuplicateGroup, DuplicateMember
from photos.models import Photo, Stack

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


def test_duplicates_are_resolved(ask: Any, owner: User, make_photo: Any) -> None:
    small, large = make_photo(width=400, height=300), make_photo(width=4000, height=3000, size=5000)
    group = DuplicateGroup.objects.create(owner=owner, tier="same", saving=1000)
    for photo in (small, large):
        DuplicateMember.objects.create(group=group, photo=photo, role="copy", similarity=1)
    (told,) = ask("GET", "/duplicates").json()["groups"]
    assert told["suggested"] == large.key
    path = f"/duplicates/{group.key}"
    assert ask("POST", f"{path}/keep", json={"keys": ["other"]}).status_code == 422
    assert ask("POST", f"{path}/keep", json={}).json() == {"keys": [small.key]}
    small.refresh_from_db()
    assert small.trashed_at is not None
    assert ask("GET", "/duplicates").json() == {"groups": [], "next": None}
    assert ask("POST", f"{path}/keep-all").status_code == 409


def test_pages_of_duplicates_lose_none_when_one_is_resolved(
    ask: Ask, owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.routes.duplicates.PAGE", 2)
    groups = [DuplicateGroup.objects.create(owner=owner, tier="same", saving=saving) for saving in (5, 5, 9, 1)]
    for group in groups:
        for _ in range(2):
            DuplicateMember.objects.create(group=group, photo=make_photo(), role="copy", similarity=1)
    first = ask("GET", "/duplicates").json()
    assert [one["saving"] for one in first["groups"]] == [9, 5]
    ask("POST", f"/duplicates/{first['groups'][0]['key']}/keep-all")  # the rows move up meanwhile
    second = ask("GET", f"/duplicates?cursor={first['next']}").json()
    assert [one["key"] for one in second["groups"]] == [groups[0].key, groups[3].key]
    assert second["next"] is None
    assert ask("GET", "/duplicates?cursor=50").status_code == 422


@pytest.fixture
def group(owner: User, make_photo: Maker) -> DuplicateGroup:
    """Two copies, the second one the better."""
    group = DuplicateGroup.objects.create(owner=owner, tier="same", saving=1000)
    for photo in (make_photo(width=400, height=300), make_photo(width=4000, height=3000, size=5000)):
        DuplicateMember.objects.create(group=group, photo=photo, role="copy", similarity=1)
    return group


def photos_in(group: DuplicateGroup) -> list[Photo]:
    return list(Photo.objects.filter(pk__in=group.members.values("photo")).order_by("pk"))


def test_another_photo_than_the_suggested_one_is_kept(ask: Ask, group: DuplicateGroup) -> None:
    small, large = photos_in(group)
    assert ask("POST", f"/duplicates/{group.key}/keep", json={"keys": [small.key]}).json() == {"keys": [large.key]}
    assert [photo.trashed_at is None for photo in photos_in(group)] == [True, False]


def test_the_kept_photo_takes_over_what_the_others_have_unless_refused(ask: Ask, group: DuplicateGroup) -> None:
    small, large = photos_in(group)
    ask("PATCH", f"/photos/{small.key}", json={"favourite": True})
    body = {"keys": [large.key], "merge": False}
    ask("POST", f"/duplicates/{group.key}/keep", json=body)
    assert not Photo.objects.get(pk=large.pk).favourite
    ask("POST", f"/changes/{ask('GET', '/changes').json()['changes'][0]['id']}/undo")
    ask("POST", f"/duplicates/{group.key}/keep", json={**body, "merge": True})
    assert Photo.objects.get(pk=large.pk).favourite


@pytest.mark.parametrize("decision", ["keep-all", "stack"])
def test_all_photos_of_a_group_are_kept(ask: Ask, group: DuplicateGroup, decision: str) -> None:
    assert ask("POST", f"/duplicates/{group.key}/{decision}").json() == {"keys": []}
    photos = photos_in(group)
    assert [photo.trashed_at for photo in photos] == [None, None]
    assert (photos[0].stack is not None) is (decision == "stack")
    assert ask("GET", "/duplicates").json()["groups"] == []


def test_groups_of_one_tier(ask: Ask, group: DuplicateGroup) -> None:
    assert len(ask("GET", "/duplicates?tier=same").json()["groups"]) == 1
    assert ask("GET", "/duplicates?tier=burst").json()["groups"] == []
    assert ask("GET", "/duplicates?tier=alike").status_code == 422


def test_a_burst_is_stacked_unless_its_photos_are_named(ask: Ask, group: DuplicateGroup) -> None:
    DuplicateGroup.objects.update(tier="burst")
    small, large = photos_in(group)
    assert ask("POST", f"/duplicates/{group.key}/keep", json={}).json() == {"keys": []}
    assert [photo.trashed_at for photo in photos_in(group)] == [None, None]
    assert photos_in(group)[0].stack == Stack.objects.get(kind="burst", cover=large)
    ask("POST", f"/changes/{ask('GET', '/changes').json()['changes'][0]['id']}/undo")
    assert not Stack.objects.exists()
    assert ask("POST", f"/duplicates/{group.key}/keep", json={"keys": [large.key]}).json() == {"keys": [small.key]}


def test_a_photo_of_a_screen_is_not_suggested(ask: Ask, group: DuplicateGroup) -> None:
    small, large = photos_in(group)
    group.members.filter(photo=small).update(evidence={"framed": large.pk})
    (told,) = ask("GET", "/duplicates").json()["groups"]
    assert told["suggested"] == small.key


def test_a_group_whose_photos_are_gone_is_left_out(ask: Ask, group: DuplicateGroup) -> None:
    ask("DELETE", f"/photos/{photos_in(group)[0].key}")
    assert ask("GET", "/duplicates").json()["groups"] == []


def test_a_strangers_group_is_404(program: Any, stranger: User, group: DuplicateGroup) -> None:
    other = program(stranger)
    assert other("GET", "/duplicates").json()["groups"] == []
    for decision in ("keep", "keep-all", "stack"):
        assert other("POST", f"/duplicates/{group.key}/{decision}", json={}).status_code == 404
    assert not Photo.objects.exclude(trashed_at=None).exists()
