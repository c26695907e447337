"""What translators get, and what is taken from them."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from mirage.translation import catalogues, exchange
from mirage.translation.catalogues import strings
from mirage.translation.marked import Marked, together

PAGES = [
    Marked("%(number)s photo", "%(number)s photos", where={"a.py"}),
    Marked("Open", context="verb", notes=["button"]),
    Marked("Save"),
]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(exchange, "sheets", lambda: {"Save": ["account", "explore", "photo", "search"]})
    for domain, texts in (("django", PAGES), ("djangojs", [Marked("Save"), Marked("Zoom")])):
        catalogues.write(catalogues.follow(catalogues.empty("pl", domain), together(texts), "pl", domain), "pl", domain)
    return tmp_path


def listed() -> list[str]:
    return [json.dumps(each) for each in exchange.untranslated("pl")]


def translated(domain: str, text: str, context: str | None = None) -> list[str]:
    message = catalogues.read("pl", domain).get(text, context)
    assert message is not None
    return strings(message)


def test_the_list_says_what_translators_need() -> None:
    assert [json.loads(line) for line in listed()] == [
        {"n": 1, "text": "%(number)s photo", "plural": "%(number)s photos", "forms": 3, "where": ["a.py"]},
        {"n": 2, "text": "Open", "context": "verb", "note": "button"},
        {"n": 3, "text": "Save", "seen": ["account", "explore", "photo"]},
        {"n": 4, "text": "Zoom"},
    ]


def test_answers_go_into_both_catalogues() -> None:
    answers = ['{"n": 3, "to": "Zapisz"}', "", '{"text": "Open", "context": "verb", "to": "Otwórz"}']
    report = exchange.fill("pl", answers, listed())
    assert (report.taken, report.refused) == (3, [])
    assert translated("django", "Save") == translated("djangojs", "Save") == ["Zapisz"]
    assert translated("django", "Open", "verb") == ["Otwórz"]
    assert [json.loads(line)["text"] for line in listed()] == ["%(number)s photo", "Zoom"]


def test_what_is_refused_is_said_and_costs_nothing() -> None:
    exchange.fill("pl", ['{"text": "Save", "to": "Zapisz"}'])
    bad = [
        '{"n": 1, "to": ["%(x)s", "b", "c"]}',
        '{"n": 1, "to": "one"}',
        '{"text": "Save", "to": " Zapisz"}',
        '{"text": "Nobody", "to": "x"}',
        '{"n": 99, "to": "x"}',
        "not JSON",
        '{"n": 4}',
        '{"n": 4, "to": 5}',
        '{"n": 4, "to": [1]}',
        '["n"]',
    ]
    report = exchange.fill("pl", bad, listed())
    assert (report.taken, len(report.refused)) == (0, len(bad) + 1)  # Save stands in both catalogues
    assert "unknown values: x" in report.refused[0]
    assert translated("django", "Save") == ["Zapisz"]
