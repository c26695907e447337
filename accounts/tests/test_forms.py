"""The forms of accounts: names, passwords, quotas, scopes."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from pytest_django import Settings

from accounts.forms import (
    ChangePasswordForm,
    InvitationForm,
    JoinForm,
    NewPasswordForm,
    ProfileForm,
    QuotaField,
    SignInForm,
    TokenForm,
    UserForm,
)
from accounts.models import SecurityEvent, User
from accounts.security import lockout
from accounts.tests.conftest import PASSWORD


@pytest.fixture
def request_(db: None) -> HttpRequest:
    request = HttpRequest()
    request.method, request.META["REMOTE_ADDR"] = "POST", "192.0.2.7"
    request.session = SessionStore()
    return request


def sign_in(request: HttpRequest, name: str, password: str) -> SignInForm:
    return SignInForm(request, {"username": name, "password": password})


def verbs() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_the_right_password_signs_in_and_failures_are_forgotten(request_: HttpRequest, member: User) -> None:
    assert not sign_in(request_, "mia", "wrong").is_valid()
    form = sign_in(request_, "mia", PASSWORD)
    assert form.is_valid()
    assert form.get_user() == member
    assert not lockout.Lockout.objects.filter(key__contains="mia").exists()


@pytest.mark.parametrize(("name", "password"), [("mia", "wrong"), ("nobody", PASSWORD), ("mia", "")])
def test_a_wrong_name_and_a_wrong_password_read_the_same(
    request_: HttpRequest, member: User, name: str, password: str
) -> None:
    form = sign_in(request_, name, password)
    assert not form.is_valid()
    if password:
        assert form.non_field_errors() == ["The name and password do not match. Please try again."]
        assert verbs() == ["failed to sign in"]


def test_a_disabled_user_is_refused(request_: HttpRequest, member: User) -> None:
    member.is_active = False
    member.save()
    assert not sign_in(request_, "mia", PASSWORD).is_valid()


def test_a_lockout_refuses_the_right_password_too(request_: HttpRequest, member: User) -> None:
    for _ in range(lockout.FREE_FAILURES):
        sign_in(request_, "mia", "wrong").is_valid()
    assert verbs()[-1] == "locked out"
    form = sign_in(request_, "mia", PASSWORD)
    assert not form.is_valid()
    assert "Too many wrong attempts" in form.non_field_errors()[0]


# --- passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "valid"), [("a long enough one", True), ("short", False), ("password123", False), ("  spaces  ", True)]
)
def test_new_passwords(password: str, valid: bool) -> None:
    form = NewPasswordForm({"password": password})
    assert form.is_valid() is valid
    if valid:
        assert form.cleaned_data["password"] == password


def test_a_password_like_the_name_is_refused() -> None:
    assert not NewPasswordForm({"password": "mia.example"}, user=User(username="mia.example")).is_valid()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("zoe", None),
        ("MIA", "Somebody has this name already."),
        ("a b", "Enter a valid username"),
        ("x" * 151, "at most 150"),
    ],
)
def test_names_of_new_accounts(member: User, name: str, problem: str | None) -> None:
    form = JoinForm({"username": name, "password": PASSWORD})
    assert form.is_valid() is (problem is None)
    if problem:
        assert problem in form.errors["username"][0]


def test_a_new_account_may_not_use_its_name_as_password(db: None) -> None:
    form = JoinForm({"username": "zoe.example", "password": "zoe.example"})
    assert not form.is_valid()
    assert "password" in form.errors


def test_changing_a_password_needs_the_old_one(member: User) -> None:
    new = {"password": "another long one"}
    assert ChangePasswordForm({"current": PASSWORD, **new}, user=member).is_valid()
    form = ChangePasswordForm({"current": "wrong", **new}, user=member)
    assert form.errors["current"] == ["That is not your current password."]


# --- tokens ----------------------------------------------------------------------------------------------------------


def token(user: User, **changes: Any) -> TokenForm:
    data = {"name": "laptop", "kind": "bearer", "scopes": ["read"], "days": "30", **changes}
    return TokenForm(data, user=user)


@pytest.mark.parametrize(("days", "cleaned"), [("30", 30), ("365", 365), ("", None)])
def test_how_long_a_token_is_valid(member: User, days: str, cleaned: int | None) -> None:
    form = token(member, days=days)
    assert form.is_valid()
    assert form.cleaned_data["days"] == cleaned


@pytest.mark.parametrize(
    ("field", "value"), [("days", "31"), ("kind", "cookie"), ("scopes", []), ("scopes", ["everything"]), ("name", "")]
)
def test_invalid_tokens(member: User, field: str, value: Any) -> None:
    assert field in token(member, **{field: value}).errors


def test_only_administrators_make_tokens_with_the_admin_scope(administrator: User, member: User) -> None:
    assert token(administrator, scopes=["admin"]).is_valid()
    assert "scopes" in token(member, scopes=["admin"]).errors


# --- quotas and profiles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "stored"), [("1.5", 1_500_000_000), ("0", 0), ("", None)])
def test_a_quota_is_typed_in_gigabytes(typed: str, stored: int | None) -> None:
    form = InvitationForm({"role": "guest", "quota_bytes": typed})
    assert form.is_valid()
    assert form.cleaned_data["quota_bytes"] == stored


@pytest.mark.parametrize(("stored", "shown"), [(1_500_000_000, "1.5"), (0, "0"), (None, None), ("2 GB", "2 GB")])
def test_a_quota_is_shown_as_it_is_typed(stored: Any, shown: Any) -> None:
    assert QuotaField().prepare_value(stored) == shown


@pytest.mark.parametrize("typed", ["-1", "much", "1e10"])
def test_invalid_quotas(typed: str) -> None:
    assert "quota_bytes" in UserForm({"role": "member", "quota_bytes": typed}).errors


def test_an_empty_box_disables_the_account() -> None:
    form = UserForm({"role": "member"})
    assert form.is_valid()
    assert form.cleaned_data["is_active"] is False


@pytest.mark.parametrize(("zone", "valid"), [("Europe/Zurich", True), ("", True), ("Middle/Earth", False)])
def test_the_home_zone_must_exist(member: User, settings: Settings, zone: str, valid: bool) -> None:
    settings.MIRAGE_HOME_ZONE = "Asia/Tokyo"
    form = ProfileForm({"home_zone": zone}, instance=member)
    assert form.is_valid() is valid
    home: Any = form.fields["home_zone"]
    assert ("", "As the installation: Asia/Tokyo") in home.choices
