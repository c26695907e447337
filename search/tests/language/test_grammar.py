"""Text to tree and back."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from search.language.grammar import Mistake, parse
from search.language.tree import And, Not, Or, Term, Tree, Value, Word


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", None),
        ("  ", None),
        ("beach", Word("beach")),
        ('"on the beach"', Word("on the beach", exact=True)),
        ("beach sun", And((Word("beach"), Word("sun")))),
        ("beach AND sun", And((Word("beach"), Word("sun")))),
        ("beach and sun", And((Word("beach"), Word("and"), Word("sun")))),
        ("beach OR sun sea", Or((Word("beach"), And((Word("sun"), Word("sea")))))),
        ("(beach OR sun) sea", And((Or((Word("beach"), Word("sun"))), Word("sea")))),
        ("-beach", Not(Word("beach"))),
        ("NOT beach", Not(Word("beach"))),
        ("-(a OR b)", Not(Or((Word("a"), Word("b"))))),
        ("well-known", Word("well-known")),
        ("12:30", Word("12:30")),
        ("person:Anna", Term("person", (Value("Anna"),))),
        ("people:Anna", Term("person", (Value("Anna"),))),
        ("person:Anna,Ben", Term("person", (Value("Anna"), Value("Ben")))),
        ("person:Anna, Ben all", Term("person", (Value("Anna"), Value("Ben")), "all")),
        ('person:"Anna Lee" alone', Term("person", (Value("Anna Lee", exact=True),), "alone")),
        ("person:Anna allotment", And((Term("person", (Value("Anna"),)), Word("allotment")))),
        ("iso:>800", Term("iso", (Value("800", ">"),))),
        ("rating:=>4", Term("rating", (Value("4", ">="),))),
        ("place:=Porto", Term("place", (Value("Porto", "="),))),
        ("date:summer 2022", Term("date", (Value("summer 2022", exact=True),))),
        ("date:summer beach", And((Term("date", (Value("summer"),)), Word("beach")))),
        ('date:"last week"', Term("date", (Value("last week", exact=True),))),
        ("date:2023-05..2023-08", Term("date", (Value("2023-05..2023-08"),))),
        ("near:Lisbon 20km", Term("near", (Value("Lisbon"),), km=20)),
        ("near:Lisbon", Term("near", (Value("Lisbon"),), km=10)),
        ("near:New York 5 mi", Term("near", (Value("New York", exact=True),), km=8.047)),
        ("near:38.7,-9.1 500m", Term("near", (Value("38.7,-9.1", exact=True),), km=0.5)),
        ("is:Favorite", Term("is", (Value("favourite"),))),
        ("東京タワー", Word("東京タワー")),
        ("„am Strand“", Word("am Strand", exact=True)),
        ('"0“"', Word("0“", exact=True)),
    ],
)
def test_what_is_understood(text, root):
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "start", "end", "suggestion"),
    [
        ("beach (sun", 6, 7, "beach (sun)"),
        ("beach sun)", 9, 10, "beach sun"),
        ('beach "sun', 6, 7, 'beach "sun"'),
        ("beach OR", 6, 8, "beach"),
        ("OR beach", 0, 2, "beach"),
        ("()", 0, 2, ""),
        ("preson:Anna sun", 0, 7, "person:Anna sun"),
        ("http://a.de", 0, 5, '"http://a.de"'),
        ("person:", 0, 7, ""),
        ("date:sumer", 5, 10, "date:summer"),
        ("date:2023-13", 5, 12, ""),
        ("is:favourit x", 3, 11, "is:favourite x"),
        ("is:gps", 3, 6, "has:gps"),
        ("beach -is:gps sun", 10, 13, "beach -has:gps sun"),
        ("is:video", 3, 8, "type:video"),
        ("has:favorites", 4, 13, "is:favourite"),
        ("iso:fast", 4, 8, ""),
        ("size:>10XB", 5, 10, ""),
        ("sort:newest OR a", 0, 11, ""),
        ("!!!", 0, 3, ""),
        ("-", 0, 1, ""),
    ],
)
def test_what_is_wrong_is_pointed_at(text, start, end, suggestion):
    with pytest.raises(Mistake) as caught:
        parse(text)
    assert (caught.value.start, caught.value.end, caught.value.suggestion) == (start, end, suggestion)


def test_the_order_is_said_once_and_of_the_whole():
    assert parse("sort:oldest beach").sort == "oldest"
    assert str(parse("sort:oldest beach")) == "beach sort:oldest"
    for text in ("sort:oldest sort:newest", "(a OR sort:oldest)", "-sort:oldest"):
        with pytest.raises(Mistake):
            parse(text)


SIGNS = ' ( ) " “ - , : .. \\ = > < é 東京 \u3000 \n'
BEGUN = "OR AND NOT all alone any 20km person: date: near: iso: is: sort: tag: foo: last week -1 38.7,-9.1"
WHOLE = "2023 summer may x 12 favourite newest Anna"
PIECES = st.sampled_from([*SIGNS.split(" "), *BEGUN.split(" "), *WHOLE.split(" "), " "])


def read(text: str) -> Tree | Mistake:
    try:
        return parse(text)
    except Mistake as mistake:
        return mistake


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES).map(" ".join)))
def test_any_text_is_a_search_that_prints_back_or_a_mistake_within_it(text):
    found = read(text)
    if isinstance(found, Tree):
        assert parse(str(found)) == found
    else:
        assert found.message
        assert 0 <= found.start < found.end <= max(len(text), 1)
        assert found.suggestion != text


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("de", 'date:"letzten Sommer"', 'date:"last summer"'),
        ("de", "date:letzten sommer strand", 'date:"last summer" strand'),
        ("de", "date:von mai bis juli 2023", "date:may..july 2023"),
        ("de", "date:>märz 2023", 'date:>"march 2023"'),
        ("de", "added:vorgestern", 'added:"day before yesterday"'),
        ("de", "date:summer 2022", 'date:"summer 2022"'),
        ("fr", 'date:"l’été dernier"', 'date:"last summer"'),
        ("es", 'date:"el verano pasado"', 'date:"last summer"'),
        ("pt-br", "date:janeiro 2024", 'date:"january 2024"'),
        ("ja", "date:2024年1月", 'date:"january 2024"'),
        ("zh-hans", "date:昨天", "date:yesterday"),
        ("en", "date:märz language:de", "date:march language:de"),  # as it was saved by somebody who reads German
    ],
)
def test_dates_after_a_key_are_read_in_the_readers_language(language, text, english):
    with override(language):
        assert parse(text) == parse(english)
        assert parse(str(parse(text))) == parse(text)


def test_a_date_of_another_language_is_a_mistake():
    with override("en"), pytest.raises(Mistake):
        parse("date:vorgestern")
    with override("de"), pytest.raises(Mistake):
        parse("date:gesternchen")
