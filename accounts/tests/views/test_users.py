"""The pages of all accounts: for administrators only."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts import leaving
from accounts.invitations import secret_of
from accounts.models import Invitation, Lockout, Role, SecurityEvent, Token, User
from accounts.security import tokens
from mirage.testing.html import folded
from photos.models import Photo
from photos.storage import paths


def test_members_do_not_find_the_pages(member: User, guest: User, enter: Any) -> None:
    for user in (member, guest):
        browser = enter(user)
        for path in ("", f"{member.pk}/"):
            assert browser.get(f"/accounts/users/{path}").status_code == 404
        for path in ("invite/", f"{member.pk}/", f"{member.pk}/reset/", f"{member.pk}/delete/"):
            form = {"role": "administrator", "is_active": "on", "name": "mia"}
            assert browser.post(f"/accounts/users/{path}", form).status_code == 404
    assert {user.role for user in User.objects.all()} == {Role.MEMBER, Role.GUEST}


def test_the_list_shows_what_each_uses(administrator: User, enter: Any, make_photo: Any) -> None:
    make_photo(size=2_000_000)
    page = folded(enter(administrator).get("/accounts/users/"))
    assert "1 photo · 1.9" in page
    assert "never signed in" in page


def test_an_invitation_has_an_address_for_as_long_as_it_is_open(administrator: User, enter: Any) -> None:
    browser = enter(administrator)
    form = {"role": "guest", "email": "nan@example.org", "quota_bytes": "2.5"}
    answer = browser.post("/accounts/users/invite/", form)
    assert answer.status_code == 302  # so that the page can be loaded again
    page = browser.get(answer.headers["Location"]).content.decode()
    address = re.search(r'data-copy="([^"]+)"', page)[1]  # type: ignore[index]
    assert address.startswith("http://testserver/accounts/join/")
    assert Invitation.objects.get().quota_bytes == 2_500_000_000
    assert Client().get(address.removeprefix("http://testserver")).status_code == 200
    assert address in browser.get("/accounts/users/").content.decode()
    assert secret_of(Invitation(key="another", token_hash=Invitation.objects.get().token_hash)) == ""
    browser.post(f"/accounts/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(address.removeprefix("http://testserver")).status_code == 404


def test_role_quota_and_disabling(administrator: User, member: User, enter: Any) -> None:
    signed_in, browser = enter(member), enter(administrator)
    _, secret = tokens.issue(member, "phone", ["read"])
    form = {"role": "guest", "email": "", "quota_bytes": "1"}  # is_active is not ticked
    assert browser.post(f"/accounts/users/{member.pk}/", form).status_code == 302
    member.refresh_from_db()
    assert (member.role, member.quota_bytes, member.is_active) == (Role.GUEST, 1_000_000_000, False)
    assert signed_in.get("/").status_code == 302
    assert tokens.find(secret, Token.Kind.BEARER) is None
    lines = SecurityEvent.objects.filter(actor=administrator).values_list("verb", "subject")
    assert {("changed an account", "mia"), ("disabled an account", "mia")} <= set(lines)
    assert SecurityEvent.objects.get(verb="changed an account").detail["changed"]["role"] == ["member", "guest"]


def test_the_last_administrator_must_remain(administrator: User, member: User, enter: Any) -> None:
    browser = enter(administrator)
    response = browser.post(f"/accounts/users/{administrator.pk}/", {"role": "member", "is_active": "on"})
    assert response.status_code == 422
    browser.post(f"/accounts/users/{administrator.pk}/delete/", {"name": "ada"})
    with pytest.raises(leaving.LastAdministrator):
        leaving.delete(administrator, member)
    administrator.refresh_from_db()
    assert administrator.is_superuser
    assert administrator.is_active


def test_an_administrator_makes_a_reset_link(administrator: User, member: User, enter: Any) -> None:
    page = enter(administrator).post(f"/accounts/users/{member.pk}/reset/").content.decode()
    address = page.split('id="address">')[1].split("<")[0].removeprefix("http://testserver")
    assert Client().post(address, {"password": "a brand new one"}).status_code == 302
    member.refresh_from_db()
    assert member.check_password("a brand new one")


def test_lifting_a_lockout(administrator: User, member: User, enter: Any) -> None:
    for _ in range(6):
        Client().post("/accounts/login/", {"username": "mia", "password": "no"}, REMOTE_ADDR="192.0.2.1")
    browser = enter(administrator)
    assert "192.0.2.1" in browser.get("/accounts/users/").content.decode()
    for row in Lockout.objects.all():
        browser.post(f"/accounts/lockouts/{row.pk}/lift/")
    assert not Lockout.objects.exists()


@pytest.fixture
def with_file(make_picture: Any, owner: User) -> Path:
    from photos.ingest.intake import ingest

    ingest(owner, make_picture("harbour.jpg"))
    return paths.original_path(Photo.objects.get())


def test_deleting_needs_the_name(administrator: User, owner: User, enter: Any) -> None:
    enter(administrator).post(f"/accounts/users/{owner.pk}/delete/", {"name": "somebody"})
    assert User.objects.filter(pk=owner.pk).exists()


def test_deleting_with_the_photos(
    administrator: User, owner: User, enter: Any, with_file: Path, django_capture_on_commit_callbacks: Any
) -> None:
    assert with_file.exists()
    browser = enter(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/accounts/users/{owner.pk}/delete/", {"name": "anna", "heir": ""})
    assert not User.objects.filter(username="anna").exists()
    assert not Photo.objects.exists()
    assert not with_file.exists()


def test_deleting_without_the_photos(administrator: User, owner: User, enter: Any, with_file: Path) -> None:
    enter(administrator).post(f"/accounts/users/{owner.pk}/delete/", {"name": "anna", "heir": administrator.pk})
    assert not User.objects.filter(username="anna").exists()
    assert Photo.objects.get().owner == administrator
    assert with_file.exists()
    assert SecurityEvent.objects.get(verb="deleted an account").detail == {"heir": "ada"}
