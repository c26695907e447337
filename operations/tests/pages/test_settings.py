"""The page of settings."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings as current
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent, User
from mirage import changeable
from mirage.models import Setting
from mirage.testing.html import folded
from operations import schedule
from operations.models import ScheduledTask

PAGE = "/administration/settings/"


@pytest.fixture(autouse=True)
def nothing_changed(db: None) -> Iterator[None]:
    yield
    Setting.objects.all().delete()
    changeable.refresh(force=True)


@pytest.fixture
def administrator(client: Client, library: object) -> Client:
    client.force_login(User.objects.create_superuser("grandma"))
    return client


def test_a_setting_is_changed_and_says_by_whom(administrator: Client) -> None:
    assert administrator.post(PAGE, {"MIRAGE_TRASH_DAYS": "7"}).status_code == 302
    assert current.MIRAGE_TRASH_DAYS == 7
    page = folded(administrator.get(PAGE))
    assert "Changed by grandma" in page
    assert "Go back to 30" in page
    administrator.post(reverse("operations:reset_setting", args=["MIRAGE_TRASH_DAYS"]))
    assert current.MIRAGE_TRASH_DAYS == 30
    verbs = SecurityEvent.objects.filter(subject="MIRAGE_TRASH_DAYS").values_list("verb", "actor__username")
    assert list(verbs) == [("changed a setting", "grandma")] * 2


def test_a_wrong_value_is_refused_and_nothing_is_saved(administrator: Client) -> None:
    response = administrator.post(PAGE, {"MIRAGE_TRASH_DAYS": "soon", "MIRAGE_LOG_DAYS": "9"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Enter a whole number from 0 to 3,650." in page
    assert 'value="soon"' in page
    assert 'value="9"' in page
    assert not Setting.objects.exists()


def test_the_password_is_never_shown_and_kept_when_left_empty(administrator: Client) -> None:
    administrator.post(PAGE, {"MIRAGE_MAIL_HOST": "mail.example.org", "MIRAGE_MAIL_PASSWORD": "hunter2"})
    administrator.post(PAGE, {"MIRAGE_MAIL_PORT": "465", "MIRAGE_MAIL_PASSWORD": ""})
    assert (current.EMAIL_HOST, current.EMAIL_PORT, current.EMAIL_HOST_PASSWORD) == ("mail.example.org", 465, "hunter2")
    assert "hunter2" not in administrator.get(PAGE).content.decode()


def test_what_is_changed_is_in_force_for_somebody_signed_out(administrator: Client) -> None:
    administrator.post(PAGE, {"MIRAGE_MAIL_HOST": "mail.example.org"})
    assert Client().get("/accounts/forgot/").status_code == 200


def test_a_new_time_moves_the_task(administrator: Client) -> None:
    schedule.prepare()
    administrator.post(PAGE, {"MIRAGE_CHECK_AT": "0 12 1 1 *"})
    row = ScheduledTask.objects.get(name="check")
    assert row.next_at
    assert (row.next_at.month, row.next_at.day, row.next_at.hour) == (1, 1, 12)
    assert ", 1 January, 12:00" in folded(administrator.get(PAGE))
    administrator.post(PAGE, {"MIRAGE_CHECK_AT": "never"})
    assert ScheduledTask.objects.get(name="check").next_at is None


def test_a_task_that_is_due_stays_due(administrator: Client) -> None:
    schedule.prepare()
    ScheduledTask.objects.filter(name="check").update(next_at=datetime(2024, 1, 1, tzinfo=UTC))
    administrator.post(PAGE, {"MIRAGE_CHECK_AT": "0 12 1 1 *"})
    assert ScheduledTask.objects.get(name="check").is_due


def test_models_are_switched_off_and_on(administrator: Client) -> None:
    address = reverse("operations:switch_models")
    administrator.post(address, {"on": ["fingerprint", "sketch", "embedding", "objects"]})
    assert sorted(current.MIRAGE_PAUSED) == ["faces", "text"]
    boxes = re.findall(
        r'<input type="checkbox" name="on" value="(\w+)"\s*checked', administrator.get(PAGE).content.decode()
    )
    assert sorted(boxes) == ["embedding", "fingerprint", "objects", "sketch"]
    administrator.post(address, {"on": ["fingerprint", "sketch", "embedding", "objects", "faces", "text"]})
    assert current.MIRAGE_PAUSED == []


@pytest.mark.parametrize("name", ["MIRAGE_PAUSED", "MIRAGE_DATA", "SECRET_KEY"])
def test_other_settings_are_not_reached(administrator: Client, name: str) -> None:
    assert administrator.post(reverse("operations:reset_setting", args=[name])).status_code == 404
    administrator.post(PAGE, {name: "x"})
    assert not Setting.objects.exists()


def test_others_change_nothing(client: Client, owner: User) -> None:
    client.force_login(owner)
    for address in (PAGE, reverse("operations:switch_models")):
        assert client.post(address, {"MIRAGE_TRASH_DAYS": "0"}).status_code == 404
    assert not Setting.objects.exists()
