"""Web push: what a browser can decrypt, when nothing is sent, and what becomes of browsers that are gone."""

import base64
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import http_ece
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import BrowserSession, User
from accounts.security import sessions
from mirage.web import languages
from notices import events, push_keys, pushing
from notices.access import waiting_for_push
from notices.models import Notice, PushSubscription, Wishes
from notices.telling import tell

SECRET = b"0123456789abcdef"


class PushService:
    """Takes messages as a browser's maker does, and decrypts them as the browser does."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.messages: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        self.status = 201

    @property
    def p256dh(self) -> str:
        return push_keys.encoded(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def post(self, _session: Any, url: str, *, data: bytes, headers: Any, timeout: float) -> requests.Response:
        assert url.startswith("https://push.example.org/")
        assert timeout == pushing.SECONDS
        answer = requests.Response()
        answer.status_code = self.status
        if self.status == 201:
            self.headers = dict(headers)
            read = http_ece.decrypt(data, private_key=self.key, auth_secret=SECRET, version="aes128gcm")
            self.messages.append(json.loads(read))
        return answer


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    made = PushService()
    monkeypatch.setattr(requests.Session, "post", lambda session, url, **given: made.post(session, url, **given))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.215.14", 443))])
    return made


@pytest.fixture
def subscription(owner: User, service: PushService) -> PushSubscription:
    Wishes.objects.create(user=owner, push=["share"], bell=["comment"])
    return PushSubscription.objects.create(
        user=owner,
        endpoint="https://push.example.org/secret-1",
        p256dh=service.p256dh,
        auth=push_keys.encoded(SECRET),
        site="https://photos.example.org",
        session=BrowserSession.objects.create(user=owner, session_key="one"),
        browser="Firefox on Android",
    )


def told(user: User, about: str = "1", kind: str = "share") -> Notice:
    notice = tell(user, kind, "Marta shares “Lisboa” with you.", "/albums/x/", about=about)
    assert notice is not None
    return notice


def push_all_waiting() -> None:
    """What the hourly look enqueues, as workers do it."""
    for notice in waiting_for_push():
        pushing.push(notice.pk)


def test_the_browser_reads_the_notice(subscription: PushSubscription, service: PushService, owner: User) -> None:
    notice = told(owner)
    pushing.push(notice.pk)
    pushing.push(notice.pk)  # a job that ran twice
    text = "Marta shares “Lisboa” with you."
    tag = f"notice-{notice.pk}"
    assert service.messages == [{"title": "Mirage", "body": text, "url": "/albums/x/", "tag": tag}]
    subscription.refresh_from_db()
    assert subscription.pushed_at is not None


def test_the_push_service_knows_who_sends(subscription: PushSubscription, service: PushService, owner: User) -> None:
    pushing.push(told(owner).pk)
    scheme, _, rest = service.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", push_keys.public_key())
    claims = jwt.decode(
        parts["t"], push_keys.private_key().public_key(), algorithms=["ES256"], audience="https://push.example.org"
    )
    assert claims["sub"] == "https://photos.example.org"
    assert service.headers["ttl"] == "86400"


def test_only_what_is_wanted(subscription: PushSubscription, service: PushService, owner: User) -> None:
    pushing.push(told(owner, kind="comment").pk)
    assert service.messages == []


def test_quiet_hours_hold_it_up(subscription: PushSubscription, service: PushService, owner: User) -> None:
    hour = timezone.now().astimezone(owner.zone)
    around = {"quiet_from": (hour - timedelta(hours=1)).time(), "quiet_to": (hour + timedelta(hours=1)).time()}
    Wishes.objects.update(**around)
    pushing.push(told(owner).pk)
    assert service.messages == []
    Wishes.objects.update(quiet_from=None)
    push_all_waiting()
    push_all_waiting()
    assert len(service.messages) == 1


def test_old_news_and_what_was_seen_stay_unsaid(
    subscription: PushSubscription, service: PushService, owner: User
) -> None:
    told(owner, "1"), told(owner, "2")
    Notice.objects.filter(about="1").update(at=timezone.now() - timedelta(days=2))
    Notice.objects.filter(about="2").update(seen_at=timezone.now())
    push_all_waiting()
    assert service.messages == []


@pytest.mark.parametrize(("status", "stays", "waits"), [
    (410, False, False), (404, False, False), (403, False, False), (400, True, False), (429, True, True),
    (503, True, True),
])  # fmt: skip
def test_refusals(
    subscription: PushSubscription, service: PushService, owner: User, status: int, stays: bool, waits: bool
) -> None:
    service.status = status
    notice = told(owner)
    pushing.push(notice.pk)
    assert PushSubscription.objects.exists() == stays
    notice.refresh_from_db()
    assert (notice.pushed_at is None) == waits


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.4", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_nothing_goes_into_the_home_network(
    subscription: PushSubscription,
    service: PushService,
    owner: User,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443))])
    pushing.push(told(owner).pk)
    assert service.messages == []


def test_no_redirect_is_followed() -> None:
    assert pushing._session().max_redirects == 0


def test_the_greeting(subscription: PushSubscription, service: PushService) -> None:
    pushing.greet(subscription.pk)
    pushing.greet(subscription.pk + 1)
    assert [message["tag"] for message in service.messages] == ["greeting"]


def test_a_worker_is_asked_after_the_row_is_there(
    subscription: PushSubscription,
    owner: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr("photos.pipeline.jobs.enqueue", lambda *given: asked.append(given))
    with django_capture_on_commit_callbacks(execute=True):
        notice = told(owner)
    assert asked == [("push_notice", notice.pk)]
    events.push_waiting()
    assert asked[1:] == [("push_notice", notice.pk)]
    Notice.objects.update(pushed_at=timezone.now())
    events.push_waiting()
    assert len(asked) == 2


def test_base64_is_that_of_addresses() -> None:
    assert push_keys.decoded(push_keys.encoded(b"\xfb\xff")) == b"\xfb\xff"
    assert base64.urlsafe_b64encode(b"\xfb\xff").rstrip(b"=").decode() == push_keys.encoded(b"\xfb\xff")


def test_messages_are_in_the_language_of_who_gets_them(
    subscription: PushSubscription, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str | None] = []

    def deliver(*_: object) -> bool:
        spoken.append(get_language())
        return True

    monkeypatch.setattr(pushing, "deliver", deliver)
    monkeypatch.setattr(languages, "spoken", lambda: {"en": "English", "de": "Deutsch"})
    notice = told(owner)
    User.objects.update(language="de")
    pushing.push(notice.pk)
    pushing.greet(subscription.pk)
    assert spoken == ["de", "de"]


@pytest.mark.parametrize("site", ["https://192.168.1.5:8443", "https://nas", "http://localhost:8000"])
def test_families_have_odd_addresses(
    subscription: PushSubscription, service: PushService, owner: User, site: str
) -> None:
    PushSubscription.objects.update(site=site)
    pushing.push(told(owner).pk)
    assert len(service.messages) == 1


def test_an_address_that_cannot_be_read_stops_nobody_else(
    subscription: PushSubscription, service: PushService, owner: User
) -> None:
    session = BrowserSession.objects.create(user=owner, session_key="odd")
    known = {"user": owner, "session": session, "site": "https://a.org"}
    keys = {"p256dh": service.p256dh, "auth": push_keys.encoded(SECRET)}
    PushSubscription.objects.create(endpoint="https://example.com:99999/x", **known, **keys)
    pushing.push(told(owner).pk)
    assert len(service.messages) == 1


def test_signing_a_browser_out_ends_its_messages(subscription: PushSubscription, owner: User) -> None:
    sessions.end_all(owner)
    assert not PushSubscription.objects.exists()
