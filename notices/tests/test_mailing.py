"""The mail: what is wanted, together, once a day at most, not in the quiet hours, and not without a server."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from notices import mailing
from notices.models import Notice, Wishes
from notices.telling import tell


@pytest.fixture
def wishes(owner: User, settings: Settings) -> Wishes:
    settings.EMAIL_HOST = "mail.example.org"
    owner.email = "anna@example.org"
    owner.save()
    return Wishes.objects.create(user=owner, mail=["share"], bell=["comment"])


def test_one_mail_with_all(wishes: Wishes, owner: User) -> None:
    for number in range(3):
        tell(owner, "share", f"Share {number}", about=str(number))
    tell(owner, "comment", "In the bell only", about="1")
    assert mailing.send_digests() == 1
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["anna@example.org"], "Mirage: 3 news")
    assert [line for line in sent.body.splitlines() if line.startswith("- ")] == ["- Share 0", "- Share 1", "- Share 2"]
    tell(owner, "share", "Later", about="later")
    assert mailing.send_digests() == 0
    Wishes.objects.update(mailed_at=timezone.now() - timedelta(hours=24))
    assert mailing.send_digests() == 1
    assert "Share 0" not in mail.outbox[1].body
    assert mailing.send_digests() == 0


def test_a_long_mail_is_cut(wishes: Wishes, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "MOST", 2)
    for number in range(3):
        tell(owner, "share", f"Share {number}", about=str(number))
    mailing.send_digests()
    assert "… and 1 more" in mail.outbox[0].body
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_what_is_not_sent(wishes: Wishes, owner: User, settings: Settings) -> None:
    assert mailing.send_digests() == 0  # nothing to tell
    tell(owner, "share", "x", about="1")
    settings.EMAIL_HOST = ""
    assert mailing.send_digests() == 0
    settings.EMAIL_HOST = "mail.example.org"
    User.objects.update(email="")
    assert mailing.send_digests() == 0
    assert mail.outbox == []


def test_a_server_that_does_not_answer_is_asked_again(wishes: Wishes, owner: User, monkeypatch: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("refused")

    tell(owner, "share", "x", about="1")
    with monkeypatch.context() as patched:
        patched.setattr(mailing, "send_mail", fail)
        assert mailing.send_digests() == 0
    assert mailing.send_digests() == 1


@pytest.mark.parametrize(
    ("start", "end", "now", "quiet"),
    [
        (time(22), time(7), 23, True), (time(22), time(7), 3, True), (time(22), time(7), 12, False),
        (time(9), time(17), 12, True), (time(9), time(17), 8, False), (time(9), time(17), 17, False),
        (None, time(7), 3, False), (time(5), time(5), 5, False),
    ],
)  # fmt: skip
def test_quiet_hours(owner: User, start: time | None, end: time | None, now: int, quiet: bool) -> None:
    wishes = Wishes(user=owner, quiet_from=start, quiet_to=end)
    assert mailing.is_quiet(wishes, datetime(2026, 5, 1, now, tzinfo=UTC)) is quiet
    owner.home_zone = "Asia/Tokyo"  # nine hours later
    assert mailing.is_quiet(wishes, datetime(2026, 5, 1, now, tzinfo=UTC) - timedelta(hours=9)) is quiet


def test_nothing_comes_in_the_quiet_hours(wishes: Wishes, owner: User) -> None:
    tell(owner, "share", "x", about="1")
    now = timezone.now()
    Wishes.objects.update(quiet_from=(now - timedelta(hours=1)).time(), quiet_to=(now + timedelta(hours=1)).time())
    assert mailing.send_digests() == 0
