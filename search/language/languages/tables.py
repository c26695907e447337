"""What is known of a language: a table of its small words, dates and kinds (tables/de.toml), and words for what can be
seen (vision/words/translations).

Each is read once a process: that does not count as the time of the search that needs it first.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from mirage.web.time_limit import time_out
from search.language.words import fold
from vision.words import translations

TABLES = Path(__file__).with_name("tables")
CALLED = {
    "en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português (Brasil)",
    "nl": "Nederlands", "pl": "Polski", "ja": "日本語", "zh": "简体中文", "uk": "Українська",
}  # fmt: skip
CODES = tuple(code for code in CALLED if code != "en")
NOTHING = "nothing"  # the entry of words that say nothing
OF_PHRASES = ("feast", "decade")  # slots of phrases, with commas between them
LEAST_STEM = 4  # letters that are left of a word without its ending
HYPHEN = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def plain(form: str) -> str:
    """A word or phrase as it is looked up: folded, without the apostrophes within it."""
    return " ".join(HYPHEN.sub(" ", fold(form).replace("'", "").replace("’", "")).split())


def listed(text: str, phrases: bool = False) -> list[str]:
    """The words of a line; or its phrases, where commas stand between them or it has only phrases."""
    parts = text.split(",") if "," in text or phrases else text.split()
    return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True)
class Table:
    """A language. All that is looked up is `plain`, and what comes out is English as the language reads it."""

    code: str
    spaceless: bool = False
    umlauts: bool = False
    endings: tuple[str, ...] = ()
    stem: int = LEAST_STEM
    swapped: bool = False  # one ending stands for another, and none is added to a whole word
    turned: tuple[tuple[str, str], ...] = ()  # endings before which a word's last sound changes, and what it was: ce, k
    names: tuple[str, ...] = ("",)  # endings of names: in other cases these have another
    elided: tuple[str, ...] = ()  # what ends in an apostrophe before a vowel: l' d' dell'
    small: Mapping[str, str] = field(default_factory=dict)  # phrase: the small English words; empty says nothing
    kinds: Mapping[str, str] = field(default_factory=dict)  # phrase: a phrase of spoken/kinds.py
    slots: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # parts of dates: month, season …
    filling: frozenset[str] = frozenset()  # words that say nothing within a date
    rows: tuple[tuple[str, str], ...] = ()  # patterns of dates, and how dates.py writes them
    short: frozenset[str] = frozenset()  # short forms such as jan, which are dates only beside a number
    written: Mapping[str, str] = field(default_factory=dict)  # plain: as it is spelled

    @cached_property
    @time_out()
    def things(self) -> Mapping[str, str]:
        """What can be seen: phrase to English."""
        return {plain(said): english for said, english in translations.of(self.code).items()}

    @cached_property
    @time_out()
    def stems(self) -> Mapping[str, str]:
        """The same by what is left of single words without endings, where that is one thing only, or one and many."""
        found: dict[str, set[str]] = {}
        for word, english in self.things.items():
            if " " not in word:
                for stem in {*(() if self.swapped else (word,)), *self.without_ending(word)}:
                    found.setdefault(stem, set()).add(english)
        one = {stem: min(english, key=len) for stem, english in found.items()}
        return {stem: one[stem] for stem, english in found.items() if english <= {one[stem], f"{one[stem]}s"}}

    def without_ending(self, word: str) -> Iterator[str]:
        """What is left of a word without one of the endings, the longest ending first."""
        return (
            word[: -len(ending)]
            for ending in self.endings
            if word.endswith(ending) and len(word) - len(ending) >= self.stem
        )

    def turned_back(self, word: str) -> Iterator[str]:
        """What is left of a word without an ending that changes the sound before it: of ławce, ławk."""
        return (
            word[: -len(ending)] + sound
            for ending, sound in self.turned
            if word.endswith(ending) and len(word) - len(ending) >= self.stem - 1
        )

    def thing(self, phrase: str) -> str | None:
        """What the words call, in any of their forms; None where they are none."""
        if found := self.things.get(phrase):
            return found
        if " " in phrase or self.spaceless:
            return None
        stems = (phrase, *self.without_ending(phrase), *self.turned_back(phrase))
        return next((found for stem in stems if (found := self.stems.get(stem))), None)

    def english(self, phrase: str, is_one: bool) -> str | None:
        """What a small word or a thing is in English; None where it is neither. `is_one`: it is typed as one word."""
        if phrase in self.small:
            return self.small[phrase]
        parts = phrase.split()
        if is_one and len(parts) > 1 and all(self.small.get(part) == "" for part in parts):
            return ""  # montre-moi
        return self.thing(phrase)

    @cached_property
    @time_out()
    def of_dates(self) -> frozenset[str]:
        """The single words that dates are made of."""
        said = {word for slot in self.slots.values() for phrase in slot for word in phrase.split()}
        said |= {word for row, _ in self.rows for word in words_of_pattern(row)}
        return frozenset(said | self.filling)

    @cached_property
    @time_out()
    def of_phrases(self) -> frozenset[str]:
        """The single words of kinds, small words and phrases for things."""
        phrases: Iterable[str] = (*self.kinds, *self.small, *self.things)
        return frozenset(word for phrase in phrases for word in phrase.split())

    def form(self, word: str) -> str:
        """A word as the table has it: l'été is été, and Maerz is März."""
        head, mark, tail = word.replace("’", "'").partition("'")
        found = plain(tail if mark and tail and plain(head) in self.elided else word)
        return self.spelled_out.get(found, found)

    @cached_property
    @time_out()
    def spelled_out(self) -> Mapping[str, str]:
        """Words that are also written without the dots: maerz is marz, as März is."""
        if not self.umlauts:
            return {}
        said = {
            word.casefold()
            for phrase in (*self.written.values(), *translations.of(self.code))
            for word in phrase.split()
        }
        return {plain(word.translate(UMLAUTS)): plain(word) for word in said if word.translate(UMLAUTS) != word}

    @cached_property
    @time_out()
    def signs_of_dates(self) -> frozenset[str]:
        """The signs that dates are written with, where there are no spaces."""
        return frozenset("".join(self.of_dates)) | frozenset("0123456789./-~〜")

    def meaning(self, word: str) -> str:
        """What a word (plain) says in English, to compare languages."""
        found = self.kinds.get(word) or self.small.get(word) or self.thing(word) or ""
        dates = [slot[word] for slot in self.slots.values() if word in slot]
        return " ".join([found, *dates])

    def has(self, word: str) -> bool:
        """Whether the language has a word (plain), as far as the table goes."""
        return word in self.of_phrases or word in self.of_dates or self.thing(word) is not None


