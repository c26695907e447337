"""Who is told what: only what is wanted, each thing once, and failures to administrators without asking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from notices import telling
from notices.kinds import KINDS
from notices.models import Notice, Wishes
from notices.telling import tell


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("ada", is_superuser=True, is_staff=True)


def test_nobody_is_told_what_they_did_not_ask_for(owner: User, administrator: User) -> None:
    for kind in KINDS:
        for user in (owner, administrator):
            tell(user, kind, "Something happened.", about="1")
    assert set(Notice.objects.values_list("user__username", "kind")) == {("ada", "backup"), ("ada", "disk")}


def test_what_is_wanted_is_told_once(owner: User) -> None:
    Wishes.objects.create(user=owner, bell=["share"])
    assert tell(owner, "share", "First.", "/x/", about="1")
    assert tell(owner, "share", "Again.", about="1") is None
    assert tell(owner, "share", "Another.", about="2")
    assert tell(owner, "comment", "Not wanted.", about="1") is None
    assert list(Notice.objects.order_by("pk").values_list("text", "by_mail")) == [
        ("First.", False),
        ("Another.", False),
    ]


def test_what_concerns_the_installation_is_not_for_others(owner: User) -> None:
    Wishes.objects.create(user=owner, bell=["disk"], mail=["disk"])
    assert tell(owner, "disk", "Full.", about="1") is None


def test_an_administrator_may_switch_it_off(administrator: User) -> None:
    Wishes.objects.create(user=administrator, bell=[], mail=[])
    telling.tell_administrators("disk", "Full.", about="1")
    assert not Notice.objects.exists()


def test_disabled_accounts_are_not_told(administrator: User) -> None:
    administrator.is_active = False
    assert tell(administrator, "disk", "Full.", about="1") is None


def test_long_texts_are_cut(administrator: User) -> None:
    told = tell(administrator, "disk", "x" * 1000, about="y" * 1000)
    assert told
    assert (len(told.text), len(told.about)) == (500, 120)


def test_old_notices_go(administrator: User) -> None:
    tell(administrator, "disk", "Full.", about="1")
    assert telling.forget_old() == 0
    Notice.objects.update(at=timezone.now() - telling.KEPT - timedelta(days=1))
    assert telling.forget_old() == 1
