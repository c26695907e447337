"""Users in the administration: every change is logged, and forbidden changes are impossible."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts import activity
from accounts.admin import plain
from accounts.models import Activity, BrowserSession, Invitation, Lockout, Role, SecurityEvent, Token, User
from accounts.security import tokens

NEW = "a long new password"


@pytest.fixture
def ada(administrator: User, enter: Callable[[User], Any]) -> Any:
    return enter(administrator)


def last_event() -> SecurityEvent:
    return SecurityEvent.objects.order_by("-pk").first()


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    """The data that the user's form sends."""
    joined = timezone.localtime(user.date_joined)
    day, clock = joined.strftime("%Y-%m-%d"), joined.strftime("%H:%M:%S")
    data = {
        "username": user.username,
        "email": user.email,
        "theme": user.theme,
        "date_joined_0": day,
        "date_joined_1": clock,
        "initial-date_joined_0": day,
        "initial-date_joined_1": clock,
        "is_active": "on",
        "automatic_labels": "on",
        "memories": "on",
    }
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def test_an_account_is_made(ada: Any) -> None:
    answer = ada.post(
        "/admin/accounts/user/add/",
        {"username": "zoe", "usable_password": "true", "password1": NEW, "password2": NEW},
    )
    assert answer.status_code == 302
    assert User.objects.get(username="zoe").check_password(NEW)
    event = last_event()
    assert (event.verb, event.subject, event.actor_name) == ("made an account", "zoe", "ada")
    assert NEW not in str(event.detail)


def test_changes_are_logged_with_the_old_value(ada: Any, member: User) -> None:
    address = f"/admin/accounts/user/{member.pk}/change/"
    assert ada.post(address, form_of(member, email="new@example.org", quota_bytes="5")).status_code == 302
    event = last_event()
    assert (event.verb, event.subject) == ("changed an account", "mia")
    assert event.detail["changed"] == {"email": ["mia@example.org", "new@example.org"], "quota_bytes": [None, 5]}


def test_saving_without_a_change_is_not_logged(ada: Any, member: User) -> None:
    before = SecurityEvent.objects.count()
    assert ada.post(f"/admin/accounts/user/{member.pk}/change/", form_of(member)).status_code == 302
    assert SecurityEvent.objects.count() == before


def test_a_password_is_reset(ada: Any, member: User) -> None:
    answer = ada.post(
        f"/admin/accounts/user/{member.pk}/password/",
        {"usable_password": "true", "password1": NEW, "password2": NEW},
    )
    assert answer.status_code == 302
    member.refresh_from_db()
    assert member.check_password(NEW)
    event = last_event()
    assert (event.verb, event.subject) == ("reset a password", "mia")
    assert NEW not in str(event.detail)


def test_a_refused_password_is_not_logged(ada: Any, member: User) -> None:
    before = SecurityEvent.objects.count()
    data = {"usable_password": "true", "password1": "short", "password2": "other"}
    assert ada.post(f"/admin/accounts/user/{member.pk}/password/", data).status_code == 200
    assert SecurityEvent.objects.count() == before


def test_accounts_are_not_deleted_here(ada: Any, member: User) -> None:
    assert ada.post(f"/admin/accounts/user/{member.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=member.pk).exists()


# --- groups ----------------------------------------------------------------------------------------------------------


def test_changed_permissions_are_logged(ada: Any) -> None:
    assert ada.post("/admin/auth/group/add/", {"name": "helpers"}).status_code == 302
    event = last_event()
    assert (event.verb, event.subject) == ("changed a setting", "group helpers")
    group = Group.objects.get()
    assert ada.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 302
    assert last_event().detail["deleted"] is True
    assert not Group.objects.exists()


def test_deleting_several_groups_writes_a_line_for_each(ada: Any) -> None:
    groups = [Group.objects.create(name=name) for name in ("a", "b")]
    data = {"action": "delete_selected", "_selected_action": [group.pk for group in groups], "post": "yes"}
    assert ada.post("/admin/auth/group/", data).status_code == 302
    subjects = SecurityEvent.objects.filter(verb="changed a setting").values_list("subject", flat=True)
    assert set(subjects) == {"group a", "group b"}


# --- what is only shown ----------------------------------------------------------------------------------------------


@pytest.fixture
def rows(administrator: User, member: User) -> None:
    Activity.objects.create(owner=member, actor=member, verb="trashed", target_type="photo", target_id=1)
    activity.record("made a link", actor=member, subject="Norway")
    tokens.issue(member, "laptop", ["read"])
    Invitation.objects.create(token_hash="x", email="new@example.org", expires_at=timezone.now())
    BrowserSession.objects.create(user=member, session_key="k", address="192.0.2.1", agent="Firefox")
    Lockout.objects.create(key="sign-in 192.0.2.1 mia", last_at=timezone.now())


LISTS = {
    "activity": "trashed",
    "securityevent": "Norway",
    "token": "laptop",
    "invitation": "new@example.org",
    "browsersession": "Firefox",
    "lockout": "sign-in 192.0.2.1 mia",
}


@pytest.mark.parametrize(("name", "word"), LISTS.items())
def test_lists_are_read_only(ada: Any, rows: None, name: str, word: str) -> None:
    page = ada.get(f"/admin/accounts/{name}/")
    assert word in page.content.decode()
    assert ada.get(f"/admin/accounts/{name}/add/").status_code == 403


def test_the_secret_of_a_token_is_not_shown(ada: Any, rows: None) -> None:
    token = Token.objects.get()
    pages = [ada.get("/admin/accounts/token/"), ada.get(f"/admin/accounts/token/{token.pk}/change/")]
    assert all(token.name in page.content.decode() for page in pages)
    assert not any("mirage_" in page.content.decode() for page in pages)


def test_tokens_are_revoked(ada: Any, rows: None) -> None:
    token = Token.objects.get()
    data = {"action": "revoke", "_selected_action": [token.pk]}
    assert "Revoked" in ada.post("/admin/accounts/token/", data, follow=True).content.decode()
    assert not Token.objects.exists()
    event = last_event()
    assert (event.verb, event.subject, event.detail["owner"]) == ("revoked a token", "laptop", "mia")


def test_a_lockout_is_lifted_by_an_administrator(ada: Any, rows: None) -> None:
    lockout = Lockout.objects.get()
    assert ada.post(f"/admin/accounts/lockout/{lockout.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Lockout.objects.exists()


def test_members_do_not_get_in(member: User, enter: Callable[[User], Any], rows: None) -> None:
    browser: Client = enter(member)
    assert browser.get("/admin/accounts/user/").status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, True),
        (5, 5),
        (None, None),
        (Role.GUEST, "guest"),
        (["a", 1], ["a", "1"]),
        (1.5, "1.5"),
    ],
)
def test_values_as_the_log_stores_them(value: Any, kept: Any) -> None:
    assert plain(value) == kept
