"""An administrator, a member and a guest, with browsers that have just confirmed who they are."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa import app_settings as mfa
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from accounts.models import Role, User

PASSWORD = "correct horse battery"
Enter = Callable[[User], Any]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def person(name: str, role: Role) -> User:
    user = User(username=name, email=f"{name}@example.org")
    user.set_role(role)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def administrator(db: None) -> User:
    return person("ada", Role.ADMINISTRATOR)


@pytest.fixture
def member(db: None) -> User:
    return person("mia", Role.MEMBER)


@pytest.fixture
def guest(db: None) -> User:
    return person("gus", Role.GUEST)


def authenticator_code(secret: str) -> str:
    """The current code of the authenticator. Clears the cache in which the server remembers used codes."""
    cache.clear()
    # of the current half minute: the previous one is still valid, but could expire before it is sent
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // mfa.TOTP_PERIOD))


@pytest.fixture
def enter() -> Enter:
    """A browser in which the user has signed in with the password and confirmed it: `enter(member)`."""

    def sign_in(user: User) -> Any:
        client: Any = Client()
        client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return sign_in
