"""File names: bytes in Linux, text in databases and on pages.

Python represents bytes that are not UTF-8 as lone surrogates, which databases cannot store and pages cannot show.
A stored name has a private-use character for each such byte, so that the original bytes can be restored.
"""

import os
import re

_ESCAPE = 0x10FE00  # + a byte of 0x80 to 0xFF
# These private-use characters themselves are escaped byte by byte.
_NOT_STORED = re.compile("[\udc80-\udcff\U0010fe80-\U0010feff]")
_ESCAPES = re.compile("[\U0010fe80-\U0010feff]+")
_NOT_SHOWN = re.compile("[\ud800-\udfff\U0010fe80-\U0010feff\x00-\x1f\x7f-\x9f]")


def stored(name: str | os.PathLike[str]) -> str:
    """A name or path from the operating system as text for the database."""
    return _NOT_STORED.sub(
        lambda found: "".join(chr(_ESCAPE + byte) for byte in os.fsencode(found[0])), os.fspath(name)
    )


def actual(text: str) -> str:
    """A stored name or path as the operating system knows it."""
    return _ESCAPES.sub(lambda found: os.fsdecode(bytes(ord(char) - _ESCAPE for char in found[0])), text)


def shown(name: str | os.PathLike[str]) -> str:
    """A name or path, stored or not, for people. Replacement characters stand for what cannot be shown."""
    return _NOT_SHOWN.sub("\ufffd", os.fspath(name))
