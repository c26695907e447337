"""What a mistake says, where it is, and where in the text each part of a search stands."""

import pytest

from search.language.grammar import DEEPEST, LONGEST, Mistake, Parser, parse, position, requoted
from search.language.keys import KEYS
from search.language.tree import Node, Not, Term, Value, Word, conjuncts, walk

NOT_CLOSED = "This parenthesis is not closed."
NO_WORD = "There is no word in this."
NOTHING_HERE = "There is nothing in these parentheses."
NO_DATE = (
    "This is no date. Dates are written as 2023, 2023-05, 2023-05-12, may 2023, summer 2022, last week, "
    "or 2023-05..2023-08."
)
TYPES = "type: takes {}.".format(", ".join(KEYS["type"].choices))


def said(text: str) -> tuple[int, int, str, str]:
    with pytest.raises(Mistake) as caught:
        parse(text)
    mistake = caught.value
    assert str(mistake) == mistake.message
    return mistake.start, mistake.end, mistake.suggestion, mistake.message


@pytest.mark.parametrize(
    ("text", "start", "end", "suggestion", "message"),
    [
        # parentheses
        ("beach (sun", 6, 7, "beach (sun)", NOT_CLOSED),
        ("beach (sun  ", 6, 7, "beach (sun)", NOT_CLOSED),
        ("(a (b) c", 0, 1, "(a (b) c)", NOT_CLOSED),
        ("a (", 2, 3, "a ()", NOT_CLOSED),
        ("a (  ", 2, 3, "a ()", NOT_CLOSED),
        ("beach sun) x", 9, 10, "beach sun x", "This parenthesis closes nothing."),
        ("() a", 0, 2, "a", NOTHING_HERE),
        ("a (  ) b", 2, 6, "a  b", NOTHING_HERE),
        (")", 0, 1, "", NOTHING_HERE),
        # OR
        ("a OR  ", 2, 4, "a", "Write something after OR."),
        ("a OR", 2, 4, "a", "Write something after OR."),
        ("(a OR) b", 3, 5, "(a ) b", "Write something after OR."),
        ("(a OR ) b", 3, 5, "(a  ) b", "Write something after OR."),
        ("OR a", 0, 2, "a", "Write something before OR."),
        ("a (OR b)", 3, 5, "a ( b)", "Write something before OR."),
        ("a OR OR b", 5, 7, "a OR  b", "Write something before OR."),
        # AND
        ("AND a", 0, 3, "a", "AND stands between two things."),
        ("a AND", 2, 5, "a", "AND stands between two things."),
        ("a AND  ", 2, 5, "a", "AND stands between two things."),
        ("(a AND) b", 3, 6, "(a ) b", "AND stands between two things."),
        ("b (AND a)", 3, 6, "b ( a)", "AND stands between two things."),
        # NOT
        (" - ", 1, 2, "", "What should be left out?"),
        ("(-) b", 1, 2, "() b", "What should be left out?"),
        ("a NOT", 2, 5, "a", "What should be left out?"),
        ("(a -) b", 3, 4, "(a ) b", "What should be left out?"),
        ("(a NOT ) b", 3, 6, "(a  ) b", "What should be left out?"),
        # words
        ("a !!! b", 2, 5, "a  b", NO_WORD),
        ('a "!" b', 2, 5, "a  b", NO_WORD),
        ('a "b', 2, 3, 'a "b"', "These quotation marks are not closed."),
        # keys
        ("a preson:Anna", 2, 9, "a person:Anna", "There is no key “preson”."),
        ("a PRESON:Anna", 2, 9, "a person:Anna", "There is no key “PRESON”."),
        (
            "a http://d.e b",
            2,
            7,
            'a "http://d.e" b',
            "There is no key “http”. To search for these characters, quote them.",
        ),
        ("xyzzy: b", 0, 6, '"xyzzy:" b', "There is no key “xyzzy”. To search for these characters, quote them."),
        ("a person:", 2, 9, "", "Write something after person:, such as person:Anna,Ben all"),
        ("a person: ) b", 2, 10, "", "Write something after person:, such as person:Anna,Ben all"),
        ('a tag:" " b', 2, 9, "", "Write something after tag:, such as tag:travel/japan"),
        ("a iso:>", 2, 7, "", "Write something after iso:, such as iso:>800"),
        ("person:Anna,", 11, 12, "", "Write something after the comma."),
        ("person:Anna, ", 11, 12, "", "Write something after the comma."),
        ("(person:Anna,) b", 12, 13, "", "Write something after the comma."),
        ("person:Anna,(b)", 11, 12, "", "Write something after the comma."),
        ("a person:!!", 9, 11, "", NO_WORD),
        ('a place:"!!" b', 8, 12, "", NO_WORD),
        ("a date:>=sumer b", 7, 14, "a date:>=summer b", NO_DATE),
        ("date:lastweek", 5, 13, 'date:"last week"', NO_DATE),
        ("date:yesterdy", 5, 13, "date:yesterday", NO_DATE),
        ("date:TODAZ", 5, 10, "date:today", NO_DATE),
        ("date:xqzw", 5, 9, "", NO_DATE),
        ("iso:fast", 4, 8, "", "“fast” is no number. It is written as in iso:>800"),
        (
            "a size:10XB b", 7, 11, "",
            "“XB” is no unit that is known here: b, KB, MB, GB, k, m, g. It is written as in size:>10MB",
        ),
        ("a tag:>x", 6, 7, "", "tag: cannot be compared."),
        ("place:>=x", 6, 8, "", "place: cannot be compared."),
        # choices
        ("a is:favourit b", 5, 13, "a is:favourite b", "is: takes {}.".format(", ".join(KEYS["is"].choices))),
        ("a is:FAVOURIT b", 5, 13, "a is:favourite b", "is: takes {}.".format(", ".join(KEYS["is"].choices))),
        ("a type:gps b", 7, 10, "a has:gps b", TYPES),
        ("a type:qqqq b", 7, 11, "", TYPES),
        # near
        ("a near:Lisbon 0km b", 14, 17, "", "That is farther than the earth is wide."),
        ("near:Lisbon 20001km", 12, 19, "", "That is farther than the earth is wide."),
        ("a near:!! b", 7, 9, "", NO_WORD),
        ("near:!!,?? b", 5, 10, "", NO_WORD),
        # of the whole search
        ("a sort:oldest sort:newest", 14, 25, "", "There can be one order only."),
        ("sort:oldest,newest", 0, 18, "", "There can be one order only."),
        ("a language:de language:fr", 14, 25, "", "There can be one language only."),
        ("a (b OR sort:oldest)", 8, 19, "", "sort: is for the whole search: put it at its end."),
        ("a -language:de", 3, 14, "", "language: is for the whole search: put it at its end."),
    ],
)  # fmt: skip
def test_what_a_mistake_says(text: str, start: int, end: int, suggestion: str, message: str) -> None:
    assert said(text) == (start, end, suggestion, message)


