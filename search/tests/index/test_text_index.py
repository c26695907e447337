"""The tables of the full-text index: questions in the syntax of both databases, and what the table finds and keeps."""

from collections.abc import Callable

import pytest
from django.db import connection

from photos.models import Photo
from search.index import fulltext
from search.index.documents import Document
from search.index.text_index import (
    Every,
    Phrase,
    PostgresIndex,
    Question,
    Some,
    SqliteIndex,
    TextIndex,
    every,
    some,
    text_index,
    vector_of,
)

RED, SUN, SEA = (Phrase((word,), False) for word in ("red", "sun", "sea"))


@pytest.fixture
def index(db: None) -> TextIndex:
    index = text_index()
    index.install()
    return index


def document(**columns: list[list[str]]) -> Document:
    made = Document()
    made.values |= columns
    return made


def names() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("search_text_")}


# --- questions --------------------------------------------------------------------------------------------------------


def test_joined_questions_are_flat_and_each_part_counts_once() -> None:
    assert every([RED, every([SUN, RED]), SEA]) == Every((RED, SUN, SEA))
    assert some([RED, some([SUN, RED])]) == Some((RED, SUN))
    assert every([RED, RED]) == RED
    assert every([some([RED, SUN]), SEA]) == Every((Some((RED, SUN)), SEA))


@pytest.mark.parametrize(
    ("question", "sqlite", "postgres"),
    [
        (SUN, '"sun"', "'sun'"),
        (Phrase(("sun",), True), '"sun" *', "'sun':*"),
        (Phrase(("red", "sun"), True), '"red sun" *', "('red' <-> 'sun':*)"),
        (Phrase(("red", "sun"), False, "pictured"), '{pictured} : "red sun"', "('red':D <-> 'sun':D)"),
        (Phrase(("sun",), True, "notes"), '{notes} : "sun" *', "'sun':*B"),
        (Every((RED, Some((SUN, SEA)))), '("red" AND ("sun" OR "sea"))', "('red' & ('sun' | 'sea'))"),
    ],
)
def test_a_question_in_the_syntax_of_both_databases(question: Question, sqlite: str, postgres: str) -> None:
    assert SqliteIndex().query(question) == sqlite
    assert PostgresIndex().query(question) == postgres


def test_a_vector_has_gaps_between_values_and_columns() -> None:
    made = document(names=[["red", "sun"], ["sea", "of", "ice"]], notes=[["dawn"]])
    assert vector_of(made) == "'red':1A 'sun':2A 'sea':4A 'of':5A 'ice':6A 'dawn':8B"


def test_positions_stop_at_the_limit_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.documents.LONGEST", 20_000)
    vector = vector_of(document(names=[["sun"] * 16_384], notes=[["dawn"]])).split()
    assert vector[-3:] == ["'sun':16383A", "'sun':16383A", "'dawn':16383B"]


# --- the table of the database in use ---------------------------------------------------------------------------------


def test_phrases_are_found_in_their_column_and_not_across_values(index: TextIndex) -> None:
    index.put({1: document(names=[["red"], ["sun"]]), 2: document(notes=[["red", "sunset"]])})
    for phrase, found in (
        (Phrase(("red", "sun"), True), [2]),
        (Phrase(("red", "sun"), False), []),
        (Phrase(("red",), False, "names"), [1]),
        (Phrase(("sun",), True, "notes"), [2]),
        (Phrase(("sun",), False, "notes"), []),
    ):
        assert index.ranked(phrase, 10) == found, phrase


def test_a_document_replaces_the_previous_one(index: TextIndex) -> None:
    index.put({1: document(names=[["sun"]]), 2: document(names=[["sun"]])})
    index.put({1: document(names=[["sea"]])})
    assert (index.count(), index.ranked(SUN, 10), index.ranked(SEA, 10)) == (2, [2], [1])
    index.remove([2, 3])
    assert (index.count(), index.ranked(SUN, 10)) == (1, [])
    assert index.check() == ""


def test_the_better_hit_comes_first(make_photo: Callable[..., Photo]) -> None:
    weak = make_photo(name="lake.jpg")
    strong = make_photo(title="lake")
    middle = make_photo(description="at the lake")
    for _ in range(10):
        make_photo(title="mountain")
    fulltext.refresh()
    ranked = text_index().ranked(fulltext.phrase_of("lake", False), 10)
    assert ranked == [strong.pk, middle.pk, weak.pk]


def test_no_more_are_ranked_than_asked_for(index: TextIndex) -> None:
    index.put({number: document(names=[["sun"]]) for number in range(1, 6)})
    assert len(index.ranked(SUN, 2)) == 2


def test_photos_that_no_longer_exist_are_forgotten(index: TextIndex, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo()
    index.put({photo.pk: document(names=[["sun"]]), photo.pk + 1: document(names=[["sun"]])})
    index.remove_orphans()
    assert index.ranked(SUN, 10) == [photo.pk]


def test_a_table_with_other_contents_is_reused_and_one_with_another_layout_is_dropped(index: TextIndex) -> None:
    index.put({1: document(names=[["sun"]])})
    assert not index.install()
    layout, _, _ = index.table.rpartition("_")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {index.table} RENAME TO {layout}_00000000")
        cursor.execute("CREATE TABLE search_text_00000000_00000000 (id integer)")
        cursor.execute("CREATE TABLE search_text_mine (id integer)")  # no name of ours
    assert index.install()
    assert {index.table, "search_text_mine"} <= names()
    assert not {f"{layout}_00000000", "search_text_00000000_00000000"} & names()
    assert index.ranked(SUN, 10) == [1]
