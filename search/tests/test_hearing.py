"""The names of a user's library, and which words are mended."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from mirage.web import time_limit
from people.models import Person
from photos.models import Photo, PhotoText
from search import hearing
from search.hearing import candidates, hear, names_of
from search.language.languages import tables
from search.language.languages.voices import voice_of
from search.language.tree import Word
from vision import inference
from vision.words import encoder

Maker = Callable[..., Photo]


@pytest.fixture(autouse=True)
def few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No model knows what is typed wrong here."""
    monkeypatch.setattr(encoder, "knows", lambda word: False)


def test_the_names_of_a_library(owner: User, stranger: User, make_photo: Maker, tag: Any, name_face: Any) -> None:
    photo = make_photo(place="Vienna", region="Vienna", country="Austria", country_code="AT")
    tag(photo, "food/cake"), name_face(photo, "Anna Lee")
    Album.objects.create(owner=owner, name="Japan")
    known = names_of(owner)
    for word in ("vienna", "austria", "cake", "anna", "japan"):
        assert known.meant((word,)), word
    assert names_of(stranger).names == {}


def test_the_names_of_what_others_share(owner: User, stranger: User, make_photo: Maker, name_face: Any) -> None:
    shown, kept = make_photo(place="Vienna"), make_photo(place="Oslo")
    name_face(shown, "Anna"), name_face(kept, "Ben")
    album = Album.objects.create(owner=owner, name="Shown")
    AlbumItem.objects.create(album=album, photo=shown, position=1)
    Share.objects.create(owner=owner, user=stranger, album=album)
    known = names_of(stranger)
    assert [bool(known.meant((word,))) for word in ("anna", "vienna", "shown", "ben", "oslo")] == [1, 1, 1, 0, 0]


def test_merged_and_nameless_people_have_no_name(owner: User) -> None:
    anna = Person.objects.create(owner=owner, name="Anna")
    Person.objects.create(owner=owner, name="")
    Person.objects.create(owner=owner, name="Annie", merged_into=anna)
    assert set(names_of(owner).names) == {("anna",)}


def test_more_names_take_no_more_queries(owner: User, make_photo: Maker, tag: Any, name_face: Any) -> None:
    counts = []
    for number in range(6):
        photo = make_photo(place=f"Town {number}")
        tag(photo, f"t/{number}"), name_face(photo, f"Person {number}")
        Album.objects.create(owner=owner, name=f"Album {number}")
        hearing.kept.clear()
        with CaptureQueriesContext(connection) as asked:
            names_of(owner)
        counts.append(len(asked))
    assert counts[1] == counts[-1] <= 12


def mended(user: User, *texts: str) -> list[str]:
    said = hear(user, [Word(text) for text in texts], names_of(user), forgiving=True)
    return [correction.meant for correction in said.corrections]


def test_only_what_finds_nothing_is_mended(owner: User, make_photo: Maker, name_face: Any) -> None:
    name_face(make_photo(), "Marie")
    assert mended(owner, "marei") == ["marie"]
    assert mended(owner, "Marei") == ["Marie"]
    assert mended(owner, "mar") == []  # the beginning of a name is enough
    make_photo(title="Marei")
    hearing.fulltext.refresh()
    assert mended(owner, "marei") == []


def test_quoted_words_and_numbers_are_never_mended(owner: User, make_photo: Maker, name_face: Any) -> None:
    name_face(make_photo(), "Marie")
    said = hear(owner, [Word("marei", exact=True)], names_of(owner), forgiving=True)
    assert said.corrections == ()
    assert mended(owner, "mar1e") == []


def test_what_looks_like_the_word_keeps_it(owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = make_photo()
    monkeypatch.setattr(hearing.looks, "can_find", lambda user: True)
    monkeypatch.setattr(hearing.looks, "find", lambda user, words: [photo.pk])
    assert mended(owner, "baech") == []


def test_a_real_word_gives_way_to_a_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "knows", lambda word: word in ("marsh", "pairs"))
    assert candidates("marsh", frozenset()) == []
    assert candidates("pairs", frozenset({"paris"})) == ["paris"]
    assert candidates("vidoes", frozenset()) == ["videos"]


def test_without_weights_a_word_may_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(word: str) -> bool:
        raise inference.MissingWeights("none")

    monkeypatch.setattr(encoder, "knows", missing)
    assert candidates("baech", frozenset()) == []
    assert candidates("janury", frozenset()) == ["january"]


def test_a_word_of_a_title_is_mended(owner: User, stranger: User, make_photo: Maker) -> None:
    make_photo(title="Oktoberfest", name="fernweh.jpg")
    make_photo(title="Kindergarten", owner=stranger)
    hearing.fulltext.refresh()
    assert mended(owner, "oktobrefest") == ["oktoberfest"]
    assert mended(owner, "kindergraten") == []
    assert mended(owner, "fernwhe") == []  # a file's name is nothing that somebody wrote
    assert mended(owner, "oktob") == []


def test_a_written_word_is_found_behind_names_of_files_and_words_in_pictures(owner: User, make_photo: Maker) -> None:
    """The first photo with a word like it may have it where nobody wrote it."""
    make_photo(name="oktoberfest.jpg")
    PhotoText.objects.create(photo=make_photo(), text="OKTOBERFEST", model="test")
    make_photo(description="At the Oktoberfest")
    hearing.fulltext.refresh()
    assert mended(owner, "oktobrefest") == ["oktoberfest"]


def test_a_photo_that_is_deleted_meanwhile_has_no_words(
    owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(title="Oktoberfest")
    hearing.fulltext.refresh()
    monkeypatch.setattr(hearing, "documents", lambda ids: dict.fromkeys(ids) and {})
    assert mended(owner, "oktobrefest") == []


def test_not_every_word_that_was_ever_typed_is_remembered() -> None:
    assert hearing.is_english.cache_info().maxsize


@pytest.mark.django_db
def test_what_a_process_reads_once_is_no_time_of_the_first_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of its own: each file takes an hour to read."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(time_limit, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def slow(read: Callable[..., Any]) -> Callable[..., Any]:
        def reading(*given: Any) -> Any:
            clock.now += 3600
            return read(*given)

        return reading

    for module, name in [(tables.translations, "of"), (hearing.things, "shipped"), (hearing.vocabulary, "shipped")]:
        monkeypatch.setattr(module, name, slow(getattr(module, name)))
    for cached in (tables.of, hearing.dictionary, hearing.usual_words, hearing.is_english):
        cached.cache_clear()
    with time_limit.time_limit(1, "That takes too long."):
        voice = voice_of(["pies", "śniegu"], "en", lambda form: False, hearing.is_english)
        time_limit.check_time()
    assert clock.now >= 3 * 3600
    assert voice.last
    assert voice.last.code == "pl"
