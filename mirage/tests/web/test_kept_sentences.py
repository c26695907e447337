"""Sentences that were kept in English are told in the reader's language."""

import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.utils import translation
from pytest_django import Settings

from media.sentences import english, english_plural
from mirage.templatetags.languages import in_language as as_filter
from mirage.web import kept_sentences
from mirage.web.kept_sentences import in_language

DAMAGED = "The file %(name)s is damaged: %(reason)s"
NO_SPACE = "There is no space left."
PAGES = "One page of %(name)s could not be read.", "%(number)s pages of %(name)s could not be read."
LOST = "%(shown)s lost", "%(shown)s lost"
PART = "%(part)s %% of it is there."
COMMENT = "%(who)s on %(photo)s: %(words)s"
ON = "%(browser)s on %(system)s"
FREE = "%(gigabytes)s GB free"
GERMAN = {
    DAMAGED: "Die Datei %(name)s ist beschädigt: %(reason)s",
    NO_SPACE: "Es ist kein Platz mehr.",
    PAGES: ("Eine Seite von %(name)s war unlesbar.", "%(number)s Seiten von %(name)s waren unlesbar."),
    PART: "%(part)s %% davon sind da.",
    COMMENT: "%(who)s zu %(photo)s: %(words)s",
    ON: "%(browser)s unter %(system)s",
    FREE: "%(gigabytes)s GB frei",
    LOST: ("%(shown)s verloren (eines)", "%(shown)s verloren (mehrere)"),
}


@pytest.fixture(autouse=True)
def german(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A German catalogue of these sentences, and nothing else."""
    book = Catalog("de")
    for text, told in GERMAN.items():
        book.add(text, told)
    buffer = BytesIO()
    write_mo(buffer, book)
    (tmp_path / "de/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "de/LC_MESSAGES/django.mo").write_bytes(buffer.getvalue())
    kept = [[text, ""] if isinstance(text, str) else [*text] for text in (*GERMAN, "%(name)s", "%(a)s – %(b)s")]
    (tmp_path / "kept.json").write_text(json.dumps(kept))
    settings.LOCALE_PATHS = [tmp_path]
    kept_sentences._told.cache_clear()
    with translation.override("de"):
        yield
    kept_sentences._told.cache_clear()


def test_sentences_with_and_without_values() -> None:
    assert in_language(english(NO_SPACE)) == "Es ist kein Platz mehr."
    assert in_language(english(DAMAGED, name="a.jpg", reason="x: y")) == "Die Datei a.jpg ist beschädigt: x: y"
    assert in_language(english(PART, part=5)) == "5 % davon sind da."


def test_amounts_have_the_readers_decimal_point() -> None:
    assert in_language(english(FREE, gigabytes="63.3")) == "63,3 GB frei"
    assert in_language(english(ON, browser="63.3", system="x")) == "63.3 unter x", "a version is no amount"


def test_a_reason_within_a_sentence_is_told_too() -> None:
    kept = english(DAMAGED, name="a.jpg", reason=english(NO_SPACE))
    assert in_language(kept) == "Die Datei a.jpg ist beschädigt: Es ist kein Platz mehr."


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, "Eine Seite von x war unlesbar."), (1234, "1.234 Seiten von x waren unlesbar.")],
)
def test_plurals(number: int, told: str) -> None:
    assert in_language(english_plural(*PAGES, number, name="x")) == told


def test_a_plural_of_which_the_number_has_another_name() -> None:
    assert in_language(english_plural(*LOST, 1, shown="1")) == "1 verloren (eines)"
    assert in_language(english_plural(*LOST, 1234, shown="1,234")) == "1.234 verloren (mehrere)"
    assert in_language("everything lost") == "everything lost"


def test_several_sentences_and_lists() -> None:
    assert in_language("There is no space left. 5 % of it is there.") == "Es ist kein Platz mehr. 5 % davon sind da."
    assert in_language("2 lost, 1 lost") == "2 verloren (mehrere), 1 verloren (eines)"
    assert in_language("2 lost, and more") == "2 lost, and more"


@pytest.mark.parametrize(
    "text",
    ["", "Nobody wrote this.", "The file", "many pages of x could not be read.", "IMG_1.jpg", "a – b", "%(name)s %s %"],
)
def test_what_is_not_known_stays_as_it_is(text: str) -> None:
    assert in_language(text) == text


def test_english_stays_english() -> None:
    with translation.override("en"):
        assert in_language(english(NO_SPACE)) == NO_SPACE
    with translation.override(None):
        assert in_language(english(NO_SPACE)) == NO_SPACE


def test_hostile_text_takes_no_longer_than_its_length() -> None:
    hostile = "The file " + "is damaged: " * 100_000
    begun = time.perf_counter()
    assert in_language(hostile) == hostile
    assert in_language("The file " + " is damaged" * 150) == "The file " + " is damaged" * 150
    values = english(DAMAGED, name="%(reason)s %% %s {x} <b>", reason="\x00")
    assert in_language(values) == "Die Datei %(reason)s %% %s {x} <b> ist beschädigt: \x00"
    assert time.perf_counter() - begun < 1


def test_the_filter_of_templates() -> None:
    assert as_filter(NO_SPACE) == "Es ist kein Platz mehr."
    assert as_filter(None) == ""


def test_what_somebody_wrote_is_left_as_it_is() -> None:
    """Names, albums and comments may look like sentences of Mirage's own."""
    comment = english(
        COMMENT, who="Marta", photo="Trip on the lake", words="We met on the beach. There is no space left."
    )
    assert in_language(comment) == "Marta zu Trip on the lake: We met on the beach. There is no space left."
    named = english(DAMAGED, name="There is no space left.", reason=english(NO_SPACE))
    assert in_language(named) == "Die Datei There is no space left. ist beschädigt: Es ist kein Platz mehr."
    assert in_language("We met on the beach") == "We met on the beach"
    assert in_language(english(ON, browser="Firefox", system="Linux")) == "Firefox unter Linux"
