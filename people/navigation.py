"""How the people of the library are reached: their door, their shelf on Explore, and what there is to tidy up."""

from django.urls import reverse

from accounts.models import User
from mirage.web.navigation import Entry, Task
from mirage.wording import counted
from people.access import listed_people
from people.covers import crop_address, with_covers
from people.review import asking
from photos.gallery.explore import Shelf, Tile, Visitor

WORTH_NAMING = 2  # photos of somebody without a name
ON_SHELF = 14  # people


def people(visitor: Visitor) -> list[Tile]:
    """Who is in most photos, the named first."""
    shown = listed_people(visitor.user).exclude(name="", photo_count__lt=WORTH_NAMING)
    return [
        Tile(
            person.name or "Add a name",
            reverse("people:person", args=[person.key]),
            crop_address(face) if face else "",
            "user",
            counted(person.photo_count),  # type: ignore[attr-defined]  # annotated
        )
        for person, face in with_covers(shown[:ON_SHELF])
    ]


def unnamed(user: User) -> int:
    """How many people in several photos have no name yet."""
    return listed_people(user).filter(name="", photo_count__gte=WORTH_NAMING).count()


PEOPLE = Entry("People", "users", "people:people", 40)
REVIEW = Task(
    "People to review",
    "user-check",
    "people:review",
    30,
    "Yes or no: is this the same person?",
    unit=("question", "questions"),
    count=lambda user: asking.questions_of(user).count(),
)
NAMES = Task(
    "People without a name",
    "user-plus",
    "people:people",
    40,
    "Name them once, and find them everywhere",
    unit=("person", "people"),
    count=unnamed,
)
SHELF = Shelf("People", 20, people, shape="round", more="people:people")
