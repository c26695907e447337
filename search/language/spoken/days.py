"""Dates among plain words: january 2024, last summer, christmas 2019, two years ago, march."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from search.language import dates, worded
from search.language.spoken.senses import DATE, Sense
from search.language.spoken.small import SMALL

YEAR = re.compile(r"(?:19|20)\d\d")
SHORT = frozenset(name for name in dates.MONTHS if len(name) <= 4 and name not in ("may", "june", "july"))
FIRST_WORDS = frozenset({"a", "an", "this", "from"})  # small words that a date may begin with
SPELLED = {"xmas": "Christmas", "new year": "New Year", "Years ": "Year’s ", "Year's": "Year’s", " eve": " Eve"}
CAPITAL = frozenset((*dates.MONTHS, *dates.WEEKDAYS, "christmas", "easter", "halloween"))


def day_of(forms: Sequence[str]) -> Sense | None:
    """The days that the words mean."""
    text = " ".join(forms)
    if not can_be_date(tuple(forms), date.today()):
        return None
    return Sense(DATE, f'date:"{text}"', label_of(text), soft=len(forms) == 1 and text.isalpha())


def day_in(english: str, typed: str, forms: Sequence[str]) -> Sense:
    """The days that words of another language mean, which are `english`."""
    return Sense(DATE, f'date:"{english}"', label_in(english, typed), soft=len(forms) == 1 and typed.isalpha())


def label_in(english: str, typed: str) -> str:
    """A day, a month or a year as the reader writes it; other dates as they were typed."""
    days = dates.parse(english, dates.A_DAY) if re.search(r"\d{4}", english) and ".." not in english else None
    if isinstance(days, dates.Span) and re.fullmatch(r"[\w .]+", english):
        length = (days.end - days.start).days
        if length == 1:
            return date_format(days.start, "DATE_FORMAT")
        if days.start.day == 1 and days.end == dates.add_months(days.start, 1):
            return date_format(days.start, "YEAR_MONTH_FORMAT")
    return typed[:1].upper() + typed[1:]


@lru_cache(maxsize=4096)
def can_be_date(forms: tuple[str, ...], today: date) -> bool:
    """Whether the words are a date, which `dates` tells as of today. A short form such as mar is one only beside a
    number."""
    first, last = forms[0], forms[-1]
    if (first in SMALL and first not in FIRST_WORDS) or last in SMALL:
        return False
    if len(forms) == 1 and (first in SHORT or (first.isdigit() and not YEAR.fullmatch(first))):
        return False
    if ".." in first or (first == "from" and len(forms) < 4):
        return False
    return dates.is_date(" ".join(forms))


def label_of(text: str) -> str:
    """The date as people read it: 2024-01 is January 2024."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text):
        with suppress(ValueError):
            day = date(int(found[1]), int(found[2]), int(found[3] or 1))
            return date_format(day, _("j F Y") if found[3] else _("F Y"))
        return found[1]
    if found := re.fullmatch(r"(.*?)\s*\.\.\s*(.*)", text):
        first, last = label_of(found[1]), label_of(found[2])
        if first and last:
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        return _("Since %(day)s") % {"day": first} if first else _("Until %(day)s") % {"day": last}
    for word, better in SPELLED.items():
        text = text.replace(word, better)
    said = " ".join(word.capitalize() if word in CAPITAL else word for word in text.split())
    return said[:1].upper() + said[1:]


def words_of_days() -> frozenset[str]:
    """The words of dates, for typing mistakes."""
    feasts = {word for said in worded.FEASTS for word in said.split()}
    names = {*dates.MONTHS, *dates.SEASONS, *feasts, "yesterday", "today", *worded.DECADES, *dates.WEEKDAYS}
    return frozenset(word for word in names if len(word) > 3)