def test_a_search_has_a_length_and_a_depth() -> None:
    assert parse("a" * LONGEST).root is not None
    assert said("a" * (LONGEST + 1)) == (2000, 2001, "", "A search has at most 2,000 characters.")
    deep = "(" * DEEPEST + "a" + ")" * DEEPEST
    assert parse(deep).root == Word("a")
    assert parse(f"{deep} {deep}").root is not None  # one beside the other
    assert said(f"{deep} ({deep})")[3] == "Too many parentheses within each other."  # what was closed counts no more
    assert said(f"b ({deep})") == (2 + DEEPEST, 3 + DEEPEST, "", "Too many parentheses within each other.")
    assert isinstance(parse("-" * DEEPEST + "a").root, Not)
    assert said("NOT " * (DEEPEST + 1) + "a")[3] == "Too many parentheses within each other."


def test_a_null_is_a_space() -> None:
    assert parse("a\x00b").root == parse("a b").root


def places(text: str) -> list[tuple[str, str]]:
    """Each part with what stands at its place in the text."""
    found: list[tuple[str, str]] = []
    for node in walk(parse(text).root):
        found.append((type(node).__name__, text[node.start : node.end]))
        if isinstance(node, Term):
            found += [("Value", text[value.start : value.end]) for value in node.values]
    return found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (" beach", [("Word", "beach")]),
        ('a "b c"', [("And", 'a "b c"'), ("Word", "a"), ("Word", '"b c"')]),
        ("a -b", [("And", "a -b"), ("Word", "a"), ("Not", "-b"), ("Word", "b")]),
        ("x NOT b", [("And", "x NOT b"), ("Word", "x"), ("Not", "NOT b"), ("Word", "b")]),
        ("a OR b", [("Or", "a OR b"), ("Word", "a"), ("Word", "b")]),
        (" person:Anna, Ben all", [("Term", "person:Anna, Ben all"), ("Value", "Anna"), ("Value", "Ben")]),
        ("x iso:>=800", [("And", "x iso:>=800"), ("Word", "x"), ("Term", "iso:>=800"), ("Value", ">=800")]),
        ("date:summer 2022 x", [
            ("And", "date:summer 2022 x"), ("Term", "date:summer 2022"), ("Value", "summer 2022"), ("Word", "x")
        ]),
        ("type:VIDEO", [("Term", "type:VIDEO"), ("Value", "VIDEO")]),
        (" near:New 5 mi", [("Term", "near:New 5 mi"), ("Value", "New")]),
        ("near:38.7, -9.1", [("Term", "near:38.7, -9.1"), ("Value", "38.7, -9.1")]),
    ],
)  # fmt: skip
def test_where_each_part_stands(text: str, parts: list[tuple[str, str]]) -> None:
    assert places(text) == parts


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("anna & ben", "anna ben"),
        ("anna + ben – carl , — dora", "anna ben carl dora"),
        ("anna AND & ben", "anna ben"),
        ("a AND AND b", "a b"),
        ("anna ,", "anna"),
        ("NOT NOT a", "--a"),
        ("a (b c) d", "a b c d"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("who:Anna", "person:Anna"),
        ("WHO: Anna", "person:Anna"),
        ("person：Anna", "person:Anna"),
        ("tag:a,b any", "tag:a,b"),
        ("rating:=<3", "rating:<=3"),
        ("rating:=3 x", "rating:=3 x"),
        ("date:=2023", "date:2023"),
        ("date:=2023 x", "date:2023 x"),
        ('iso:"800"', "iso:800"),
        ('rating:>"4"', "rating:>4"),
        ('date:"2023"', "date:2023"),
        ('type:"video"', "type:video"),
        ("type:video,photo", "type:VIDEO,PHOTO"),
        ("near:Lisbon 10km", "near:Lisbon"),
        ("near:Lisbon 1,5 km", "near:Lisbon 1.5km"),
        ("near:Lisbon 20KM", "near:Lisbon 20km"),
        ("near:38.7,-9.1 20km", "near:38.7, -9.1 20km"),
        ("near:Lisbon 20000km", "near:Lisbon 20000 km"),
    ],
)
def test_other_ways_to_write_the_same(text: str, same: str) -> None:
    assert parse(text) == parse(same)


