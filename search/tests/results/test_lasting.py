"""A search that is kept means the same when its owner reads Mirage in another language."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import translation

from accounts.models import User
from albums.rules.smart import photos_matching, readable
from photos.models import Photo
from search.forms import SearchForm
from search.language.grammar import parse
from search.language.tree import Term, walk
from search.models import SavedSearch
from search.results.lasting import lasting
from vision.words import translations


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "dog on the beach", "dog on the beach"),
        ("en", "anna 2024 type:video", "anna 2024 type:video"),
        ("en", '"Mai"', '"Mai"'),
        ("de", "letzten Sommer", "letzten Sommer"),  # nobody reads it otherwise
        ("de", "person:Anna", "person:Anna"),
        ("de", "Kind am See", "Kind am See language:de"),
        ("fr", "chat noir", "chat noir language:fr"),
        ("en", "chat", "chat language:en"),
        ("en", "chat language:fr", "chat language:fr"),
        ("tr", "chat", "chat language:en"),  # which has no table
        ("de", "Strand OR Berg", "(Strand OR Berg) language:de"),
        ("de", "(Strand OR Berg) -(Hund OR Katze)", "(Strand OR Berg) -(Hund OR Katze) language:de"),
        ("de", '(Strand OR "an der See") sort:oldest', '(Strand OR "an der See") language:de sort:oldest'),
        ("de", "-(Strand Berg)", "-(Strand Berg) language:de"),
    ],
)
def test_the_language_is_kept_where_the_meaning_depends_on_it(language: str, text: str, kept: str) -> None:
    with translation.override(language):
        assert lasting(text) == kept
        assert lasting(kept) == kept
    meant, again = parse(text), parse(kept)
    assert (again.root, again.sort) == (meant.root, meant.sort)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("date:märz 2023", 'date:"march 2023" language:de'),
        ("date:2023 scene:beach", "date:2023 scene:beach"),
    ],
)
def test_dates_after_keys_are_kept_in_english(text: str, kept: str) -> None:
    with translation.override("de"):
        assert lasting(text) == kept
        meant = parse(text).root
    assert parse(kept).root == meant


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("de", "scene:Strand", "scene:Strand language:de"),
        ("nl", "looks:bier", "looks:bier language:nl"),  # which is beer, and beer is a bear
        ("fr", "-looks:panier object:chat", "-looks:panier object:chat language:fr"),
        ("en", "looks:pet", "looks:pet language:en"),  # a cap in Dutch
        ("en", 'looks:"birthday cake"', 'looks:"birthday cake"'),
    ],
)
def test_things_after_keys_are_kept_as_they_were_typed(owner: User, language: str, text: str, kept: str) -> None:
    with translation.override(language):
        form = SearchForm({"name": "One", "query": text}, instance=SavedSearch(owner=owner))
        assert form.is_valid()
        assert form.cleaned_data["query"] == kept
        assert lasting(kept) == kept


def things(text: str) -> list[str]:
    """What is looked for after keys, in English."""
    return [value.said for node in walk(parse(text).root) if isinstance(node, Term) for value in node.values]


@pytest.mark.parametrize("code", translations.CODES)
def test_every_word_means_the_same_when_it_is_kept(code: str) -> None:
    known = translations.of(code)
    with translation.override(code):
        for word in known:
            [meant] = things(f'looks:"{word}"')
            assert meant == translations.meant(word, code)
            kept = str(parse(lasting(f'looks:"{word}"')))
            assert things(kept) == [meant]
            with translation.override("nl" if code != "nl" else "en"):
                assert things(kept) == [meant], kept


def test_a_smart_album_finds_the_same_in_every_language(owner: User, make_photo: Callable[..., Photo]) -> None:
    made = make_photo(taken=datetime(2024, 5, 12, 12))
    make_photo(taken=datetime(2023, 5, 12, 12), title="Mars 2024")
    with translation.override("fr"):
        assert [*photos_matching(owner, readable("mai 2024"))] == [made]
        kept = readable("mai 2024")
    with translation.override("it"):
        assert [*photos_matching(owner, kept)] == [made]


def test_a_saved_search_keeps_its_language(owner: User) -> None:
    with translation.override("pl"):
        form = SearchForm({"name": "Pies", "query": "pies sort:oldest"}, instance=SavedSearch(owner=owner))
        assert form.is_valid()
    assert form.cleaned_data["query"] == "pies language:pl sort:oldest"


@pytest.mark.parametrize("query", ["Strand OR Berg", "(Strand OR Berg) 2024"])
def test_one_or_the_other_can_be_saved(owner: User, query: str) -> None:
    with translation.override("de"):
        form = SearchForm({"name": "Draußen", "query": query}, instance=SavedSearch(owner=owner))
        assert form.is_valid()
        assert form.cleaned_data["query"] == readable(query)
