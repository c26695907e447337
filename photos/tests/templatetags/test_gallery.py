"""The template tags of the gallery."""

from collections.abc import Callable

import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from photos.models import DetectedObject, Photo
from photos.templatetags import gallery


def context_in(language: str) -> Context:
    return Context({"request": RequestFactory().get("/", headers={"Accept-Language": language})})


@pytest.mark.parametrize(("language", "town"), [("de", "Wien"), ("en", "Vienna"), ("xx", "Vienna")])
def test_a_town_in_the_users_language(make_photo: Callable[..., Photo], language: str, town: str) -> None:
    photo = make_photo(place="Vienna", country_code="AT")
    assert gallery.town_of(context_in(language), photo) == town


def test_without_a_request_towns_have_their_english_names() -> None:
    assert gallery.places_in_words(Context(), [("Vienna", "AT"), ("Lisbon", "PT")]) == "Vienna, Lisbon"


def test_a_box_in_attributes() -> None:
    box = DetectedObject(x=0.25, y=0, width=1 / 3, height=1)
    expected = ' data-height="1.00000" data-width="0.33333" data-x="0.25000" data-y="0.00000"'
    assert gallery.box_attributes(box) == expected


def test_the_addresses_of_a_maps_names_say_the_language() -> None:
    for language in ("de", "pt-br"):
        with translation.override(language):
            sources = gallery.map_sources()
        assert f'data-towns="/towns/?in={language}"' in sources
        assert f'data-countries="/countries/?in={language}"' in sources


def test_tiles_of_a_map_are_named_only_if_configured(settings: Settings) -> None:
    settings.MIRAGE_MAP_TILES, settings.MIRAGE_MAP_CREDIT = "", "nobody"
    assert "data-tiles" not in gallery.map_sources()
    settings.MIRAGE_MAP_TILES, settings.MIRAGE_MAP_CREDIT = "https://tiles/{z}", 'A & "B"'
    assert 'data-credit="A &amp; &quot;B&quot;"' in gallery.map_sources()


def test_bytes_as_base64() -> None:
    assert gallery.base64_text(memoryview(b"\x00\xff")) == "AP8="
