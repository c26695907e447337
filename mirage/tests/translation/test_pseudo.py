"""The languages that nobody speaks, and how they show what was never marked."""

from pathlib import Path

import pytest
from django.utils import translation

from mirage.testing.pseudo import unmarked
from mirage.translation.pseudo import ARABIC, LEFT, RIGHT, plain_words, said

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "text", ["Delete", "%(number)s of <b>%(all)s photos</b> &amp; more", " and ", "It’s 5 %% of it"]
)
def test_texts_get_accents_and_grow(text: str) -> None:
    told = said(text)
    assert plain_words(told) == ["number", "all", "amp"] * ("<b>" in text)
    assert len(told) > len(text)
    assert (told.startswith(" "), told.endswith(" ")) == (text.startswith(" "), text.endswith(" "))
    for same in ("%(number)s", "<b>", "</b>", "&amp;", "%%"):
        assert told.count(same) == text.count(same)


def test_forty_per_cent() -> None:
    assert said("Delete") == "Délété···"
    assert len(said("Move these photos to the trash")) in range(42, 46)


@pytest.mark.parametrize("text", ["j F Y", "H:i", "D, j M", "F Y", " ", ""])
def test_orders_of_dates_stay(text: str) -> None:
    assert said(text) == text


def test_what_was_not_marked_shows() -> None:
    page = """
      <title>Photos</title> <style>body {}</style> <script>const a = "words";</script>
      <p title="Open it">{} <code>manage.py serve</code> IMG_1.jpg &amp; Anna <br> 12 MB</p>
      <input placeholder="Search"> <input type="submit" value="Go on"> <input value="typed">
      <b translate="no">Holiday</b>
      <a data-question="Delete all" data-key="delete">Fötös</a> <textarea>mine</textarea>
    """
    assert unmarked(page, frozenset({"anna", "img", "jpg"})) == [
        *("title: Photos", "p[title]: Open it", "input[placeholder]: Search", "input[value]: Go on"),
        "a[data-question]: Delete all",
    ]
    assert unmarked(f"<p>{said('Delete this photo?')}</p>", NOBODY) == []


@pytest.mark.usefixtures("pseudo_languages")
def test_the_site_speaks_them() -> None:
    with translation.override(LEFT):
        assert translation.gettext("Language") == said("Language")
        assert translation.gettext("January") == said("January")  # Django's own
        assert not translation.get_language_bidi()
    with translation.override(RIGHT):
        assert translation.gettext("Language") == said("Language", ARABIC) == "لانغواغع····"
        assert translation.get_language_bidi()


def test_they_are_written_where_nothing_is_committed(pseudo_catalogues: Path) -> None:
    assert (pseudo_catalogues / "en_XA/LC_MESSAGES/django.mo").is_file()
    assert (pseudo_catalogues / "kept.json").is_file()
