"""Settings that are changed while Mirage runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as current
from pytest_django import Settings

from accounts.models import SecurityEvent, User
from mirage import changeable, env
from mirage.changeable import TABLE, Wrong
from mirage.models import Setting

DAYS = "MIRAGE_TRASH_DAYS"


@pytest.fixture(autouse=True)
def nothing_changed(db: None) -> Iterator[None]:
    yield
    Setting.objects.all().delete()
    changeable.refresh(force=True)


def test_a_change_is_in_force_at_once_and_recorded(owner: User) -> None:
    assert current.MIRAGE_TRASH_DAYS == 30
    assert changeable.change(DAYS, " 7 ", owner)
    assert current.MIRAGE_TRASH_DAYS == 7
    assert Setting.objects.get().changed_by == owner
    line = SecurityEvent.objects.get(verb="changed a setting")
    assert (line.actor, line.subject, line.detail) == (owner, DAYS, {"before": "30", "now": "7"})


def test_what_is_the_same_is_no_change(owner: User) -> None:
    assert not changeable.change(DAYS, "30", owner)
    assert not SecurityEvent.objects.exists()


def test_other_processes_notice_it(owner: User) -> None:
    Setting.objects.create(name=DAYS, value="3")
    changeable.refresh(force=True)
    assert current.MIRAGE_TRASH_DAYS == 3
    Setting.objects.all().delete()
    changeable.refresh(force=True)
    assert current.MIRAGE_TRASH_DAYS == 30


def test_going_back_to_the_environment(owner: User) -> None:
    changeable.change(DAYS, "7", owner)
    assert changeable.default(TABLE[DAYS]) == 30
    assert changeable.go_back(DAYS, owner)
    assert current.MIRAGE_TRASH_DAYS == 30
    assert not Setting.objects.exists()


def test_going_back_to_what_the_page_does_not_allow(owner: User, settings: Settings) -> None:
    settings.MIRAGE_UPLOAD_MAX_MB = 99_000_000  # of the environment
    changeable.change("MIRAGE_UPLOAD_MAX_MB", "5", owner)
    assert changeable.go_back("MIRAGE_UPLOAD_MAX_MB", owner)
    assert current.MIRAGE_UPLOAD_MAX_MB == 99_000_000


def test_a_row_that_is_no_longer_allowed_can_be_removed(owner: User) -> None:
    Setting.objects.create(name=DAYS, value="soon")
    changeable.refresh(force=True)
    assert changeable.go_back(DAYS, owner)
    assert not Setting.objects.exists()


def test_a_row_that_is_no_longer_allowed_is_ignored() -> None:
    Setting.objects.create(name=DAYS, value="soon")
    Setting.objects.create(name="MIRAGE_GONE", value="x")
    changeable.refresh(force=True)
    assert current.MIRAGE_TRASH_DAYS == 30


def test_passwords_are_not_in_the_log(owner: User) -> None:
    changeable.change("MIRAGE_MAIL_PASSWORD", "hunter2", owner)
    assert current.EMAIL_HOST_PASSWORD == "hunter2"
    assert "hunter2" not in str(SecurityEvent.objects.get().detail)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (DAYS, "soon", "from 0 to 3,650"),
        (DAYS, "-1", "from 0 to 3,650"),
        (DAYS, "9" * 30, "from 0 to 3,650"),
        (DAYS, "9" * 5000, "from 0 to 3,650"),
        (DAYS, "--5", "from 0 to 3,650"),
        ("MIRAGE_SEARCH_SECONDS", "nan", "from 0.1 to 600"),
        ("MIRAGE_SEARCH_SECONDS", "", "from 0.1 to 600"),
        ("MIRAGE_HOME_ZONE", "Mars/Olympus", "Europe/Lisbon"),
        ("MIRAGE_HOME_ZONE", "../../etc/passwd", "Europe/Lisbon"),
        ("MIRAGE_BACKUP_AT", "every night", "half past three"),
        ("MIRAGE_BACKUP_AT", "61 3 * * *", "half past three"),
        ("MIRAGE_BACKUP_AT", "30 3 31 2 *", "half past three"),
        ("MIRAGE_MAIL_PORT", "0", "from 1 to 65,535"),
        ("MIRAGE_MAIL_TLS", "perhaps", "yes or no"),
        ("MIRAGE_MAIL_HOST", "a\nb", "one line"),
        ("MIRAGE_WRITE_SIDECARS", "sometimes", "one of the list"),
    ],
)
def test_a_wrong_value_is_refused_in_words(owner: User, name: str, text: str, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        changeable.change(name, text, owner)
    assert not Setting.objects.exists()


@pytest.mark.parametrize("name", list(TABLE))
def test_what_is_in_force_can_be_written_and_read(name: str) -> None:
    setting = TABLE[name]
    now = getattr(current, setting.setting)
    assert setting.read(setting.written(now)) == now


def test_never_is_a_schedule(owner: User) -> None:
    assert TABLE["MIRAGE_CHECK_AT"].read("never") == ""


def test_folders_of_the_environment(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("MIRAGE_X", "~/Pictures, /media")
    assert env.folders("MIRAGE_X", "") == [Path.home() / "Pictures", Path("/media")]
    monkeypatch.setenv("MIRAGE_X", "Pictures")
    with pytest.raises(SystemExit, match="absolute paths"):
        env.folders("MIRAGE_X", "")
