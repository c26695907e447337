"""What to tap before a word is typed: faces, recent searches, places and years of the user's library."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from accounts.models import User
from people.access import listed_people
from people.covers import covers
from people.models import Face
from photos.access import photos_of
from photos.gallery.explore import pictures
from search.language.spoken.days import day_of
from search.language.spoken.everyday import EVERYDAY
from search.language.spoken.kinds import kind_of
from search.language.spoken.small import SMALL
from search.language.tree import written
from search.language.words import words
from search.suggestions.proposals import remembered

PEOPLE, PLACES, YEARS, RECENT, SAVED = 8, 6, 8, 6, 6


@dataclass(frozen=True)
class Tap:
    """Something to tap: what it says, and the search that it begins."""

    label: str
    search: str
    face: Face | None = None
    picture: str = ""


def people(user: User) -> list[Tap]:
    """Those who are in most photos, with their faces."""
    most = listed_people(user).exclude(name="")[:PEOPLE]
    known = remembered(user, "starting-people", lambda: list(most))
    faces = covers(known)
    return [Tap(person.name, asking_for("person", person.name), faces.get(person.pk)) for person in known]


def asking_for(key: str, name: str) -> str:
    """The search for a name: as it is spoken, with the key where the words mean something else too."""
    forms = words(name)
    is_clear = forms and not day_of(forms) and not kind_of(forms) and not EVERYDAY.union(SMALL).intersection(forms)
    return name if is_clear and name.replace(" ", "").isalpha() else f"{key}:{written(name)}"


def places(user: User) -> list[Tap]:
    """Where most photos were taken."""

    def read() -> list[Any]:
        placed = photos_of(user).on_timeline().exclude(place="").order_by().values_list("place")
        return list(placed.annotate(Max("pk"), count=Count("pk")).order_by("-count", "place")[:PLACES])

    rows = remembered(user, "starting-places", read)
    shown = pictures(newest for _, newest, _ in rows)
    return [Tap(place, asking_for("place", place), picture=shown.get(newest, "")) for place, newest, _ in rows]


def years(user: User) -> list[Tap]:
    """The last years with photos."""

    def read() -> list[int]:
        months = photos_of(user).on_timeline().order_by().values_list("taken_month", flat=True).distinct()
        return sorted({month // 100 for month in months}, reverse=True)

    return [
        Tap(f"{year:04}", f"{year:04}" if 1900 <= year < 2100 else f"date:{year:04}")
        for year in remembered(user, "starting-years", read)[:YEARS]
    ]
