"""Comments: EXIF's UserComment and the JPEG comment, written by people, cameras and programs."""

from __future__ import annotations

import re

from media.metadata.fields import text

# What cameras write there, in capitals: their name, their folder, or nothing.
CAMERA_WORDS = {"SONY DSC", "DIGITAL CAMERA", "DEFAULT"}
_MAKER = re.compile(r"(?:[A-Z.-]+ ){1,3}DIGITAL CAMERA")  # OLYMPUS DIGITAL CAMERA, SANYO DIGITAL CAMERA, ...
_CHARSET = re.compile(r"^charset=(\w+) ?", re.IGNORECASE)
# Signatures of programs, and settings of apps: `CREATOR: gd-jpeg v1.0`, `oplus_32`, `{"filterId":0}`.
_SIGNATURE = re.compile(
    r"^(?:creat(?:or|ed)\b.*\b(?:gimp|gd-jpeg|paint)|lav[cf]\d|lead tech|applemark|file written by|processed by"
    r"|optimi[sz]ed by|compressed by|intel\(r\)|handmade software|acd systems|jpeg encoder|ulead|xv \d|software:"
    r"|screenshot$|vid:|filter:|.*\b(?:imagemagick|jpegmini|adobe photoshop|hisilicon|exif_jpeg))",
    re.IGNORECASE,
)
_SETTINGS = re.compile(r"""^(?:\{\s*["}]|\[\s*[\[{"]|<\?|<\w+[ >]|(?:[\w-]+ ?[:=] ?[\w.\-]*; ?){2})""")
_WORD = re.compile(r"[A-Z]?[a-z]+\d*[.,!?]*")
_SENTENCE = re.compile(r"[^\W\d_]{2}")  # two letters of any script: words


def is_camera_word(words: str) -> bool:
    """Whether a description is only what cameras fill the tag with."""
    words = words.strip()
    return words in CAMERA_WORDS or bool(_MAKER.fullmatch(words)) or words.startswith(("DCIM\\", "DCIM/"))


def is_filler(words: str) -> bool:
    """Whether a comment names the program that wrote the file, or holds an app's settings."""
    token = len(words.split()) == 1 and words.isascii() and not _WORD.fullmatch(words)
    said = _SENTENCE.search(words) or (not words.isascii() and any(c.isalpha() for c in words))
    return bool(token or not said or is_camera_word(words) or _SIGNATURE.match(words) or _SETTINGS.match(words))


def read_comment(comment: str | None) -> str | None:
    """What somebody wrote there; None if it was not a person."""
    words = text(comment)
    return None if words is None or is_filler(words) else words


def read_user_comment(value: str | None) -> str | None:
    """The same for EXIF's UserComment, as libexiv2 prints it: with its character set in front."""
    found = _CHARSET.match(value or "")
    if not value or not found:
        return read_comment(value)
    words, charset = value[found.end() :], found[1].lower()
    if charset == "jis":
        words = words.encode("utf-8", "replace").decode("iso2022_jp", "replace")
    return read_comment(_right_way_round(words) if charset == "unicode" else words)


def _right_way_round(words: str) -> str:
    """UTF-16 in the byte order that makes sense: many programs ignore that of the file."""
    swapped = words.encode("utf-16-be", "replace").decode("utf-16-le", "replace")
    return min(words, swapped, key=lambda each: len({ord(c) >> 8 for c in each}))
