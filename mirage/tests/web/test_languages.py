"""In which language Mirage answers."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from accounts.views import entry
from mirage.web import installing, languages, palette

pytestmark = pytest.mark.django_db


def test_the_browser_decides_until_the_account_says_otherwise(client: Client, owner: User) -> None:
    client.force_login(owner)
    german = client.get("/accounts/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert '<html lang="de" dir="ltr"' in german.text
    assert "Wie der Browser" in german.text
    assert german["Content-Language"] == "de"
    assert "Accept-Language" in german["Vary"]
    assert "As the browser" in client.get("/accounts/", headers={"Accept-Language": "xx,*"}).text
    owner.language = "de"
    owner.save()
    chosen = client.get("/accounts/", headers={"Accept-Language": "en"})
    assert "Wie der Browser" in chosen.text


def test_the_language_is_chosen_on_the_page_of_the_account(client: Client, owner: User) -> None:
    client.force_login(owner)
    profile = {"first_name": "", "last_name": "", "email": "", "home_zone": ""}
    assert client.post("/accounts/profile/", {**profile, "language": "tlh"}).status_code == 422
    assert client.post("/accounts/profile/", {**profile, "language": "de"}).status_code == 302
    owner.refresh_from_db()
    assert owner.language == "de"


def test_guests_and_strangers_get_the_language_of_their_browser(client: Client) -> None:
    assert 'lang="de"' in client.get("/accounts/login/", headers={"Accept-Language": "de"}).text
    assert 'lang="en"' in client.get("/accounts/login/").text


def test_the_setting_decides_where_nobody_else_does(client: Client, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "de"
    assert 'lang="de"' in client.get("/accounts/login/").text
    assert 'lang="de"' in client.get("/accounts/login/", headers={"Accept-Language": "tlh"}).text
    assert 'lang="en"' in client.get("/accounts/login/", headers={"Accept-Language": "en-GB"}).text


def test_scripts_get_their_words_only_where_they_are_not_english(client: Client) -> None:
    german = client.get("/accounts/login/", headers={"Accept-Language": "de"}).text
    assert german.index('<script defer src="/static/words/de') < german.index('type="module"')
    assert "/static/words/" not in client.get("/accounts/login/").text


def test_without_compiled_catalogues_everything_is_english(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    assert list(languages.spoken()) == ["en"]
    assert 'lang="en"' in client.get("/accounts/login/", headers={"Accept-Language": "de"}).text


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("de", "de"),
        ("DE-ch", "de"),
        ("tlh, de;q=0.1", "de"),
        ("", "en"),
        ("*", "en"),
        (";;q=,,\x00", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_headers_of_browsers(accepted: str, expected: str) -> None:
    assert languages.of_browser(accepted) == expected


def test_codes_as_headers_write_them() -> None:
    assert [languages.written(code) for code in ("de", "pt-br", "zh-hans")] == ["de", "pt-BR", "zh-Hans"]


def test_mails_are_in_the_language_of_who_gets_them(client: Client, owner: User, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    said = []
    owner.language, owner.email = "de", "anna@example.org"
    owner.save()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "send_mail", lambda *mail: said.append(translation.get_language()))
        client.post("/accounts/forgot/", {"email": owner.email}, headers={"Accept-Language": "en"})
    assert said == ["de"]


def test_what_is_kept_for_a_while_is_kept_for_each_language(client: Client, owner: User) -> None:
    with translation.override("en"):
        english = palette.known_to(owner)
    with translation.override("de"):
        assert palette.known_to(owner) is not english
    manifest = client.get("/manifest.webmanifest", headers={"Accept-Language": "de"}).json()
    assert (manifest["lang"], manifest["dir"]) == ("de", "ltr")
    with translation.override("en"):
        version = installing.version()
    with translation.override("de"):
        assert installing.version() != version


def test_places_follow_the_language_of_the_account(client: Client, owner: User) -> None:
    owner.language = "de"
    owner.save()
    client.force_login(owner)
    names = client.get(reverse("photos:countries"), headers={"Accept-Language": "en"}).json()["names"]
    assert "Deutschland" in names.values()
