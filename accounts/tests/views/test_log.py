"""The security log: who sees what, filters, pages, removal of old lines."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import activity
from accounts.models import SecurityEvent, User
from accounts.security import tokens


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
        ("?who=ADA", "12 photos", "Norway"),
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


def test_each_line_is_on_one_page(administrator: User, enter: Any) -> None:
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


def test_old_lines_are_removed(db: None, settings: Any) -> None:
    settings.MIRAGE_LOG_DAYS = 30
    activity.record("made a link", subject="new")
    old = activity.record("made a link", subject="old")
    SecurityEvent.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    assert activity.forget_old() == 1
    assert SecurityEvent.objects.get().subject == "new"


def test_changes_in_the_administration_are_logged(administrator: User, member: User) -> None:
    browser = Client()
    browser.force_login(administrator)
    form = {"username": "mia", "theme": "system", "is_active": "on", "is_staff": "on", "date_joined_0": "2024-05-01"}
    form |= {"date_joined_1": "12:00:00", "home_zone": ""}
    page = browser.post(f"/admin/accounts/user/{member.pk}/change/", form)
    assert page.status_code == 302, page.content.decode()
    line = SecurityEvent.objects.get(verb="changed an account")
    assert (line.actor, line.subject, line.detail["by"]) == (administrator, "mia", "the administration")
    assert line.detail["changed"]["is_staff"] == [False, True]
    passwords = {"password1": "another secret 5", "password2": "another secret 5", "usable_password": "true"}
    assert browser.post(f"/admin/accounts/user/{member.pk}/password/", passwords).status_code == 302
    assert SecurityEvent.objects.filter(verb="reset a password", subject="mia").exists()
    assert "another secret" not in str(list(SecurityEvent.objects.values()))
    assert browser.post("/admin/accounts/user/add/", passwords | {"username": "ned"}).status_code == 302
    assert SecurityEvent.objects.filter(verb="made an account", subject="ned").exists()
    assert browser.post("/admin/auth/group/add/", {"name": "helpers", "permissions": []}).status_code == 302
    assert SecurityEvent.objects.get(verb="changed a setting").subject == "group helpers"
    assert browser.post(f"/admin/accounts/user/{member.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=member.pk).exists()


def test_staff_see_only_their_own_lines(member: User, administrator: User, lines: None) -> None:
    User.objects.filter(pk=member.pk).update(is_staff=True)
    member.refresh_from_db()
    browser = Client()
    browser.force_login(member)
    assert member.role == "member"
    for address in ("/accounts/users/", f"/accounts/users/{administrator.pk}/"):
        assert browser.get(address).status_code == 404
    for address in ("/admin/accounts/user/", "/admin/photos/photo/", "/admin/accounts/securityevent/"):
        assert browser.get(address).status_code == 403
    assert "Everybody" not in browser.get("/activity/").content.decode()
    assert "12 photos" not in browser.get("/accounts/log/").content.decode()
    _, secret = tokens.issue(member, "script", tokens.SCOPES)
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/health")
    assert answer.status_code == 403
