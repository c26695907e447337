"""Sentences that are kept in English, and that those about files are written so that pages can translate them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import media.metadata
from media.metadata import instants
from media.sentences import english, english_plural

FOLDER = Path(media.metadata.__file__).parent
WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # a text with a space between words is a sentence, others are names


def test_values_stand_in_the_sentence() -> None:
    assert english("100 % of it") == "100 % of it"
    assert english("%(name)s is 5 %% too large", name="a.jpg") == "a.jpg is 5 % too large"
    assert english_plural("%(number)s face", "%(number)s faces", 1) == "1 face"
    assert english_plural("%(number)s face", "%(number)s faces", 2) == "2 faces"


def kept_texts(tree: ast.Module) -> Iterator[ast.expr]:
    """What is added to notes, or raised to be shown."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Attribute(value=ast.Attribute(attr="notes"), attr="append"):
                yield node.args[0]
        notes = [keyword.value for keyword in node.keywords if keyword.arg == "notes"]
        yield from (one for value in notes if isinstance(value, ast.List) for one in value.elts)


def written_out(text: ast.expr) -> str:
    """The literal parts of a text that stands in the code."""
    parts: list[ast.expr] = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def test_notes_about_files_can_be_translated() -> None:
    found = [
        (path.name, text) for path in sorted(FOLDER.rglob("*.py")) for text in kept_texts(ast.parse(path.read_text()))
    ]
    assert len(found) > 10
    assert [(name, said) for name, text in found if WORDS.search(said := written_out(text))] == []


@pytest.mark.parametrize("function", [instants.impossible, instants.unset])
def test_doubts_about_dates_can_be_translated(function: object) -> None:
    tree = ast.parse((FOLDER / "instants.py").read_text())
    [code] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function.__name__]  # type: ignore[attr-defined]
    answers = [node.value for node in ast.walk(code) if isinstance(node, ast.Return) and node.value]
    told = [answer for answer in answers if not (isinstance(answer, ast.Constant) and answer.value is None)]
    assert told
    assert all(isinstance(answer, ast.Call) and answer.func.id == "english" for answer in told)  # type: ignore[attr-defined]
