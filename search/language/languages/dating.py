"""Dates of another language, brought into the English that `dates` reads: vor zwei Jahren is 2 years ago."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from mirage.web.time_limit import time_out
from search.language import dates
from search.language.languages.tables import CODES, Table, of

LONGEST = 60  # signs of a date
COMMON = (  # in every language; {name} is a month, a season, a feast or a day of the week
    ("{name}", "{name}"),
    ("{day} {month}", "{day} {month}"),
    ("{month} {day}", "{day} {month}"),
    ("{day} {month} {year}", "{day} {month} {year}"),
    ("{month} {day} {year}", "{day} {month} {year}"),
    ("{year} {month} {day}", "{day} {month} {year}"),
    ("{name} {year}", "{name} {year}"),
    ("{year} {name}", "{name} {year}"),
)
SLASHED = ("{day}[/-]{figure}[/-]{year}", "{day}.{figure}.{year}")  # the day comes first, but in Japanese and Chinese
NAMES = ("month", "season", "feast", "weekday")
NUMBERED = re.compile(r"\d[\d./–-]*\w{0,3}")
BOTH = re.compile(r"\{([a-z]+)(\d?)\}")


@cache
@time_out()
def patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The language's patterns, its own first."""
    table = of(code)
    rows = [*table.rows, *COMMON]
    if table.spaceless:
        rows = [(row.replace(" ", ""), english) for row, english in rows]
    else:
        rows.append(SLASHED)
    parts = slots(table)
    return tuple((re.compile(BOTH.sub(lambda slot: f"(?P<{slot[1]}{slot[2]}>{parts[slot[1]]})", row)), english)
                 for row, english in rows)  # fmt: skip


def slots(table: Table) -> dict[str, str]:
    """What each slot of a pattern takes, as a regular expression."""
    ordinal = "|".join(sorted(table.slots.get("ordinal", ()), key=len, reverse=True))
    named = {name: either(slot) for name, slot in table.slots.items() if name != "ordinal"}
    return {
        "decade": "(?!)",
        **named,
        "name": "|".join(named[name] for name in NAMES),
        "number": rf"\d{{1,4}}|{named['number']}",
        "year": r"\d{4}",
        "day": rf"\d{{1,2}}(?:{ordinal})?" if ordinal else r"\d{1,2}",
        "figure": r"\d{1,2}",
        "tens": "[2-9]0",
        "date": ".+?",
    }


def either(slot: Mapping[str, str]) -> str:
    """Any of the phrases, the longest first."""
    return "|".join(re.escape(said).replace(r"\ ", " ?") for said in sorted(slot, key=len, reverse=True))


def english_of(code: str, forms: tuple[str, ...]) -> str:
    """The date that words in their plain form are, in English; empty if they are none. A short form such as sep is one
    only beside a number."""
    table = of(code)
    text = ("" if table.spaceless else " ").join(forms)
    if not forms or not all(forms) or len(text) > LONGEST or text in table.short:  # an apostrophe alone has no form
        return ""
    parts = text.split()
    if not parts or not (table.spaceless or all(NUMBERED.fullmatch(part) or part in table.of_dates for part in parts)):
        return ""
    return translated(code, text)


def read(text: str, code: str, operator: str = "") -> str:
    """A date after a key, in English: as it is, or from the reader's language. Empty if it is none."""
    if dates.is_date(text, operator):
        return text
    if code not in CODES:
        return ""
    table = of(code)
    forms = ["".join(text.split())] if table.spaceless else [table.form(word) for word in text.split()]
    while len(forms) > 1 and table.small.get(forms[0]) == "":  # el verano pasado
        forms = forms[1:]
    english = english_of(code, tuple(forms))
    return english if english and dates.is_date(english, operator) else ""


@lru_cache(maxsize=4096)
def translated(code: str, text: str, is_part: bool = False) -> str:
    """The English of a date; empty if it is none. `is_part`: it is one of the dates within another."""
    told = of(code).filling
    parts = text.split()
    is_filled = parts[0] not in told and parts[-1] not in told  # such words stand between others
    less = " ".join(word for word in parts if word not in told) if is_filled or is_part else text
    for said in dict.fromkeys((text, less)):
        for pattern, english in patterns(code):
            if is_part and "{date" in english:
                continue
            if (found := pattern.fullmatch(said)) and (date := filled(code, english, found)):
                return date
    return text if is_part and dates.is_date(text) else ""


def filled(code: str, english: str, found: re.Match[str]) -> str:
    """The English pattern with what was found; empty if that is no date."""
    made = english
    for name, said in found.groupdict().items():
        value = inner(code, name.rstrip("0123456789"), said)
        if not value:
            return ""
        made = made.replace(f"{{{name}}}", value)
    return made if dates.is_date(made) else ""


def inner(code: str, name: str, said: str) -> str:
    """What one slot holds, in English."""
    table = of(code)
    if name == "date":
        return translated(code, said.strip(), is_part=True) if said.strip() else ""
    if name == "tens":
        return f"19{said}s"
    if name in ("day", "figure", "year") or (name == "number" and said.isdigit()):
        digits = re.match(r"\d+", said)
        return digits[0] if digits else ""
    for slot in NAMES if name == "name" else (name,):
        for phrase, english in table.slots.get(slot, {}).items():
            if phrase.replace(" ", "") == said.replace(" ", ""):
                return english
    return ""
