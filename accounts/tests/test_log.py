"""The security log: who reads what, its filters, its pages, its end."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import activity
from accounts.models import SecurityEvent, User


@pytest.fixture
def lines(administrator: User, member: User) -> None:
    activity.record("made a link", actor=member, subject="Norway")
    activity.record("deleted photos", actor=administrator, subject="12 photos")
    activity.record("failed to sign in", name="mallory")


def shown(browser: Any, query: str = "") -> str:
    return browser.get(f"/accounts/log/{query}", headers={"HX-Request": "true"}).content.decode()


def test_everybody_reads_their_own_and_administrators_all(
    administrator: User, member: User, enter: Any, lines: None
) -> None:
    own = shown(enter(member))
    assert "Norway" in own
    assert "12 photos" not in own
    assert "mallory" not in own
    everything = shown(enter(administrator))
    assert all(word in everything for word in ("Norway", "12 photos", "mallory"))


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("?group=Sharing", "Norway", "12 photos"),
        ("?who=ada", "12 photos", "Norway"),
        ("?words=norw", "Norway", "12 photos"),
        ("?from=2000-01-01&until=2999-01-01", "Norway", "nothing at all"),
        ("?until=2000-01-01", "Nothing yet", "Norway"),
        ("?from=nonsense&group=none", "Norway", "nothing at all"),
        ("?from=2000-13-45&before=x", "Norway", "nothing at all"),
    ],
)
def test_filters(administrator: User, enter: Any, lines: None, query: str, there: str, gone: str) -> None:
    page = shown(enter(administrator), query)
    assert there in page
    assert gone not in page


def test_pages_hold_every_line_once(administrator: User, enter: Any) -> None:
    browser = enter(administrator)
    moment = timezone.now()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(verb="made a link", subject=f"#{n}.", at=moment) for n in range(150)
    )
    first = shown(browser, "?group=Sharing")
    last = SecurityEvent.objects.get(pk=int(first.split("before=")[1].split('"')[0]))
    second = shown(browser, f"?group=Sharing&before={last.pk}")
    assert sum(f"#{n}." in first for n in range(150)) == 100
    assert sum(f"#{n}." in second for n in range(150)) == 50
    assert all(f"#{n}." in first + second for n in range(150))


def test_old_lines_go(db: None, settings: Any) -> None:
    settings.MIRAGE_LOG_DAYS = 30
    activity.record("made a link", subject="new")
    old = activity.record("made a link", subject="old")
    SecurityEvent.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    assert activity.forget_old() == 1
    assert SecurityEvent.objects.get().subject == "new"
