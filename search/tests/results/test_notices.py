"""What is told of a search: names that nobody has, mistakes that were mended, words that mean two things."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from photos.models import Photo
from search.results.notices import Other, Told, notices_of
from search.results.timeline import find
from vision.words import encoder

Maker = Callable[..., Photo]


@pytest.fixture(autouse=True)
def few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model knows what is typed wrong here."""
    monkeypatch.setattr(encoder, "knows", lambda word: False)


def told(user: User, text: str) -> list[Told]:
    return notices_of(text, find(user, text))


def test_a_name_that_nobody_has_is_told_with_the_one_that_was_meant(
    owner: User, name_face: Any, make_photo: Maker
) -> None:
    name_face(make_photo(), "Marie")
    (notice,) = told(owner, "beach person:Mrie")
    assert "Mrie" in notice.message
    assert notice.suggestion == "beach person:Marie"


def test_a_mended_word_is_told_with_the_search_as_it_was_typed(owner: User, name_face: Any, make_photo: Maker) -> None:
    photo = make_photo(title="sunset")
    name_face(photo, "Marie")
    assert told(owner, "Marei sunset") == [
        Told("Showing results for “Marie sunset”.", '"Marei" sunset', mended="Marei")
    ]
    assert list(find(owner, "Marei sunset").photos) == [photo]
    assert told(owner, '"Marei" sunset') == []
    assert not find(owner, '"Marei" sunset').photos.exists()


def test_what_finds_something_is_not_mended(owner: User, name_face: Any, make_photo: Maker) -> None:
    name_face(make_photo(), "Marie")
    for number, title in enumerate(("Marei", "Mareike at home")):
        photo = make_photo(title=title)
        assert told(owner, "Marei") == []
        assert photo in find(owner, "Marei").photos, number


def test_a_real_word_is_not_mended_into_another(
    owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(title="beach")
    monkeypatch.setattr(encoder, "knows", lambda word: word == "marsh")
    assert told(owner, "marsh") == []
    assert told(owner, "marhc")[0].mended == "marhc"


def test_a_word_of_another_user_is_no_guess(stranger: User, owner: User, name_face: Any, make_photo: Maker) -> None:
    name_face(make_photo(), "Marie")
    assert told(stranger, "marei") == []


def test_a_person_who_is_called_like_a_month(owner: User, name_face: Any, make_photo: Maker) -> None:
    name_face(make_photo(), "April")
    (notice,) = told(owner, "april sun")
    assert notice.message == "“april” is a person and a date. This finds both."
    assert notice.choices == (
        Other("only the person", "person:=April sun"), Other("only the date", 'date:"april" sun'),
    )  # fmt: skip


def test_a_place_that_is_an_everyday_word(owner: User, make_photo: Maker) -> None:
    there = make_photo(place="Nice", country="France", country_code="FR")
    view = make_photo(title="A nice view")
    (notice,) = told(owner, "Nice")
    assert set(find(owner, "Nice").photos) == {there, view}
    place, word = (choice.search for choice in notice.choices)
    assert set(find(owner, place).photos) == {there}
    assert set(find(owner, word).photos) == {view}
    assert told(owner, "France") == []
