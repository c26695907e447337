"""The first step that tells of other programs, before somebody names everybody again."""

from collections.abc import Callable

import pytest

from accounts.models import User
from photos import first_run
from photos.models import Photo
from switching.models import Switch

pytestmark = pytest.mark.django_db


def step_of(user: User) -> first_run.Card | None:
    return next((card for card in first_run.cards(user) if card.name == "switching"), None)


def test_it_comes_first_and_goes_when_something_was_brought(owner: User, make_photo: Callable[..., Photo]) -> None:
    card = step_of(owner)
    assert card is not None
    assert not card.ready
    make_photo()
    cards = first_run.cards(owner)
    assert (cards[0].name, cards[0].ready) == ("switching", True)
    switch = Switch.objects.create(owner=owner, program="immich", path="x")
    assert step_of(owner)
    switch.activity = owner.activities.create(verb="switching.brought")
    switch.save()
    assert step_of(owner) is None


def test_guests_have_no_such_step(owner: User) -> None:
    owner.is_guest = True
    owner.save()
    assert step_of(owner) is None
