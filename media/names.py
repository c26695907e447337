"""Names of files: bytes to Linux, text to databases and people.

Python holds the bytes of a name that are no UTF-8 as lone surrogates, which neither database stores and no page can
show. A stored name has a character of a private area for each of them, so that the file is found again by its bytes.
"""

import os
import re

_ESCAPE = 0x10FE00  # + a byte of 0x80 to 0xFF
# In text that stands for a name, the private characters themselves are escaped byte by byte.
_NOT_STORED = re.compile("[\udc80-\udcff\U0010fe80-\U0010feff]")
_ESCAPES = re.compile("[\U0010fe80-\U0010feff]+")
_NOT_SHOWN = re.compile("[\ud800-\udfff\U0010fe80-\U0010feff\x00-\x1f\x7f-\x9f]")


def stored(name: str | os.PathLike[str]) -> str:
    """A name or path as the operating system has it, as text that a database stores."""
    return _NOT_STORED.sub(lambda found: "".join(map(_escaped, os.fsencode(found[0]))), os.fspath(name))


def actual(text: str) -> str:
    """A stored name or path as the operating system has it."""
    return _ESCAPES.sub(lambda found: os.fsdecode(bytes(ord(char) - _ESCAPE for char in found[0])), text)


def shown(name: str | os.PathLike[str]) -> str:
    """A name or path, stored or not, for people: what no screen can show is a replacement character."""
    return _NOT_SHOWN.sub("\ufffd", os.fspath(name))


def _escaped(byte: int) -> str:
    return chr(_ESCAPE + byte)
