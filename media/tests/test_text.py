import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.text import clean, clean_line, name_key

MEANINGFUL = (
    "Jean\u00a0Dupont à\u202fParis",
    "山田\u3000太郎",
    "می\u200cخواهم",
    "അവന്\u200d!",
    "Wir 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈",
    "שלום\u200f!",
    "Donau\u00addampf",
    "Shaking \U0001fae8 face",
    "younger than any Python: \U0001fad9\U0001f6d8",
    "two\nlines\tand a tab",
)


@pytest.mark.parametrize("text", MEANINGFUL)
def test_meaningful_characters_stay(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\0b\x07c\x7f\x9d", "abc"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\U0001ffffc\ufdd0", "abc"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\vg\fh", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("Zoe\u0308", "Zoë"),
        ("\u00a0 a \u3000", "a"),
        (7, "7"),
        ("\0 \r\n", ""),
    ],
)
def test_meaningless_characters_are_removed(text: object, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(), max_size=40))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert name_key(name_key(once)) == name_key(once)


def test_a_name_stands_on_one_line() -> None:
    assert clean_line(" Anna\r\n  Maria\t\u00a0Zoe\u0308 ") == "Anna Maria \u00a0Zoë"


@pytest.mark.parametrize(
    "twin",
    ["Zoë Maier", "zoë maier", "ZOË MAIER", "Zoe\u0308 Maier", "Zoë\u00a0Maier", " Zoë  Maier", "Zo\u200bë Maier"],
)
def test_twins_of_a_name_have_one_key(twin: str) -> None:
    assert name_key(twin) == name_key("Zoë Maier")


def test_other_names_have_other_keys() -> None:
    assert len({name_key(name) for name in ("Zoë", "Zoe", "Zoé", "Zoëm", "Ζoë")}) == 5
    assert name_key("Straße") == name_key("STRASSE")


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b", "\u3164\u2800", "\u00ad\u200e\ufe0f", "\U000e0041", "\u115f \u1160"]
)
def test_a_name_that_shows_nothing_has_no_key(name: str) -> None:
    assert name_key(name) == ""
