"""Links to the people of the library: in the navigation, on Explore, and among what there is to tidy up."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.models import User
from mirage.web.navigation import Entry, Task
from mirage.web.palette import Command, Source
from mirage.wording import alphabetical, number_in_words, photos_in_words
from people.access import listed_people, people_of, shared_people
from people.covers import crop_address, with_covers
from people.models import Face
from people.review import asking
from photos.access import shared_photos
from photos.first_run import Step
from photos.gallery.explore import Shelf, Tile, Visitor
from photos.gallery.related import Row
from photos.models import Photo
from photos.pipeline.shared_files import looked_at

WORTH_NAMING = 2  # a person without a name counts from this many photos on
ON_SHELF = 14  # people


def people(visitor: Visitor) -> list[Tile]:
    """The people in most photos, named ones first."""
    shown = listed_people(visitor.user).exclude(name="", photo_count__lt=WORTH_NAMING)
    return [
        Tile(
            person.name or _("Add name"),
            reverse("people:person", args=[person.key]),
            crop_address(face) if face else "",
            "user",
            photos_in_words(person.photo_count),  # type: ignore[attr-defined]  # annotated
        )
        for person, face in with_covers(shown[:ON_SHELF])
    ]


def in_photo(user: User, photo: Photo) -> list[Tile]:
    """The people in a photo of the user, with their faces in it."""
    if photo.owner_id != user.pk:
        return []
    known = Face.objects.filter(photo=looked_at(photo), not_a_face=False, person__hidden=False).select_related("person")
    faces = {face.person_id: face for face in known.order_by("-x", "-pk")}
    return [
        Tile(face.person.name or _("Add name"), reverse("people:person", args=[face.person.key]), crop_address(face))
        for face in reversed(faces.values())
        if face.person
    ]


def unnamed(user: User) -> int:
    """How many people in several photos have no name yet."""
    return listed_people(user).filter(name="", photo_count__gte=WORTH_NAMING).count()


def who_waits(user: User) -> str:
    """How many people wait for a name, with what to do; empty for none."""
    count = unnamed(user)
    sentence = ngettext(
        "%(number)s person is waiting for a name. Name them once, and find them everywhere.",
        "%(number)s people are waiting for a name. Name them once, and find them everywhere.",
        count,
    )
    return sentence % {"number": number_in_words(count)} if count else ""


PEOPLE = Entry(_lazy("People"), "users", "people:people", 40)
REVIEW = Task(
    _lazy("People to review"),
    "user-check",
    "people:review",
    30,
    _lazy("Yes or no: is this the same person?"),
    unit=lambda number: ngettext("%(number)s question", "%(number)s questions", number),
    count=lambda user: asking.questions_of(user).count(),
)
NAMES = Task(
    _lazy("People without a name"),
    "user-plus",
    "people:people",
    40,
    _lazy("Name them once, and find them everywhere"),
    unit=lambda number: ngettext("%(number)s person", "%(number)s people", number),
    count=unnamed,
)
FIRST_STEP = Step(
    _lazy("Name your people"),
    "users",
    _lazy("Name them"),
    "people:people",
    10,
    who_waits,
    _lazy("Mirage is looking for faces. Who is in several photos appears here."),
)
IN_PHOTO = Row(_lazy("People"), "users", 10, in_photo)
SHELF = Shelf(_lazy("People"), 20, people, shape="round", more="people:people", kept=True)


def named_people(user: User) -> list[Command]:
    """The named people of the library who are not hidden, and those in what others share."""
    named = people_of(user).filter(hidden=False).exclude(name="").values_list("key", "name")
    own = sorted(named, key=lambda row: alphabetical(row[1]))
    theirs = shared_people(user).values_list("key", "name") if shared_photos(user).exists() else ()
    return [
        *(Command(f"person:{key}", name, reverse("people:person", args=[key]), "user") for key, name in own),
        *(Command(f"person:{key}", name, reverse("people:shared", args=[key]), "user") for key, name in theirs),
    ]


IN_PALETTE = Source(_lazy("Person"), 40, named_people)
