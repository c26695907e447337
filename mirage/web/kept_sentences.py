"""Sentences that were kept in English (`media.sentences`), found again by their patterns and told in another language.

`manage.py words compile` lists their texts in locale/kept.json. A sentence is compared with the literal parts of each
text, one after the other, which takes time in proportion to its length, whatever stands in it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext

from mirage.wording import number_in_words

VALUE = re.compile(r"%\((\w+)\)[sd]")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*|\d{1,15}")  # as English writes it
DECIMAL = re.compile(r"\d{1,15}\.\d{1,3}")
AMOUNTS = frozenset({"gigabytes", "megabytes", "seconds", "percent"})  # values with a unit
SENTENCES = re.compile(r"\n"), re.compile(r"(?<=[.!?]) ")  # what stands between sentences, and between things of a list
THINGS = re.compile(r"; "), re.compile(r", ")
MOST = 12  # sentences in one text
LONGEST = 2_000  # characters; what is longer is no sentence
WITHIN = 2  # how deep a kept sentence may stand in another: a reason within a report
OURS = frozenset({"reason", "result", "problem", "operation", "what", "workers"})  # values that may be one
THEIRS = frozenset({"words"})  # values that somebody wrote: what stands in them is not looked at
LEAST = 6  # letters that a text has beside its values, or else its values hold no spaces


@dataclass(frozen=True)
class Kept:
    """One text, with its plural where it has one."""

    text: str
    plural: str = ""
    many: bool = False  # whether this is the plural's pattern

    @cached_property
    def parts(self) -> list[str]:
        """What stands before, between and after the values, and between these their names."""
        return [part if at % 2 else part.replace("%%", "%") for at, part in enumerate(VALUE.split(self.pattern))]

    @property
    def pattern(self) -> str:
        return self.plural if self.many else self.text

    @property
    def literal(self) -> int:
        """How many characters are not values."""
        return sum(map(len, self.parts[::2]))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.parts[1::2])

    @cached_property
    def is_loose(self) -> bool:
        """Whether nearly every sentence would have this pattern, as `%(browser)s on %(system)s`."""
        return sum(map(str.isalpha, "".join(self.parts[::2]))) < LEAST and not self.names & THEIRS

    def values_in(self, sentence: str) -> dict[str, str] | None:
        """The values, if the sentence has this pattern."""
        first, last = self.parts[0], self.parts[-1]
        if len(sentence) < self.literal or not sentence.startswith(first) or not sentence.endswith(last):
            return None
        values: dict[str, str] = {}
        at, end = len(first), len(sentence) - len(last)
        for name, literal in zip(self.parts[1::2], self.parts[2::2], strict=True):
            final = len(values) == len(self.parts) // 2 - 1
            found = end if final else sentence.find(literal, at, end)
            value = sentence[at:found]
            if found < at or values.get(name, value) != value or (self.is_loose and " " in value):
                return None
            values[name] = value
            at = found + len(literal)
        return values

    def number_in(self, values: dict[str, str]) -> int | None:
        """The number that a plural is of: the value of this name, or the first that is one. None if there is none."""
        given = [values["number"]] if "number" in values else list(values.values())
        numbers = [int(value.replace(",", "")) for value in given if NUMBER.fullmatch(value)]
        if numbers:
            return numbers[0]
        return None if "number" in values or self.text == self.plural else 1 + self.many

    def told(self, values: dict[str, str], within: int) -> str | None:
        """The sentence in the language of this answer; None for a plural of what is no number."""
        told = {name: said(value, within) if name in OURS else measured(name, value) for name, value in values.items()}
        if not self.plural:
            return gettext(self.text) % told if values else gettext(self.text)
        number = self.number_in(values)
        if number is None:
            return None
        numbers = {name: number_in_words(number) for name, value in values.items() if NUMBER.fullmatch(value)}
        return ngettext(self.text, self.plural, number) % {"number": number_in_words(number), **told, **numbers}


def measured(name: str, value: str) -> str:
    """A value with the decimal point of this language, if it is an amount."""
    return number_format(Decimal(value)) if name in AMOUNTS and DECIMAL.fullmatch(value) else value


def in_language(text: str) -> str:
    """A sentence that was kept in English, in the language of this answer. One that is not known stays as it is."""
    language = get_language()
    return _told(text, language) if text and language and language != "en" else text


@lru_cache(maxsize=2_000)
def _told(text: str, language: str) -> str:
    return said(text, WITHIN)


def said(text: str, within: int) -> str:
    """A sentence, or a value of one, translated if it is known; or several of them."""
    if within < 0 or not text or len(text) > LONGEST:
        return text
    return (
        whole(text, within, THEIRS)
        or several(text, within, SENTENCES)
        or whole(text, within)
        or several(text, within, THINGS)
        or text
    )


def whole(text: str, within: int, having: frozenset[str] = frozenset()) -> str | None:
    """One sentence, translated; with `having`, only by texts that have such a value. None if it is not known."""
    for kept in candidates(text):
        if having and not kept.names & having:
            continue
        values = kept.values_in(text)
        if values is not None and (told := kept.told(values, within - 1)) is not None:
            return told
    return None


def several(text: str, within: int, joints: tuple[re.Pattern[str], ...]) -> str | None:
    """Sentences, or the things of a list, each translated. None unless all are known."""
    for between in joints:
        parts = between.split(text)
        if 1 < len(parts) <= MOST and None not in (told := [whole(part, within) for part in parts]):
            between_them = [*between.findall(text), ""]
            return "".join(f"{part}{joint}" for part, joint in zip(told, between_them, strict=True))
    return None


def candidates(text: str) -> Iterator[Kept]:
    """The texts that might be this one: those without values by their whole, others the most literal first."""
    exact, patterns = known(settings.LOCALE_PATHS[0])
    if text in exact:
        yield exact[text]
    yield from patterns


@cache
def known(folder: Path) -> tuple[dict[str, Kept], list[Kept]]:
    """What is kept: texts without values, and patterns. Nothing before `words compile` has run."""
    try:
        listed = json.loads((Path(folder) / "kept.json").read_text())
    except OSError:
        listed = []
    every = [Kept(text, plural, many) for text, plural in listed for many in ((False, True) if plural else (False,))]
    exact = {kept.parts[0]: kept for kept in every if len(kept.parts) == 1}
    patterns = [kept for kept in every if len(kept.parts) > 1 and any(map(str.isalpha, "".join(kept.parts[::2])))]
    return exact, sorted(patterns, key=lambda kept: -kept.literal)
