"""Units of words as people read them, and the words that belong to them."""

import pytest

from search.language.spoken.senses import DATE, KIND, PERSON, Sense, Unit, flat
from search.language.tree import Word

ANNA = Unit((Word("anna"),), (Sense(PERSON, "person:=Anna", "Anna"),), before=(Word("with"),))
BEN = Unit((Word("ben"),), (Sense(PERSON, "person:=Ben", "Ben"),))
VIDEOS = Sense(KIND, "type:video", "Videos")
SUMMER = Sense(DATE, "date:summer", "Summer", soft=True)


@pytest.mark.parametrize(
    ("unit", "label", "icon"),
    [
        (Unit((Word("old"), Word("town"))), "old town", ""),
        (ANNA, "Anna", "user"),
        (Unit(ANNA.words, ANNA.senses, others=(BEN,)), "Anna or Ben", ""),
        (Unit(ANNA.words, ANNA.senses, left_out=True), "without Anna", "user"),
        (Unit((Word("videos"),), (VIDEOS,), left_out=True), "without videos", "list-filter"),
        (Unit((Word("raw"),), (Sense(KIND, "type:raw", "RAW"),), left_out=True), "without RAW", "list-filter"),
    ],
)
def test_how_people_read_it(unit: Unit, label: str, icon: str) -> None:
    assert (unit.label, unit.icon) == (label, icon)


def test_which_words_are_looked_for_and_which_describe() -> None:
    assert Unit((Word("beach"),)).is_plain
    assert not ANNA.is_plain
    assert not Unit((Word("beach"),), left_out=True).is_plain
    assert Unit((Word("summer"),), (SUMMER,)).is_soft
    assert not Unit((Word("summer"),), (SUMMER, ANNA.senses[0])).is_soft
    assert not Unit((Word("summer"),), (SUMMER,), left_out=True).is_soft
    assert not Unit((Word("summer"),)).is_soft


def test_those_that_may_stand_in_for_it_belong_to_it() -> None:
    either = Unit(BEN.words, BEN.senses, others=(ANNA,))
    assert [word.text for word in either.all_words] == ["ben", "with", "anna"]
    assert list(flat([either, BEN])) == [either, ANNA, BEN]
