"""Trees of plain values, and how they print."""

import pytest

from search.language.tree import (
    And,
    Node,
    Not,
    Or,
    Term,
    Tree,
    Value,
    Word,
    both,
    conjuncts,
    either,
    printed,
    quoted,
    walk,
    written,
)

A, B, C = Word("a"), Word("b"), Word("c")
ANNA = Term("person", (Value("Anna"),))


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Word("beach"), "beach"),
        (Word("on the beach", exact=True), '"on the beach"'),
        (Word('say "so"', exact=True), '"say \\"so\\""'),
        (Word("back\\slash", exact=True), '"back\\\\slash"'),
        (ANNA, "person:Anna"),
        (Term("person", (Value("Anna"), Value("Ben")), "all"), "person:Anna,Ben all"),
        (Term("person", (Value("Anna Lee", exact=True),)), 'person:"Anna Lee"'),
        (Term("iso", (Value("800", ">"),)), "iso:>800"),
        (Term("near", (Value("Lisbon"),), km=20), "near:Lisbon 20km"),
        (Term("near", (Value("Lisbon"),), km=0.5), "near:Lisbon 0.5km"),
        (Not(A), "-a"),
        (Not(Not(A)), "--a"),
        (Not(And((A, B))), "-(a b)"),
        (Not(Or((A, B))), "-(a OR b)"),
        (And((A, Or((B, C)))), "a (b OR c)"),
        (Or((And((A, B)), C)), "a b OR c"),
    ],
)
def test_a_node_prints_as_it_would_be_typed(node: Node, text: str) -> None:
    assert str(node) == text


def test_a_key_does_not_take_in_the_word_after_it() -> None:
    """`date:summer 2022` would read otherwise."""
    summer = Term("date", (Value("summer"),))
    assert str(And((summer, Word("2022")))) == 'date:"summer" 2022'
    assert str(And((summer, Word("on the beach", exact=True)))) == 'date:summer "on the beach"'
    assert str(And((Not(summer), Word("2022")))) == '-date:"summer" 2022'
    assert str(And((ANNA, Word("all")))) == "person:Anna any all"
    assert str(And((ANNA, Word("beach")))) == "person:Anna beach"
    assert str(And((Term("person", (Value("Anna"),), "all"), Word("all")))) == "person:Anna all all"


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Tree(None), ""),
        (Tree(A), "a"),
        (Tree(None, "newest"), "sort:newest"),
        (Tree(A, "newest"), "a sort:newest"),
        (Tree(And((A, B)), "newest"), "a b sort:newest"),
        (Tree(Or((A, B)), "newest"), "(a OR b) sort:newest"),
    ],
)
def test_a_whole_search(tree: Tree, text: str) -> None:
    assert str(tree) == text


@pytest.mark.parametrize(
    ("text", "exact"), [("Anna", False), ("Anna Lee", True), ("a,b", True), ("-x", True), ("a:b", False), ("", True)]
)
def test_a_value_is_quoted_only_where_it_must_be(text: str, exact: bool) -> None:
    assert written(text) == Value(text, exact=exact)


def test_quoting_escapes_what_would_end_it() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'


# --- building --------------------------------------------------------------------------------------------------------


def test_joining_is_flat() -> None:
    assert both([A]) == A
    assert both([A, B]) == And((A, B))
    assert both([And((A, B)), C]) == And((A, B, C))
    assert both([Or((A, B)), C]) == And((Or((A, B)), C))
    assert either([A]) == A
    assert either([Or((A, B)), C]) == Or((A, B, C))
    assert either([And((A, B)), C]) == Or((And((A, B)), C))


def test_what_is_joined_reaches_from_the_first_to_the_last() -> None:
    first, last = Word("a", start=3, end=4), Word("b", start=9, end=12)
    for node in (both([first, last]), either([first, last])):
        assert (node.start, node.end) == (3, 12)


def test_places_in_the_text_make_no_difference() -> None:
    assert Word("a", start=3, end=4) == A
    assert Not(A, 1, 2) == Not(A)


# --- taking apart ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "parts"), [(None, ()), (A, (A,)), (And((A, B)), (A, B)), (Or((A, B)), (Or((A, B)),)), (Not(A), (Not(A),))]
)
def test_parts_that_must_all_be_true(node: Node | None, parts: tuple[Node, ...]) -> None:
    assert conjuncts(node) == parts


def test_everything_below_a_node_the_node_first() -> None:
    inner = Or((B, Not(C)))
    tree = And((A, inner))
    assert list(walk(tree)) == [tree, A, inner, B, Not(C), C]
    assert list(walk(None)) == []
    assert list(walk(ANNA)) == [ANNA]


def test_printing_before_a_word() -> None:
    assert printed(A, "all") == "a"
    assert printed(ANNA, "all") == "person:Anna any"
