"""Questions as both databases write them."""

import pytest

from search.index.text_index import Every, Phrase, PostgresIndex, Question, Some, SqliteIndex, every, some

SUN, SEA = Phrase(("sun",), prefix=True), Phrase(("deep", "sea"), prefix=False)
NAMED = Phrase(("person_anna",), prefix=True, column="names")


def test_parts_are_joined_flat_and_each_once() -> None:
    assert every([SUN]) == SUN == some([SUN, SUN])
    assert every([SUN, every([SEA, SUN])]) == Every((SUN, SEA))
    assert some([SUN, some([SEA, NAMED])]) == Some((SUN, SEA, NAMED))
    assert every([SUN, some([SEA, NAMED])]) == Every((SUN, Some((SEA, NAMED))))


@pytest.mark.parametrize(
    ("question", "sqlite", "postgres"),
    [
        (SUN, '"sun" *', "'sun':*"),
        (SEA, '"deep sea"', "('deep' <-> 'sea')"),
        (NAMED, '{names} : "person_anna" *', "'person_anna':*A"),
        (every([SUN, SEA]), '("sun" * AND "deep sea")', "('sun':* & ('deep' <-> 'sea'))"),
        (every([SUN, some([SEA, NAMED])]), '("sun" * AND ("deep sea" OR {names} : "person_anna" *))',
         "('sun':* & (('deep' <-> 'sea') | 'person_anna':*A))"),
    ],
)  # fmt: skip
def test_a_question_in_the_words_of_the_database(question: Question, sqlite: str, postgres: str) -> None:
    assert SqliteIndex().query(question) == sqlite
    assert PostgresIndex().query(question) == postgres
