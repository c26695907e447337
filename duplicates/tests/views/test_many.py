"""Resolving many groups at once: the preview, the confirmation, the progress, the undo."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Activity, User
from duplicates import resolving, resolving_many
from duplicates.tests.conftest import Grouper, photos_of
from mirage.testing.html import folded
from photos.models import Photo, Stack

HTMX = {"HX-Request": "true"}


def resolve(client: Client, **data: Any) -> Any:
    context = client.get(reverse("duplicates:many"), {"tier": "same"}).context
    values = {"tier": "same", "digest": context["digest"], "merge": "yes", **data}
    return client.post(reverse("duplicates:resolve_many"), values, headers=HTMX)


def test_exactly_what_was_previewed_is_trashed_and_restored(anna: Client, make_group: Grouper) -> None:
    groups = [make_group(2) for _ in range(3)]
    edited = make_group(1, tier="edited")
    context = anna.get(reverse("duplicates:many"), {"tier": "same"}).context
    going = {photo.pk for plan in context["page"] for photo in plan.removed}
    assert context["going"] == len(going) == 6
    answer = resolve(anna, without=[groups[0].key])
    trashed = set(Photo.objects.trashed().values_list("pk", flat=True))
    assert trashed == going - {photo.pk for photo in photos_of(groups[0])}
    assert answer.context["progress"].trashed == 4
    assert answer.context["progress"].saved == sum(p.size for p in Photo.objects.trashed())
    assert set(resolving.open_groups(edited.owner)) == {groups[0], edited}
    address = reverse("duplicates:undo_many", args=[answer.context["activity"].pk])
    assert anna.post(address, headers=HTMX).context["progress"].undone
    assert anna.post(address, headers=HTMX).status_code == 422
    assert not Photo.objects.trashed().exists()


def test_nothing_is_trashed_that_was_not_previewed(anna: Client, make_group: Grouper) -> None:
    make_group()
    old = anna.get(reverse("duplicates:many"), {"tier": "same"}).context["digest"]
    make_group()
    answer = resolve(anna, digest=old)
    assert answer.status_code == 422
    assert answer.context["changed"]
    assert answer.context["going"] == 2
    assert not Photo.objects.trashed().exists()


def test_more_rows_follow(anna: Client, make_group: Grouper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duplicates.views.many.SHOWN", 2)
    for _ in range(3):
        make_group()
    first = anna.get(reverse("duplicates:many"), {"tier": "same"})
    second = anna.get(reverse("duplicates:many"), {"tier": "same", "page": "2"}, headers=HTMX)
    assert first.content.count(b'class="many-group"') == 2
    assert second.content.count(b'class="many-group"') == 1
    assert b"<form" not in second.content


def test_many_bursts_are_stacked_and_nothing_is_trashed(anna: Client, owner: User, make_group: Grouper) -> None:
    groups = [make_group(2, tier="burst") for _ in range(2)]
    page = anna.get(reverse("duplicates:many"), {"tier": "burst"})
    assert page.context["going"] == 0
    assert "Stack 6 photos as 2 tiles" in folded(page.text)
    assert "to the trash" not in folded(page.text).replace("Nothing goes to the trash", "")
    answer = resolve(anna, tier="burst", digest=page.context["digest"])
    progress = answer.context["progress"]
    assert (progress.stacked, progress.trashed) == (2, 0)
    assert "2 bursts stacked" in folded(answer.text)
    assert not Photo.objects.trashed().exists()
    for group in groups:
        best, *others = photos_of(group)
        assert best.stack is not None
        assert (best.stack.kind, best.stack.cover_id) == ("burst", best.pk)
        assert {photo.stack_id for photo in others} == {best.stack_id}
    assert "Stacked 2 bursts" in anna.get(reverse("accounts:history")).text
    address = reverse("duplicates:undo_many", args=[answer.context["activity"].pk])
    assert anna.post(address, headers=HTMX).context["progress"].undone
    assert not Stack.objects.exists()
    assert set(resolving.open_groups(owner)) == set(groups)


def test_strangers_see_no_progress_and_undo_nothing(
    client: Client, stranger: User, owner: User, make_group: Grouper
) -> None:
    make_group()
    activity = resolving_many.make(owner, resolving.plans(resolving.open_groups(owner)), owner)
    client.force_login(stranger)
    assert client.get(reverse("duplicates:many"), {"tier": "same"}).context["going"] == 0
    assert client.get(reverse("duplicates:many_progress", args=[activity.pk])).status_code == 404
    assert client.post(reverse("duplicates:undo_many", args=[activity.pk])).status_code == 404
    activity.refresh_from_db()
    assert activity.undone_at is None


def test_signed_out(client: Client, db: None) -> None:
    assert client.get(reverse("duplicates:many")).status_code == 302


def test_bad_addresses(anna: Client, owner: User) -> None:
    assert anna.get(reverse("duplicates:many"), {"tier": "stack"}).status_code == 404
    other = Activity.objects.create(owner=owner, actor=owner, verb="changed", target_type="photos")
    assert anna.post(reverse("duplicates:undo_many", args=[other.pk])).status_code == 404