def near(name: str, km: float, *, exact: bool) -> Term:
    return Term("near", (Value(name, exact=exact),), km=km)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a & b", (Word("a"), Word("b"))),
        ("-(sun) b", (Not(Word("sun")), Word("b"))),
        ("- a b", (Not(Word("a")), Word("b"))),
        ("person:Anna alone", (Term("person", (Value("Anna"),), "alone"),)),
        ("person:Anna,Ben all)", None),
        ("(person:Anna all)", (Term("person", (Value("Anna"),), "all"),)),
        ('person:Anna all"x"', (Term("person", (Value("Anna"),), "all"), Word("x", exact=True))),
        ("place:Anna all", (Term("place", (Value("Anna"),)), Word("all"))),
        ("place:=Porto", (Term("place", (Value("Porto", "="),)),)),
        ('place:="Porto"', (Term("place", (Value("Porto", "=", exact=True),)),)),
        ("text:>a", None),
        ("similar:>abc", (Term("similar", (Value(">abc"),)),)),
        ("date:>2023 x", (Term("date", (Value("2023", ">"),)), Word("x"))),
        ("date:2023-05..2023-08 y", (Term("date", (Value("2023-05..2023-08"),)), Word("y"))),
        ('date:"2023" may', (Term("date", (Value("2023"),)), Word("may"))),
        ("date:last week", (Term("date", (Value("last week", exact=True),)),)),
        ("date:day before yesterday x", (Term("date", (Value("day before yesterday", exact=True),)), Word("x"))),
        ("date:2023 is:favourite", (Term("date", (Value("2023"),)), Term("is", (Value("favourite"),)))),
        ("(date:may 2023)", (Term("date", (Value("may 2023", exact=True),)),)),
        # the name of a town reaches up to a distance, over four words more at most
        ("near:a b c d e 5km", (near("a b c d e", 5, exact=True),)),
        ("near:a b c d e f 5km", (near("a", 10, exact=False), *map(Word, "bcdef"), Word("5km"))),
        ("near:New  York 5km x", (near("New York", 5, exact=True), Word("x"))),
        ("near:a OR b 5km", None),
        ("near:a b", (near("a", 10, exact=False), Word("b"))),
        ("near:a -b 5km", (near("a", 10, exact=False), Not(Word("b")), Word("5km"))),
        ("near:a AND b 5km", (near("a", 10, exact=False), Word("b"), Word("5km"))),
        ("near:a NOT b 5km", (near("a", 10, exact=False), Not(Word("b")), Word("5km"))),
        ('near:"New York" 5km', (near("New York", 5, exact=True),)),
        ('near:"a" b 5km', (near("a", 10, exact=False), Word("b"), Word("5km"))),
        ("near:Porto, Portugal 5km", (near("Porto, Portugal", 5, exact=True),)),
        ("near:a,b c 5km", (near("a, b", 10, exact=True), Word("c"), Word("5km"))),
        ("near:38.7,-9.1 x 5km", (near("38.7,-9.1", 10, exact=True), Word("x"), Word("5km"))),
        ("near:Lisbon 20kmx", (near("Lisbon", 10, exact=False), Word("20kmx"))),
        ("near:Lisbon 1234 m", (near("Lisbon", 1.234, exact=False),)),
        ("near:Lisbon 1.2345km", (near("Lisbon", 1.234, exact=False),)),
    ],
)
def test_more_that_is_understood(text: str, parts: tuple[Node, ...] | None) -> None:
    if parts is not None:
        assert conjuncts(parse(text).root) == parts
    elif " OR " in text:
        assert str(parse(text)) == "near:a 10km OR b 5km"
    else:
        said(text)


