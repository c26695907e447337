"""Text as the words that are searched: accents and case folded; Chinese, Japanese, Korean and Thai sign by sign.

Both the texts that are indexed and the queries go through here, so that SQLite and PostgreSQL find the same. Scripts
that are written without spaces become one word a sign, and what is searched is their sequence: 京タ is in 東京タワー.
"""

import re
import unicodedata

LONGEST = 100  # letters of a word; PostgreSQL takes 2,046 bytes
KEPT_MARKS = {"\u3099", "\u309a"}  # が is not か
UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ı": "i"})
SPACELESS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
PIECE = re.compile(rf"[{SPACELESS}]|[^\W_{SPACELESS}]+|[\u2600-\u27bf\U0001f000-\U0001faff]")


def fold(text: str) -> str:
    """The text without case, and without the accents that people leave out."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign) or sign in KEPT_MARKS)
    return unicodedata.normalize("NFC", plain).casefold().translate(UNDECOMPOSED)


def words(text: str) -> list[str]:
    """The words of a text, folded, in order; what is longer than any word counts by its beginning."""
    return [word[:LONGEST] for word in PIECE.findall(fold(text))]
