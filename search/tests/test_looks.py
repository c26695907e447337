"""Words that say what a picture looks like, among the other ways to find it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from photos.gallery import looks
from photos.models import DetectedObject, Photo, PhotoText
from search.compile import Compiler, Found, select
from search.conditions.meanings import Meaning
from search.index import fulltext
from search.language.tree import Term, Word
from search.looks import is_name
from search.results import timeline
from vision.words import encoder

BOX = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test"}


@pytest.fixture
def photos(make_photo: Callable[..., Photo], name_face: Any) -> dict[str, Photo]:
    """A beach with Anna and one without, a dog on a beach of 2019, a beach by its title, one by a board."""
    made = {
        name: make_photo(name=f"IMG_{number}.jpg", taken=datetime(year, 7, 1, number), **more)
        for number, (name, year, more) in enumerate(
            [
                ("anna", 2019, {}),
                ("empty", 2020, {"place": "Lisbon", "region": "The City"}),
                ("dog", 2019, {}),
                ("titled", 2021, {"title": "Beach party"}),
                ("board", 2018, {}),
                ("city", 2019, {}),
            ],
            start=1,
        )
    }
    name_face(made["anna"], "Anna")
    DetectedObject.objects.create(photo=made["dog"], label="dog", score=0.9, **BOX)
    PhotoText.objects.create(photo=made["board"], text="BEACH 200 m", model="test")
    return made


@pytest.fixture
def asked(photos: dict[str, Photo], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of looks: beaches are known by sight, the dog's best."""
    texts: list[str] = []

    def find(user: User, words: Sequence[str]) -> list[int]:
        texts.append(" ".join(words))
        return [photos[name].pk for name in ("dog", "anna", "empty")] if "beach" in words else []

    monkeypatch.setattr(looks, "can_find", lambda user: True)
    monkeypatch.setattr(looks, "find", find)
    return texts


def names(photos: dict[str, Photo], ids: Sequence[int]) -> list[str]:
    return [name for pk in ids for name, photo in photos.items() if photo.pk == pk]


def found(user: User, text: str) -> Found:
    return timeline.find(user, text)


def listed(user: User, text: str) -> list[tuple[str, list[int]]]:
    page = timeline.of_found(user, found(user, text)).older()
    return [(day.heading, [photo.pk for photo in day.photos]) for day in page.days]


def test_results_have_reasons_and_looks_come_best_first(
    photos: dict[str, Photo], asked: list[str], owner: User
) -> None:
    sections = [(heading, names(photos, ids)) for heading, ids in listed(owner, "beach")]
    assert sections == [
        ("Named “beach”", ["titled"]),
        ("“beach” is written in it", ["board"]),
        ("Looks like “beach”", ["dog", "anna", "empty"]),
    ]


@pytest.mark.parametrize(
    ("text", "shown", "described"),
    [
        ("anna beach", ["anna"], "beach"),
        ("beach 2019", ["anna", "dog"], "beach"),
        ("anna beach 2019 -dog", ["anna"], "beach"),
        ("beach -dog", ["anna", "empty", "titled", "board"], "beach"),
        ("lisbon beach", ["empty"], "beach"),
        ("beach date:2020", ["empty"], "beach"),
        ("the sandy beach", ["anna", "dog", "empty"], "the sandy beach"),
        ("sandy beach", ["anna", "dog", "empty"], "sandy beach"),
    ],
)
def test_names_years_and_keys_narrow_down_what_the_other_words_describe(
    photos: dict[str, Photo], asked: list[str], owner: User, text: str, shown: list[str], described: str
) -> None:
    ids = select(Photo.objects.all(), owner, text).values_list("pk", flat=True)
    assert sorted(names(photos, list(ids))) == sorted(shown)
    assert asked == [described]


@pytest.mark.parametrize("text", ["anna", '"beach"', "-beach", "4711", "title:beach", "IMG_1"])
def test_names_quoted_words_numbers_and_negations_describe_nothing(
    photos: dict[str, Photo], asked: list[str], owner: User, text: str
) -> None:
    assert found(owner, text).photos.count() >= 0
    assert asked == []


@pytest.mark.parametrize(
    ("text", "descriptions"),
    [
        ("snow or hills at the beach", ["snow", "hills", "the beach"]),
        ("snow or hills at the beach in summer", ["snow", "hills", "the beach in summer", "the beach"]),
    ],
)
def test_each_part_is_asked_for_once(
    photos: dict[str, Photo], asked: list[str], owner: User, text: str, descriptions: list[str]
) -> None:
    """Also where the rest narrows down what other parts describe."""
    assert [one.text for one in found(owner, text).descriptions] == descriptions
    assert asked == descriptions


def test_what_narrows_looks_down_is_compiled_once(
    photos: dict[str, Photo], asked: list[str], owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its conditions count as often as the query has them, and names and dates are not looked up again."""
    compiled: list[str] = []
    term = Compiler.term

    def counting(self: Compiler, node: Term) -> Meaning:
        compiled.append(str(node))
        return term(self, node)

    monkeypatch.setattr(Compiler, "term", counting)
    assert len(found(owner, "beach videos untagged christmas").descriptions) == 2
    assert sorted(compiled) == ["date:christmas", "is:untagged", "type:video"]


def test_many_words_apart_take_few_queries(
    photos: dict[str, Photo], owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether looks can be asked is looked up once a search, and typing mistakes only in the first words."""
    monkeypatch.setattr(encoder, "knows", lambda word: False)

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            found(owner, " OR ".join(f"qwertz{'abcdefghij'[at // 10]}{'abcdefghij'[at % 10]}" for at in range(count)))
        return len(asked)

    queries(1)
    assert queries(90) == queries(30) <= 100


def test_an_explicit_order_is_kept_with_looks(photos: dict[str, Photo], asked: list[str], owner: User) -> None:
    assert found(owner, "beach").sort == "relevance"
    assert found(owner, "beach sort:newest").sort == "newest"
    assert found(owner, "town hall").sort == ""


def test_a_group_is_selected_as_a_whole(photos: dict[str, Photo], asked: list[str], owner: User) -> None:
    ranking = timeline.of_found(owner, found(owner, "beach"))
    assert ranking.keys_of_day("section-2", 10) == [photos[name].key for name in ("dog", "anna", "empty")]


def test_others_do_not_find_them(photos: dict[str, Photo], asked: list[str], stranger: User) -> None:
    assert not found(stranger, "beach").photos.exists()


def test_the_page_says_why_and_that_nothing_looks_like_that(
    photos: dict[str, Photo], asked: list[str], client: Client, owner: User
) -> None:
    client.force_login(owner)
    assert "Looks like “beach”" in client.get("/search/", {"q": "beach"}).content.decode()
    assert "Nothing here looks like that" in client.get("/search/", {"q": "giraffe"}).content.decode()


def test_a_name_is_one_in_the_users_own_library(photos: dict[str, Photo], owner: User, stranger: User) -> None:
    fulltext.refresh()
    assert [is_name(owner, Word(text)) for text in ("Anna", "lisbon", "ann", "beach")] == [True, True, False, False]
    assert [is_name(owner, Word(text)) for text in ("city", "the")] == [False, False]  # though a region is called so
    assert not is_name(stranger, Word("anna"))


def test_without_vectors_words_find_words(photos: dict[str, Photo], owner: User) -> None:
    assert not found(owner, "beach").descriptions
    assert sorted(names(photos, list(found(owner, "beach").photos.values_list("pk", flat=True)))) == ["board", "titled"]
