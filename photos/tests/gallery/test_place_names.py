"""Places in the languages of people."""

import pytest
from babel import Locale, localedata
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.models import User
from photos.gallery import place_names
from photos.gallery.place_names import also_called, cities_called, country_in, language_for, language_of, town_in


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de_at"),
        ("xx,pt-BR;q=0.5", "pt_br"),
        ("en-GB,de;q=0.9", "en_gb"),
        ("", "en"),
        ("*", "en"),
        ("; drop table", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_first_language_that_is_known_counts(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_the_accounts_language_goes_before_the_browsers(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"accept-language": "fr"})
    for user, language in ((User(language="zh-hans"), "zh_hans"), (User(), "fr"), (AnonymousUser(), "fr")):
        request.user = user
        assert language_for(request) == language


@pytest.mark.parametrize(
    ("language", "town", "code", "called", "country"),
    [
        ("de_at", "Vienna", "AT", "Wien", "Österreich"),
        ("de", "Kyiv", "UA", "Kiew", "Ukraine"),
        ("pt_br", "New York City", "US", "Nova York", "Estados Unidos"),
        ("zh_hant", "Lisbon", "PT", "里斯本", "葡萄牙"),
        ("ja", "São Paulo", "BR", "サンパウロ", "ブラジル"),
        ("de", "Munich", "DE", "Munich", "Deutschland"),
        ("en_gb", "Vienna", "AT", "Vienna", "Austria"),
        ("de", "Vienna", "US", "Vienna", "Vereinigte Staaten"),
        ("de", "", "", "", ""),
    ],
)
def test_towns_and_countries(language: str, town: str, code: str, called: str, country: str) -> None:
    english = {"AT": "Austria"}.get(code, "")
    assert (town_in(language, code, town), country_in(language, code, english)) == (called, country)


def test_a_place_is_found_by_its_names_elsewhere() -> None:
    assert {"Wien", "Vídeň", "ウィーン", "Österreich", "Autriche"} <= also_called("AT", "Vienna")
    assert "" not in also_called("", "")
    assert cities_called("wien")[0] == ("AT", "vienna")
    assert ("PT", "lisbon") in cities_called("Lissab")
    assert cities_called("") == []


def test_of_the_languages_only_the_names_stay_in_memory() -> None:
    """Babel would keep a megabyte for each of nearly forty languages."""
    held = Locale.parse("cs")
    months = held.months["format"]["wide"][1]
    for kept in (place_names.names_in, place_names.also_called):
        kept.cache_clear()
    localedata._cache.clear()
    assert "Vídeň" in also_called("AT", "Vienna")
    assert len(localedata._cache) <= 3  # what all inherit from, and English
    assert held.months["format"]["wide"][1] == months
