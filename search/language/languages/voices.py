"""Which languages the words of a search are read in, and what they say in English.

The user's own language comes first, then English; another one only where it alone knows all that those two do not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from search.language.languages import cutting, dating
from search.language.languages.tables import CODES, Table, of
from search.language.spoken.small import is_small
from search.language.tree import Word

LONGEST_PHRASE = 5  # words
LEAST_OF_STRANGE = 4  # letters of a word without its ending, in a language that is not the user's
MARKS = ".,;:!?'’"


@dataclass(frozen=True)
class Voice:
    """The languages beside English: the user's own, which comes before it, and another, which comes after it."""

    first: Table | None = None
    last: Table | None = None

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
        return {} if self.first is None else spellings(self.first)

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
            if length > 1 and is_name(text):
                continue
            for table in self.tables:
                said = " ".join(table.form(part) for part in text.split())
                english = table.small.get(said)
                if english is None:
                    english = table.thing(said)
                if english is not None:
                    return length, english
        return 1, None


def knows(table: Table, form: str) -> bool:
    """Whether a language has a word as it is typed, or all pieces of one that is written without spaces."""
    return cutting.is_covered(table.code, form) if table.spaceless else table.has(table.form(form), LEAST_OF_STRANGE)


def spellings(table: Table) -> dict[str, str]:
    """All single words of dates, kinds and things, plain, and as they are written."""
    return {said: word for said, word in table.written.items() if " " not in word and len(said) > 3}


def joined(words: Sequence[Word]) -> Word:
    if len(words) == 1:
        return words[0]
    return Word(" ".join(word.text for word in words), False, words[0].start, words[-1].end)


def voice_of(forms: Iterable[str], language: str, is_known: Callable[[str], bool]) -> Voice:
    """The voice for words (lower case): `language` is the user's, and `is_known` tells names and English words."""
    code = language.partition("-")[0].lower()
    first = of(code) if code in CODES else None
    strange = [
        form
        for form in dict.fromkeys(forms)
        if form and not is_small(form) and not any(letter.isdigit() and letter.isascii() for letter in form)
        and not (first and first.has(first.form(form))) and not is_known(form)
    ]  # fmt: skip
    return Voice(first, other(strange, code) if strange else None)


def other(strange: Sequence[str], code: str) -> Table | None:
    """The only language that has all of the words; one of several where they mean the same in all of them."""
    tables = [of(other) for other in CODES if other != code]
    able = [table for table in tables if all(knows(table, form) for form in strange)]
    meant = {tuple(table.meaning(form) for form in strange) for table in able}
    return able[0] if len(meant) == 1 else None
