"""Browsers that show messages: who turns them on, and that nobody touches another's."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notices.models import PushSubscription
from notices.push_keys import encoded, public_key
from notices.views import push

FIELDS = {"endpoint": "https://push.example.org/1", "p256dh": public_key(), "auth": encoded(b"x" * 16)}
AGENT = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    given: list[tuple[Any, ...]] = []

    def enqueue(*each: Any) -> bool:
        given.append(each)
        return True

    monkeypatch.setattr("photos.pipeline.jobs.enqueue", enqueue)
    return given


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_turning_on(signed_in: Client, owner: User, asked: list[Any]) -> None:
    for _ in range(2):
        assert signed_in.post("/notices/push/", FIELDS, headers={"user-agent": AGENT}).status_code == 204
    row = PushSubscription.objects.get()
    assert (row.user, row.browser, row.site) == (owner, "Firefox on Android", "http://testserver")
    assert asked == [("push_greeting", row.pk)]
    page = signed_in.get("/notices/wishes/").content.decode()
    assert "Firefox on Android" in page
    assert "push.example.org" not in page  # the address is a secret
    assert f'data-push-key="{public_key()}"' in page


@pytest.mark.parametrize("wrong", [
    {"endpoint": ""}, {"endpoint": "http://push.example.org/1"}, {"endpoint": "https://push.example.org/" + "x" * 1000},
    {"endpoint": "javascript:alert(1)"},
    {"endpoint": "https://example.com:99999/x"}, {"endpoint": "https://u:p@e.org/"}, {"p256dh": "AAAA"},
    {"auth": "AAAA"}, {"auth": "\0"}, {"p256dh": ""},
])  # fmt: skip
def test_what_no_browser_sends(signed_in: Client, wrong: dict[str, str], asked: list[Any]) -> None:
    assert signed_in.post("/notices/push/", {**FIELDS, **wrong}).status_code == 422
    assert not PushSubscription.objects.exists()
    assert asked == []


def test_a_browser_is_its_present_users(signed_in: Client, owner: User, stranger: User, asked: list[Any]) -> None:
    signed_in.post("/notices/push/", FIELDS)
    other = Client()
    other.force_login(stranger)
    other.post("/notices/push/", FIELDS)
    assert PushSubscription.objects.get().user == stranger


def test_turning_off(signed_in: Client, owner: User, stranger: User, asked: list[Any]) -> None:
    signed_in.post("/notices/push/", FIELDS)
    signed_in.post("/notices/push/", {**FIELDS, "endpoint": "https://push.example.org/2"})
    first, second = PushSubscription.objects.order_by("endpoint")
    other = Client()
    other.force_login(stranger)
    assert other.post("/notices/push/end/", {"endpoint": first.endpoint}).status_code == 204
    assert other.post(f"/notices/push/{first.pk}/end/").status_code == 404
    assert other.post(f"/notices/push/{first.pk}/greet/").status_code == 404
    assert PushSubscription.objects.count() == 2
    assert signed_in.post("/notices/push/end/", {"endpoint": first.endpoint}).status_code == 204
    assert signed_in.post(f"/notices/push/{second.pk}/end/").status_code == 302
    assert not PushSubscription.objects.exists()
    assert signed_in.get("/notices/push/").status_code == 405


def test_trying(signed_in: Client, owner: User, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in.post("/notices/push/", FIELDS)
    pk = PushSubscription.objects.get().pk
    signed_in.post(f"/notices/push/{pk}/greet/")
    assert asked[1:] == [("push_greeting", pk)]
    assert "A message is on its way" in signed_in.get("/notices/wishes/").content.decode()
    monkeypatch.setattr("photos.pipeline.jobs.enqueue", lambda *_: False)
    signed_in.post(f"/notices/push/{pk}/greet/")
    assert "cannot be reached" in signed_in.get("/notices/wishes/").content.decode()


def test_as_many_browsers_as_one_has(signed_in: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "MOST", 2)
    for number in range(3):
        signed_in.post("/notices/push/", {**FIELDS, "endpoint": f"https://push.example.org/{number}"})
    kept = PushSubscription.objects.values_list("endpoint", flat=True)
    assert sorted(kept) == ["https://push.example.org/1", "https://push.example.org/2"]


def test_choosing_messages(signed_in: Client, owner: User) -> None:
    signed_in.post("/notices/wishes/", {"push": ["share", "memories"]})
    owner.refresh_from_db()
    assert owner.wishes.push == ["share", "memories"]
    assert signed_in.post("/notices/wishes/", {"push": ["backup"]}).status_code == 422  # for administrators


def test_a_new_password_keeps_this_browsers_messages(signed_in: Client, owner: User, asked: list[Any]) -> None:
    signed_in.post("/notices/push/", FIELDS)
    owner.set_password("the-old-one-1")
    owner.save()
    signed_in.force_login(owner)
    signed_in.post("/notices/push/", FIELDS)
    new = "a-long-new-password"
    form = {"current": "the-old-one-1", "password": new}
    signed_in.post("/accounts/password/", form)
    assert PushSubscription.objects.exists()
    signed_in.post("/accounts/logout/")
    assert not PushSubscription.objects.exists()
