"""docs/use/find.md describes the whole language."""

import re
from pathlib import Path

import pytest

from search.keys import TABLE
from search.language.grammar import parse
from search.language.keys import Key

TEXT = (Path(__file__).parents[2] / "docs/use/find.md").read_text()
HEAD = "| key | other names | | example | takes |\n|---|---|---|---|---|\n"


def row(key: Key) -> str:
    names = ", ".join(f"`{name}:`" for name in key.aliases)
    taken = ", ".join(key.choices) or " ".join(key.units) or ", ".join(key.modes[1:])
    return f"| `{key.name}:` | {names} | {key.about} | `{key.example}` | {taken} |\n"


def test_the_table_has_all_keys() -> None:
    """If this fails, put this table into the document."""
    expected = "".join(map(row, TABLE))
    found = re.search(re.escape(HEAD) + r"((?:\|.*\n)*)", TEXT)
    assert found, HEAD
    assert found[1] == expected, expected


@pytest.mark.parametrize("example", re.findall(r"`([^`]+)`", TEXT[TEXT.index("What can be") : TEXT.index("The keys")]))
def test_the_examples_in_the_document_are_valid(example: str) -> None:
    if example not in ("AND", "=", ">", ">=", "<", "<="):
        parse(example)
