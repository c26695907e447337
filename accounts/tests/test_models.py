"""Users and their rows: roles, usable tokens, and what logs keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity, BrowserSession, Invitation, Lockout, Role, SecurityEvent, Token, User


@pytest.mark.parametrize(
    ("role", "flags"),
    [
        (Role.ADMINISTRATOR, (True, True, False)),
        (Role.MEMBER, (False, False, False)),
        (Role.GUEST, (False, False, True)),
    ],
)
def test_a_role_is_its_flags(role: Role, flags: tuple[bool, ...]) -> None:
    for before in Role:
        user = User()
        user.set_role(before)
        user.set_role(role)
        assert (user.is_staff, user.is_superuser, user.is_guest) == flags
        assert user.role == role
        assert user.may_upload is (role != Role.GUEST)


def test_staff_without_superuser_are_members() -> None:
    assert User(is_staff=True).role == Role.MEMBER


NOW = timezone.now()


@pytest.mark.parametrize(
    ("expires_at", "is_active", "usable"),
    [
        (None, True, True),
        (NOW + timedelta(days=1), True, True),
        (NOW - timedelta(seconds=1), True, False),
        (None, False, False),
    ],
)
def test_tokens_that_may_be_used(member: User, expires_at: Any, is_active: bool, usable: bool) -> None:
    member.is_active = is_active
    member.save()
    token = Token.objects.create(user=member, name="laptop", token_hash="x", expires_at=expires_at)
    assert (token in Token.objects.usable()) is usable
    assert token.is_expired is (expires_at is not None and expires_at < NOW)


def test_activities_newest_first(member: User) -> None:
    old, same, new = (Activity.objects.create(owner=member, verb="trashed") for _ in range(3))
    Activity.objects.filter(pk=old.pk).update(at=NOW + timedelta(days=1))
    Activity.objects.filter(pk__in=[same.pk, new.pk]).update(at=NOW)
    assert list(Activity.objects.newest_first()) == [old, new, same]


def test_names_of_rows(member: User) -> None:
    rows = [
        Token(name="laptop"),
        Invitation(role=Role.GUEST, email="gus@example.org"),
        Invitation(role=Role.MEMBER),
        BrowserSession(user=member, address="192.0.2.1"),
        Lockout(key="sign-in 192.0.2.1 mia"),
        SecurityEvent(actor_name="mia", verb="made a link", subject="Norway"),
        SecurityEvent(verb="locked out"),
        Activity(verb="trashed", target_type="photo", target_id=7),
        Activity(verb="edited", target_type="photos"),
    ]
    assert [str(row) for row in rows] == [
        "laptop",
        "guest gus@example.org",
        "member",
        f"{member.pk} from 192.0.2.1",
        "sign-in 192.0.2.1 mia",
        "mia made a link Norway",
        "locked out",
        "trashed photo 7",
        "edited photos",
    ]


def test_the_log_outlives_its_users(administrator: User, member: User) -> None:
    event = SecurityEvent.objects.create(verb="made a link", actor=member, actor_name="mia")
    activity = Activity.objects.create(owner=administrator, actor=member, verb="trashed")
    member.delete()
    for row in (event, activity):
        row.refresh_from_db()
        assert row.actor is None
    assert event.actor_name == "mia"