@pytest.mark.parametrize("key", ["object", "looks", "scene"])
def test_what_pages_show_in_the_readers_language_is_taken_back(key: str) -> None:
    (term,) = conjuncts(parse(f"{key}:hund language:de").root)
    assert isinstance(term, Term)
    assert (term.values[0].text, term.values[0].said) == ("hund", "dog")
    (term,) = conjuncts(parse("tag:hund language:de").root)
    assert isinstance(term, Term)
    assert term.values[0].said == "hund"


def test_the_order_and_the_language_are_kept_apart() -> None:
    tree = parse("sort:oldest a language:DE (b)")
    assert (tree.sort, tree.language) == ("oldest", "de")
    assert conjuncts(tree.root) == (Word("a"), Word("b"))
    tree = parse("sort:oldest")
    assert (tree.root, tree.sort, tree.language) == (None, "oldest", "")


@pytest.mark.parametrize(
    ("text", "language"),
    [("a language:DE", "de"), ("language: fr a", "fr"), ("LANGUAGE:it", "it"), ("a sublanguage:de", "en")],
)
def test_the_language_of_a_search(text: str, language: str) -> None:
    assert Parser(text).language == language


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["38.7", "-9.1"], (38.7, -9.1)),
        (["38.7,-9.1"], (38.7, -9.1)),
        (["90", "180"], (90.0, 180.0)),
        (["-90", "-180"], (-90.0, -180.0)),
        (["90.5", "0"], None),
        (["0", "180.5"], None),
        (["91", "181"], None),
        (["38.7"], None),
        (["38.7", "-9.1", "3"], None),
        (["Porto", "-9.1"], None),
    ],
)
def test_a_position(texts: list[str], found: tuple[float, float] | None) -> None:
    assert position([Value(text) for text in texts]) == found


def test_only_what_has_a_space_is_quoted_again() -> None:
    assert (requoted("last week"), requoted("summer")) == ('"last week"', "summer")
