"""Text from files, sidecars, forms and the API: cleaned by one rule, so that what goes in comes out the same."""

import re
import unicodedata

# Control characters, lone surrogates, and code points that Unicode promises never to use.
_MEANINGLESS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BREAKS_AND_SPACES = re.compile("[ \t\n]+")
# Characters that show nothing though Unicode calls them letters, marks or symbols: fillers of Hangul, Braille's empty
# cell, variation selectors. Format characters (category Cf) are known by their category.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)


def clean(value: object) -> str:
    """The value as text, in normal form C, trimmed: without what carries no meaning, with \\n for every line end.

    Spaces of every kind, joiners, direction marks and characters younger than this Python stay as they are.
    Cleaning a clean text changes nothing.
    """
    text = _MEANINGLESS.sub("", _LINE_ENDS.sub("\n", str(value)))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(value: object) -> str:
    """As `clean`, on one line: for names."""
    return _BREAKS_AND_SPACES.sub(" ", clean(value)).strip()


def name_key(name: str) -> str:
    """What two names share if they are the same to a reader, whatever their case, encoding and kind of spaces.

    Empty for a name that shows nothing.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    visible = "".join(c for c in _INVISIBLE.sub("", folded) if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())
