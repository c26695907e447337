"""Signed-in browsers with their device and last use. They are signed out one by one or all at once."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import BrowserSession, User
from accounts.security.origin import address_of, agent_of
from media.sentences import english

NOTED_EVERY = 120  # seconds


def note(request: HttpRequest) -> BrowserSession | None:
    """Record the time, address and browser of this use of the session. None for nobody."""
    key = request.session.session_key
    if not key or not isinstance(request.user, User):
        return None
    seen = {"last_seen_at": timezone.now(), "address": address_of(request), "agent": agent_of(request)}
    row, _ = BrowserSession.objects.update_or_create(session_key=key, defaults={"user": request.user, **seen})
    cache.set(f"session-noted-{key}", 1, NOTED_EVERY)
    return row


def renew(request: HttpRequest, user: User) -> None:
    """Keep this browser signed in with the user's new password. What belongs to the session goes with it."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    BrowserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    note(request)


def of(user: User) -> list[BrowserSession]:
    """The user's current sessions, the last used first. Forgets those that have ended."""
    rows = list(BrowserSession.objects.filter(user=user).order_by("-last_seen_at"))
    keys = [row.session_key for row in rows]
    living = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("pk", flat=True)
    )
    BrowserSession.objects.filter(user=user).exclude(session_key__in=living).delete()
    return [row for row in rows if row.session_key in living]


def end(rows: Iterable[BrowserSession]) -> int:
    """Sign these out. Returns how many."""
    keys = [row.session_key for row in rows]
    for key in keys:
        SessionStore(key).delete()
    BrowserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_all(user: User, but: str | None = None) -> int:
    """Sign the user out everywhere, except in the session with the key `but`. Returns how many."""
    return end(BrowserSession.objects.filter(user=user).exclude(session_key=but or ""))


def device(agent: str) -> str:
    """A User-Agent header in words, which the page translates: Firefox on Linux."""
    if agent.startswith("mirage-cli"):
        return agent.partition("/")[0] + (" " + agent.partition(" ")[2] if " " in agent else "")
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "CriOS", "FxiOS", "Safari")
    names = {"Edg": "Edge", "OPR": "Opera", "CriOS": "Chrome", "FxiOS": "Firefox"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac",
               "CrOS": "Chromebook", "Linux": "Linux"}  # fmt: skip
    browser = next((names.get(name, name) for name in browsers if name in agent), "")
    system = next((name for mark, name in systems.items() if mark in agent), "")
    if browser and system:
        return english("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or agent[:40] or english("Unknown device")


class SessionsMiddleware:
    """Records the use of sessions, at most every two minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        key = request.session.session_key if hasattr(request, "session") else None
        if key and not cache.get(f"session-noted-{key}") and request.user.is_authenticated:
            note(request)
        return response
