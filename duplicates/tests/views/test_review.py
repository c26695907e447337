"""The review of duplicates: owner, stranger, anonymous, fragments, bad input."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Activity, User
from duplicates import keeping, resolving
from duplicates.models import DuplicateGroup
from duplicates.tests.conftest import Grouper, Maker, photos_of
from photos.models import PairDecision, Photo, PhotoFile, Stack

HTMX = {"HX-Request": "true"}


def decide(client: Client, group: DuplicateGroup, act: str, **data: Any) -> Any:
    return client.post(reverse("duplicates:act", args=[group.key, act]), data, headers=HTMX)


# --- the queue --------------------------------------------------------------------------------------------------------


def test_largest_saving_first_and_the_next_after_a_decision(anna: Client, make_group: Grouper) -> None:
    small, large = make_group(1), make_group(3)
    assert anna.get(reverse("duplicates:queue")).context["group"] == large
    best = photos_of(large)[0]
    answer = decide(anna, large, "keep", keep=[best.key], merge="yes")
    assert answer.context["group"] == small
    assert "3 photos moved to the trash" in answer.context["note"]
    assert answer.headers["HX-Replace-Url"].endswith(f"{small.key}/")


def test_the_fragment_and_the_page(anna: Client, make_group: Grouper) -> None:
    make_group()
    page = anna.get(reverse("duplicates:queue"))
    fragment = anna.get(reverse("duplicates:queue"), headers=HTMX)
    assert b"<html" in page.content
    assert b"<html" not in fragment.content
    assert b'id="duplicates"' in fragment.content
    assert "HX-Request" in page.headers["Vary"]


def test_an_empty_queue(anna: Client) -> None:
    assert b"No duplicates to look at" in anna.get(reverse("duplicates:queue")).content


def test_suggestion_with_its_reasons_and_what_differs(anna: Client, make_group: Grouper) -> None:
    group = make_group(1, width=400, height=300, description="By the lake")
    answer = anna.get(reverse("duplicates:group", args=[group.key]))
    first, second = answer.context["versions"]
    assert (first.suggested, second.suggested) == (True, False)
    assert "It has the most pixels" in first.reasons
    differing = {row.label for row in answer.context["facts"] if row.differs}
    assert {"Size", "Pixels", "Title, description"} <= differing
    assert "Camera" not in differing


def test_tabs_count_the_tiers_and_the_rail_all(anna: Client, make_group: Grouper) -> None:
    make_group()
    make_group(tier="edited")
    make_group(tier="burst")
    answer = anna.get(reverse("duplicates:queue"), {"tier": "burst"})
    assert [tab["count"] for tab in answer.context["tabs"]] == [1, 1, 1, 0]
    assert answer.context["group"].tier == "burst"


def test_a_group_with_one_photo_left_is_no_longer_in_the_queue(anna: Client, make_group: Grouper) -> None:
    group = make_group()
    Photo.objects.filter(pk=photos_of(group)[1].pk).trash()
    assert anna.get(reverse("duplicates:queue")).context["group"] is None
    assert "resolved already" in anna.get(reverse("duplicates:group", args=[group.key])).context["note"]


def test_queries_do_not_grow(anna: Client, make_group: Grouper) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            anna.get(reverse("duplicates:queue"))
        return len(queries)

    make_group(2)
    few = count()
    make_group(9)
    for _ in range(5):
        make_group(3)
    assert count() == few


def test_a_burst_says_nothing_about_freeing_space(anna: Client, make_group: Grouper) -> None:
    make_group(2, tier="burst")
    assert "keeping the suggested one frees" not in anna.get(reverse("duplicates:queue")).text


# --- decisions --------------------------------------------------------------------------------------------------------


def test_keeping_two_of_three_and_undo(anna: Client, owner: User, make_group: Grouper) -> None:
    group = make_group(2)
    best, one, other = photos_of(group)
    answer = decide(anna, group, "keep", keep=[best.key, one.key])
    assert set(Photo.objects.trashed()) == {other}
    assert PairDecision.objects.filter(first=best, second=one, verdict="different").exists()
    address = reverse("duplicates:undo", args=[answer.context["undoable"].pk])
    answer = anna.post(address, headers=HTMX)
    again = anna.post(address, headers=HTMX)
    assert (again.status_code, again.context["note"]) == (422, "This was undone already.")
    assert answer.context["group"] == group
    assert not Photo.objects.trashed().exists()
    assert not PairDecision.objects.exists()


def test_keeping_the_other_one_gives_it_what_the_first_knew(anna: Client, make_group: Grouper) -> None:
    group = make_group(1)
    best, copy = photos_of(group)
    Photo.objects.filter(pk=best.pk).update(favourite=True)
    decide(anna, group, "keep", keep=[copy.key], merge="yes")
    copy.refresh_from_db()
    assert copy.favourite
    assert set(Photo.objects.trashed()) == {best}


def test_without_merging(anna: Client, make_group: Grouper) -> None:
    group = make_group(1, favourite=True)
    best, _ = photos_of(group)
    decide(anna, group, "keep", keep=[best.key])
    best.refresh_from_db()
    assert not best.favourite


def test_keep_all_and_stack(anna: Client, make_group: Grouper) -> None:
    kept, stacked = make_group(), make_group()
    decide(anna, kept, "keep-all")
    decide(anna, stacked, "stack")
    assert PairDecision.objects.count() == 1
    assert Stack.objects.get().photos.count() == 2
    assert not resolving.open_groups(kept.owner).exists()


@pytest.mark.parametrize("data", [{}, {"keep": "nobody"}])
def test_keeping_none_is_refused(anna: Client, make_group: Grouper, data: dict[str, str]) -> None:
    group = make_group()
    answer = decide(anna, group, "keep", **data)
    assert answer.status_code == 422
    assert "at least one" in answer.context["note"]
    assert not Photo.objects.trashed().exists()


def test_deciding_twice_changes_nothing_more(anna: Client, make_group: Grouper) -> None:
    group = make_group()
    best = photos_of(group)[0]
    decide(anna, group, "keep", keep=[best.key])
    assert decide(anna, group, "keep-all").status_code == 422
    assert not PairDecision.objects.exists()


def test_kept_photo_that_went_to_the_trash_meanwhile(owner: User, make_group: Grouper) -> None:
    plan = resolving.plan(make_group())
    Photo.objects.filter(pk=plan.kept.pk).trash()
    with pytest.raises(resolving.CannotResolve):
        resolving.keep_best(owner, [plan], owner)
    assert Photo.objects.present().count() == 1


def test_without_javascript_a_decision_leads_on(anna: Client, make_group: Grouper) -> None:
    following, group = make_group(1), make_group(2)
    address = reverse("duplicates:act", args=[group.key, "keep-all"])
    assert anna.post(address).headers["Location"] == reverse("duplicates:group", args=[following.key])


def test_paired_photos_are_never_suggested_for_removal(owner: User, make_group: Grouper) -> None:
    group = make_group(2)
    best, jpeg, copy = photos_of(group)
    stack = Stack.objects.create(owner=owner, kind=Stack.Kind.RAW, cover=jpeg)
    Photo.objects.filter(pk=jpeg.pk).update(stack=stack)
    (waiting,) = resolving.open_groups(owner)
    assert resolving.plan(waiting).removed == (copy,)
    (plan,) = resolving.plans([waiting])
    assert (plan.kept, plan.removed) == (best, (copy,))


# --- rules ------------------------------------------------------------------------------------------------------------


def test_rules_are_ordered_by_the_owner(anna: Client, owner: User, stranger: User, make_group: Grouper) -> None:
    group = make_group(1, camera_model="EOS")
    best, described = photos_of(group)
    address = reverse("duplicates:rules")
    assert anna.get(reverse("duplicates:queue")).context["plan"].kept == best
    answer = anna.post(address, {"move": "original:up", "group": group.key}, headers=HTMX)
    assert answer.context["plan"].kept == described
    assert keeping.order_of(owner)[:2] == ("original", "pixels")
    assert keeping.order_of(stranger) == keeping.ORDER
    assert 'id="rules" popover aria-labelledby="rules-title" data-open' in anna.get(address).content.decode()
    assert anna.post(address, {"move": "nonsense:up"}).status_code == 404
    assert anna.post(address, {"move": "original:sideways"}).status_code == 404


# --- whose ------------------------------------------------------------------------------------------------------------


def test_strangers_find_nothing(client: Client, stranger: User, owner: User, make_group: Grouper) -> None:
    group = make_group()
    activity = resolving.keep_all(owner, group, owner)
    client.force_login(stranger)
    assert client.get(reverse("duplicates:queue")).context["group"] is None
    assert client.get(reverse("duplicates:group", args=[group.key])).status_code == 404
    assert decide(client, group, "keep-all").status_code == 404
    assert client.post(reverse("duplicates:undo", args=[activity.pk])).status_code == 404
    activity.refresh_from_db()
    assert activity.undone_at is None


@pytest.mark.parametrize("name", ["queue", "exact"])
def test_signed_out(client: Client, db: None, name: str) -> None:
    assert client.get(reverse(f"duplicates:{name}")).status_code == 302


def test_bad_addresses(anna: Client, make_group: Grouper) -> None:
    group = make_group()
    assert decide(anna, group, "burn").status_code == 404
    assert anna.get(reverse("duplicates:act", args=[group.key, "keep"])).status_code == 405
    assert anna.get(reverse("duplicates:queue"), {"tier": "nonsense"}).status_code == 200


def test_undo_of_another_kind_of_activity(anna: Client, owner: User) -> None:
    other = Activity.objects.create(owner=owner, actor=owner, verb="changed", target_type="photos")
    assert anna.post(reverse("duplicates:undo", args=[other.pk])).status_code == 404


# --- the very same bytes ----------------------------------------------------------------------------------------------


def test_same_file_in_two_places(anna: Client, make_photo: Maker) -> None:
    photo = make_photo(in_place=True, path="/photos/a.jpg")
    PhotoFile.objects.create(photo=photo, kind="copy", path="/backup/a.jpg", in_place=True, sha256="1" * 64, size=1000)
    make_photo()
    answer = anna.get(reverse("duplicates:exact"))
    assert [(row[0], [file.path for file in row[1]]) for row in answer.context["rows"]] == [(photo, ["/backup/a.jpg"])]
    assert answer.context["wasted"] == 1000
