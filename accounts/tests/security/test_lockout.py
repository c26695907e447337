"""What is said to somebody who is locked out: seconds first, then whole minutes, never too few."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.security.lockout import LockedOut

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(seconds=-3), "wait 1 second and"),
        (timedelta(seconds=30), "wait 30 seconds and"),
        (timedelta(seconds=89), "wait 89 seconds and"),
        (timedelta(seconds=90), "wait 2 minutes and"),
        (timedelta(hours=1), "wait 60 minutes and"),
    ],
)
def test_how_long_to_wait(wait: timedelta, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert words in str(LockedOut(NOW + wait))