def words_of_pattern(row: str) -> set[str]:
    """All words that a pattern of dates may take: (diese|dieses) jahr, letzt(e|en) {unit}."""
    bare = re.sub(r"\{\w+\}", "", row)
    return {word for text in spelled(bare) for word in text.split()}


def spelled(pattern: str) -> Iterator[str]:
    """Every text that a pattern of words, groups (a|b) and ? takes. There are few: no group is within another."""
    found = re.search(r"\(([^()]*)\)(\??)|(\w| )\?", pattern)
    if not found:
        yield pattern
        return
    choices = [*found[1].split("|")] if found[1] is not None else [found[3]]
    for choice in [*choices, ""] if (found[2] or found[3]) else choices:
        yield from spelled(pattern[: found.start()] + choice + pattern[found.end() :])


def of_small(told: Mapping[str, str]) -> dict[str, str]:
    """The small words: each phrase to its English."""
    return {
        plain(said): "" if english == NOTHING else english for english, line in told.items() for said in listed(line)
    }


def without_small(kinds: Mapping[str, str], small: Mapping[str, str]) -> dict[str, str]:
    """The kinds without those that another is with a small word before it: el fin de semana."""
    parts = ((said, *said.partition(" ")) for said in kinds)
    same = {said for said, head, _, rest in parts if head in small and kinds.get(rest) == kinds[said]}
    return {said: english for said, english in kinds.items() if said not in same}


def inverted(told: Mapping[str, str], phrases: bool = False) -> dict[str, str]:
    """The words or phrases of a section, each with what it stands for."""
    return {plain(said.rstrip(".")): english for english, line in told.items() for said in listed(line, phrases)}


@cache
@time_out()
def of(code: str) -> Table:
    """The table of a language, read once."""
    told = tomllib.loads((TABLES / f"{code}.toml").read_text(encoding="utf-8"))
    slots = {name: slot for name, slot in told["slots"].items() if isinstance(slot, dict)}
    rows = [line.partition("=>") for line in told["patterns"]["rows"].strip().splitlines() if "=>" in line]
    said = [word for name, slot in slots.items() for line in slot.values() for word in listed(line, name in OF_PHRASES)]
    said += [word for line in told["kinds"].values() for word in listed(line, phrases=True)]
    said += [word for row, _, _ in rows for word in words_of_pattern(row)]
    small = of_small(told["small"] | {NOTHING: f"{told['small'][NOTHING]} {told.get('elided', '')}"})
    return Table(
        code,
        told.get("spaceless", False),
        told.get("umlauts", False),
        tuple(sorted({plain(ending) for ending in told.get("endings", "").split()}, key=lambda end: -len(end))),
        told.get("stem", LEAST_STEM),
        told.get("swapped", False),
        tuple(
            (plain(ending), plain(sound))
            for pair in told.get("turned", "").split()
            for ending, sound in [pair.split(">")]
        ),
        ("", *told.get("names", "").split()),
        tuple(told.get("elided", "").split()),
        small,
        without_small(inverted(told["kinds"], phrases=True), small),
        {name: inverted(slot, name in OF_PHRASES) for name, slot in slots.items()},
        frozenset(map(plain, told["slots"].get("filling", "").split())),
        tuple((fold(row.strip()), english.strip()) for row, _, english in rows),
        frozenset(plain(word[:-1]) for word in said if word.endswith(".")),
        {plain(word): word for word in reversed(said) if not word.endswith(".")},
    )
