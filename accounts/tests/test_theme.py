"""The choice of the appearance."""

import pytest

from accounts.models import User


@pytest.fixture
def user(db):
    return User.objects.create_user("anna")


def test_the_choice_is_kept_and_shown(client, user):
    client.force_login(user)
    assert 'data-theme="system"' in client.get("/").content.decode()
    assert client.post("/accounts/theme/", {"theme": "dark"}, headers={"HX-Request": "true"}).status_code == 204
    text = client.get("/").content.decode()
    assert 'data-theme="dark"' in text
    assert 'name="theme" value="system"' in text  # the one that comes next


def test_without_javascript_the_page_stays_the_same(client, user):
    client.force_login(user)
    assert client.post("/accounts/theme/", {"theme": "light", "next": "/videos/"}).url == "/videos/"
    assert client.post("/accounts/theme/", {"theme": "light", "next": "https://evil.example/"}).url == "/"


def test_only_known_appearances_by_post_when_signed_in(client, user):
    assert client.post("/accounts/theme/", {"theme": "dark"}).status_code == 302
    client.force_login(user)
    assert client.post("/accounts/theme/", {"theme": "pink"}).status_code == 400
    assert client.get("/accounts/theme/").status_code == 405
    user.refresh_from_db()
    assert user.theme == "system"


def test_the_sign_in_page_reports_a_wrong_password(client, user):
    assert b"do not match" in client.post("/accounts/login/", {"username": "anna", "password": "no"}).content
