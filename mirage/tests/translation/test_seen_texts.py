"""The index of texts on the sheets, for translators."""

import json
from pathlib import Path

import pytest

from mirage.translation import exchange
from scripts.screenshots import texts


def test_texts_are_found_on_the_sheets_where_they_stand() -> None:
    sheets = {"timeline": ["Photos", "3 photos", "Do it now"], "albums": ["Photos", "Made by anna on Monday"]}
    found = texts.seen_on(
        sheets, ["Photos", "%(number)s photos", "Made by %(who)s on %(day)s", "Do it <b>now</b>", "%(a)s–%(b)s"]
    )
    assert found == {
        "Photos": ["timeline", "albums"],
        "%(number)s photos": ["timeline"],
        "Made by %(who)s on %(day)s": ["albums"],
        "Do it <b>now</b>": ["timeline"],
    }


def test_sheets_that_are_not_taken_again_keep_their_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "english", lambda: ["Photos", "Albums"])
    file = tmp_path / "texts.json"
    file.write_text(json.dumps({"Photos": ["albums", "timeline"], "Gone": ["albums"]}))
    texts.write({"timeline": ["Albums"]}, file)
    assert json.loads(file.read_text()) == {"Albums": ["timeline"], "Photos": ["albums"]}


def test_the_catalogues_have_english_texts() -> None:
    known = texts.english()
    assert "Albums" in known
    assert any("%(number)s" in text for text in known)


def test_without_an_index_translators_get_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(exchange.settings, "BASE_DIR", tmp_path)
    exchange.sheets.cache_clear()
    assert exchange.sheets() == {}
    exchange.sheets.cache_clear()
