"""Which languages the words of a search are read in, and what they say in English.

The user's own language comes first, then English; another one only where it alone knows all that those two do not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import get_language

from mirage.web.time_limit import time_out
from search.language.languages import cutting, dating
from search.language.languages.tables import CALLED, CODES, Table, of, plain
from search.language.spoken.small import is_small
from search.language.tree import Word
from vision.words import translations

LONGEST_PHRASE = 5  # words
MOST_ASKED = 20  # different words for which other languages than the user's are asked
SPACELESS = ("ja", "zh")  # which have most signs in common
ALWAYS_ENGLISH = {"the"}  # although French writes thé
MARKS = ".,;:!?'’"


@dataclass(frozen=True)
class Voice:
    """The languages beside English: the user's own, which comes before it, and another, which comes after it."""

    first: Table | None = None
    last: Table | None = None
    is_english: Callable[[str], bool] | None = None  # set where words are in English that the first language has not

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for table in (self.first, self.last) if table)

    def date(self, table: Table | None, forms: Sequence[str]) -> str:
        """The English of a date in that language; empty if it is none."""
        return dating.english_of(table.code, tuple(map(table.form, forms))) if table else ""

    def kind(self, table: Table | None, forms: Sequence[str]) -> str:
        """What people call this kind of photo in English; empty if it is none."""
        if table is None:
            return ""
        joined = ("" if table.spaceless else " ").join(map(table.form, forms))
        return table.kinds.get(joined, "")

    def spelled(self) -> dict[str, str]:
        """The words of the user's language as they are looked up and as they are written, for typing mistakes."""
        return {} if self.first is None else spelled_in(self.first.code)

    def has(self, form: str) -> bool:
        """Whether one of the languages has the word."""
        return any(table.has(table.form(form)) for table in self.tables)

    def bases(self, form: str) -> Iterator[str]:
        """What a name may be of which this is a form: Annas, Anny."""
        for table in self.tables:
            for base in table.without_ending(table.form(form)):
                yield from (base + ending for ending in table.names)

    # --- marking ------------------------------------------------------------------------------------------------------

    def marked(self, words: Sequence[Word], is_name: Callable[[str], bool]) -> list[Word]:
        """The words with what they are in English; phrases as one word, unless they are names."""
        found: list[Word] = []
        at = 0
        while at < len(words):
            length, english = self.phrase(words[at : at + LONGEST_PHRASE], is_name)
            found.append(replace(joined(words[at : at + length]), english=english))
            at += length
        return found

    def phrase(self, words: Sequence[Word], is_name: Callable[[str], bool]) -> tuple[int, str | None]:
        """How many of the first words are one phrase, and what it is in English."""
        quoted = next((at for at, word in enumerate(words) if word.exact), len(words))
        for length in range(quoted, 0, -1):
            text = " ".join(word.text.strip(MARKS) for word in words[:length])
            if is_name(text) and not is_small(text.lower()):
                continue
            if text.lower() in ALWAYS_ENGLISH or (length == 1 and self.is_english and self.is_english(text.lower())):
                continue
            for table in self.tables:
                said = " ".join(table.form(part) for part in text.split())
                if (english := table.english(said, is_one=length == 1)) is not None:
                    return length, english
        return 1, None


def knows(table: Table, form: str) -> bool:
    """Whether a language has a word as it is typed, or all pieces of one that is written without spaces."""
    return cutting.is_covered(table.code, form) if table.spaceless else table.has(table.form(form))


def meaning(table: Table, form: str) -> str:
    """What a word says in English, to compare languages."""
    if not table.spaceless:
        return table.meaning(table.form(form))
    pieces = [form[piece.start : piece.end] for piece in cutting.cut(form, (table.code,), lambda _: False)]
    return " ".join(dating.english_of(table.code, (plain(one),)) or table.meaning(plain(one)) for one in pieces)


@cache
@time_out()
def spelled_in(code: str) -> dict[str, str]:
    """All single words of dates, kinds and things, plain, and as they are written."""
    table = of(code)
    known = {plain(word): word for word in translations.of(code)} | dict(table.written)
    return {said: word for said, word in known.items() if " " not in said and len(said) > 3}


def joined(words: Sequence[Word]) -> Word:
    if len(words) == 1:
        return words[0]
    return Word(" ".join(word.text for word in words), False, words[0].start, words[-1].end)


def voice_of(
    forms: Iterable[str], language: str, is_name: Callable[[str], bool], is_english: Callable[[str], bool]
) -> Voice:
    """The voice for words (lower case): `language` is the user's. Of many words it alone is asked."""
    forms = [form for form in dict.fromkeys(forms) if form]
    code = language.partition("-")[0].lower()
    first = of(code) if code in CODES else None
    if len(forms) > MOST_ASKED:
        return Voice(first)
    strange = [
        form
        for form in forms
        if not is_small(form) and not (form.isascii() and any(map(str.isdigit, form)))
        and not (first and first.has(first.form(form))) and not is_name(form) and not is_english(form)
    ]  # fmt: skip
    others = first and any(not first.has(first.form(form)) and is_english(form) and not is_name(form) for form in forms)
    return Voice(first, other(strange, code) if strange else None, is_english if others else None)


def language_read() -> str:
    """The language of the reader, or English where there is no table of it."""
    code = (get_language() or "en").partition("-")[0]
    return code if code in CALLED else "en"


def other(strange: Sequence[str], code: str) -> Table | None:
    """The only language that has all of the words; one of several where they mean the same in all of them."""
    tables = [of(other) for other in CODES if other != code and not (of(other).spaceless and code in SPACELESS)]
    able = [table for table in tables if all(knows(table, form) for form in strange)]
    meant = {tuple(meaning(table, form) for form in strange) for table in able}
    return able[0] if len(meant) == 1 else None
