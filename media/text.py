"""Cleaning text from files, sidecars, forms and the API by the same rules."""

import re
import unicodedata

# Control characters, lone surrogates, and code points that Unicode never uses.
_MEANINGLESS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BREAKS_AND_SPACES = re.compile("[ \t\n]+")
# Invisible characters that Unicode calls letters, marks or symbols: Hangul fillers, Braille's empty cell, variation
# selectors. Invisible format characters have the category Cf.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)


def clean(value: object) -> str:
    """The value as text in normal form C, trimmed, without meaningless characters, with \\n for every line end.

    Spaces of all kinds, joiners, direction marks and unassigned characters stay. Cleaning twice changes nothing.
    """
    text = _MEANINGLESS.sub("", _LINE_ENDS.sub("\n", str(value)))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(value: object) -> str:
    """Like `clean`, on one line, for names."""
    return _BREAKS_AND_SPACES.sub(" ", clean(value)).strip()


def name_key(name: str) -> str:
    """Equal for names that look the same apart from case, encoding and kinds of spaces. Empty for an invisible name."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    visible = "".join(c for c in _INVISIBLE.sub("", folded) if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())
