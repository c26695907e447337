"""Which version of a picture to keep: the rules, their order, and their reasons."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from duplicates import keeping
from duplicates.keeping import ORDER, RULES
from duplicates.models import DuplicateRules
from photos.models import Photo, Stack

Maker = Callable[..., Photo]
RAW = "image/x-adobe-dng"


@pytest.mark.parametrize(
    ("rule", "better", "worse"),
    [
        ("pixels", {"width": 40, "height": 30}, {"width": 10, "height": 100}),
        ("pixels", {"width": 1, "height": 1}, {"width": None, "height": None}),
        ("original", {"media_type": RAW}, {"camera_model": "X100"}),
        ("original", {"camera_model": "X100"}, {}),
        ("original", {"camera_make": "Fujifilm"}, {}),
        ("place", {"latitude": 0.0, "longitude": 0.0}, {}),
        ("size", {"size": 1001}, {"size": 1000}),
        ("curated", {"favourite": True}, {}),
        ("curated", {"rating": 1}, {"rating": 0}),
        ("curated", {"description": "On the beach"}, {}),
        ("curated", {"title": "Beach"}, {}),
        ("curated", {"title": "Beach", "rating": 3}, {"favourite": True}),
        ("curated", {}, {"archived": True}),
    ],
)
def test_each_rule_prefers_one_of_two(
    make_photo: Maker, rule: str, better: dict[str, Any], worse: dict[str, Any]
) -> None:
    wanted, other = make_photo(**better), make_photo(**worse)
    assert RULES[rule].value(wanted) > RULES[rule].value(other)
    assert keeping.ranked([other, wanted], (rule,)) == [wanted, other]


@pytest.mark.parametrize("fields", [{"width": None, "height": 300}, {"width": 400, "height": None}])
def test_a_size_with_one_side_missing_does_not_count(make_photo: Maker, fields: dict[str, Any]) -> None:
    assert keeping.pixels(make_photo(**fields)) == 0


def test_the_older_photo_in_the_library_is_preferred(make_photo: Maker) -> None:
    early, late = make_photo(), make_photo()
    early.added_at = late.added_at - timedelta(seconds=1)
    assert keeping.ranked([late, early], ("oldest",)) == [early, late]


@pytest.mark.parametrize(
    ("fields", "value"),
    [({"media_type": RAW}, 2), ({"camera_model": "X100", "camera_make": "Fujifilm"}, 1), ({}, 0)],
)
def test_originality(make_photo: Maker, fields: dict[str, Any], value: float) -> None:
    assert keeping.originality(make_photo(**fields)) == value


def test_the_weightiest_rule_that_can_decide_does(make_photo: Maker) -> None:
    large = make_photo(width=4000, height=3000)
    described = make_photo(width=400, height=300, camera_model="X100")
    assert keeping.ranked([described, large]) == [large, described]
    assert keeping.ranked([described, large], ("original", "pixels")) == [described, large]
    same = make_photo(width=4000, height=3000, camera_model="X100")
    assert keeping.ranked([large, same])[0] == same


def test_the_lower_id_wins_among_equals(make_photo: Maker) -> None:
    first, second = make_photo(), make_photo()
    assert keeping.ranked([second, first], ("pixels",)) == [first, second]


def test_a_frame_comes_last_whatever_the_rules(make_photo: Maker) -> None:
    framed, plain = make_photo(width=4000, height=3000, size=9000), make_photo(size=1)
    assert keeping.ranked([framed, plain], framed={framed.pk}) == [plain, framed]
    suggestion = keeping.suggest([framed, plain], framed={framed.pk})
    assert suggestion.photo == plain
    assert suggestion.reasons[0] == "It is the picture without a frame or a screen around it"
    assert keeping.suggest([framed, plain], framed={framed.pk, plain.pk}).photo == framed
    assert "frame" not in str(keeping.suggest([framed, plain], framed={framed.pk, plain.pk}).reasons)


def test_the_reasons_are_the_rules_in_which_it_is_best_and_another_is_worse(make_photo: Maker) -> None:
    best = make_photo(width=4000, height=3000, size=5000, latitude=1.0, longitude=1.0)
    make = {"width": 400, "height": 300, "latitude": 1.0, "longitude": 1.0, "favourite": True}
    other, third = make_photo(size=5000, **make), make_photo(size=4000, **make)
    for photo in (other, third):
        photo.added_at = best.added_at
    suggestion = keeping.suggest([third, other, best])
    assert suggestion.photo == best
    assert suggestion.reasons == ("It has the most pixels", "It is the least compressed")
    assert keeping.suggest([third, other, best], ("size", "pixels")).reasons == (
        "It is the least compressed",
        "It has the most pixels",
    )


def test_every_reason_in_words(make_photo: Maker) -> None:
    fields: dict[str, Any] = {"media_type": RAW, "latitude": 1.0, "longitude": 1.0, "favourite": True, "size": 2}
    best, other = make_photo(width=2, height=2, **fields), make_photo(width=1, height=1, size=1)
    assert keeping.suggest([other, best]).reasons == (
        "It has the most pixels",
        "It is as the camera made it",
        "It has a place",
        "It is the least compressed",
        "You have worked on it",
        "You have had it longest",
    )


def test_a_rule_carries_its_name_and_a_label() -> None:
    assert [(name, rule.name) for name, rule in RULES.items()] == [(name, name) for name in ORDER]
    assert all(rule.label and rule.reason for rule in RULES.values())


@pytest.mark.parametrize(
    ("kind", "paired"), [(Stack.Kind.RAW, True), (Stack.Kind.LIVE, True), (Stack.Kind.BURST, False), (None, False)]
)
def test_halves_of_a_pair(owner: User, make_photo: Maker, kind: Stack.Kind | None, paired: bool) -> None:
    stack = Stack.objects.create(owner=owner, kind=kind) if kind else None
    assert keeping.is_paired(make_photo(stack=stack)) is paired


def test_the_owners_order_with_new_rules_last_and_unknown_ones_left_out(owner: User, stranger: User) -> None:
    assert keeping.order_of(owner) == ORDER
    DuplicateRules.objects.create(owner=owner, order=["size", "colour", "size", "oldest"])
    assert keeping.order_of(owner) == ("size", "oldest", "pixels", "original", "place", "curated")
    assert keeping.order_of(stranger) == ORDER


@pytest.mark.parametrize(
    ("name", "steps", "order"),
    [
        ("place", -1, ("pixels", "place", "original", "size", "curated", "oldest")),
        ("place", 1, ("pixels", "original", "size", "place", "curated", "oldest")),
        ("place", 2, ("pixels", "original", "size", "curated", "place", "oldest")),
        ("pixels", -1, ORDER),
        ("place", -9, ("place", "pixels", "original", "size", "curated", "oldest")),
        ("oldest", 1, ORDER),
    ],
)
def test_a_rule_is_moved(owner: User, name: str, steps: int, order: tuple[str, ...]) -> None:
    assert keeping.move_rule(owner, name, steps) == order
    assert keeping.order_of(owner) == order


def test_moving_twice_and_moving_no_rule(owner: User, stranger: User) -> None:
    keeping.move_rule(owner, "size", -3)
    assert keeping.move_rule(owner, "size", 1)[:2] == ("pixels", "size")
    assert DuplicateRules.objects.count() == 1
    with pytest.raises(KeyError):
        keeping.move_rule(owner, "colour", 1)
    assert keeping.order_of(stranger) == ORDER


def test_rules_in_the_order_asked_for(make_photo: Maker) -> None:
    large = make_photo(width=4000, height=3000, size=100)
    described = make_photo(width=400, height=300, size=200, camera_model="EOS")
    assert keeping.suggest([described, large]).photo == large
    suggestion = keeping.suggest([described, large], ("original", "pixels"))
    assert suggestion.photo == described
    assert suggestion.reasons == ("It is as the camera made it",)


def test_reasons_name_what_is_better(make_photo: Maker) -> None:
    best = make_photo(width=4000, height=3000, latitude=1.0, longitude=1.0)
    suggestion = keeping.suggest([best, make_photo()])
    assert suggestion.reasons[:2] == ("It has the most pixels", "It has a place")
