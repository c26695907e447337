"""Memories of people: birthdays, and somebody through the years. Also who is kept out of all memories."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max, Min, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from people.access import people_of, person_or_404
from people.models import Face, Person
from photos.gallery.memories.kinds import Kind, Memory
from photos.gallery.memories.left_out import Subject, remembered_photos
from photos.models import Photo, PhotoQuerySet

AROUND = 3  # days before and after a birthday
LOOKED_AT = 6  # people of whom one is chosen for a day
SAMPLE = 100  # of the best faces of each, to see whether they are from different years
LEAST_YEARS = 3  # through which somebody is looked back at


def photos_with(user: User, person: Person) -> PhotoQuerySet:
    """The user's photos with the person that memories may show."""
    seen = Face.objects.filter(person=person, not_a_face=False).values("photo")
    return remembered_photos(user).filter(owner=user, pk__in=seen)


def birthdays_for(user: User, today: date) -> list[Memory]:
    """Whose birthday it is, or was some days ago, or will be."""
    order: dict[tuple[int, int], int] = {}
    for number in sorted(range(-AROUND, AROUND + 1), key=abs):
        day = today + timedelta(days=number)
        order.setdefault((day.month, day.day), len(order))
        if (day.month, day.day) == (2, 28):
            order.setdefault((2, 29), len(order))  # which most years do not have
    some_day = Q()
    for month, of_month in order:
        some_day |= Q(birthday__month=month, birthday__day=of_month)
    people = people_of(user).filter(some_day, hidden=False).exclude(name="")
    found = [(person, person.birthday) for person in people if person.birthday]
    found.sort(key=lambda pair: (order[pair[1].month, pair[1].day], pair[0].pk))
    return [birthday(user, person, born, today) for person, born in found]


def birthday(user: User, person: Person, day: date, today: date) -> Memory:
    """A person with their birthday; on the day itself the title says how old they are."""
    is_today = (day.month, day.day) == (today.month, today.day)
    age = today.year - day.year
    title = ""
    if is_today and age > 0:
        title = ngettext("%(name)s is %(age)s today", "%(name)s is %(age)s today", age)
        title %= {"name": person.name, "age": age}
    return _birthday(user, person, day, title)


def birthday_named(user: User, key: str) -> Memory:
    """The birthday of the person with that key."""
    person = person_or_404(user, key)
    if person.birthday is None:
        return through_the_years(user, person)
    return _birthday(user, person, person.birthday)


def _birthday(user: User, person: Person, day: date, title: str = "") -> Memory:
    title = title or _("%(name)s’s birthday") % {"name": person.name}
    return Memory(f"birthday.{person.key}", title, date_format(day, _("j F")), photos_with(user, person))


def years_for(user: User, today: date) -> list[Memory]:
    """One of the named people, each day another one, with the years between their first and last photo."""
    people = list(people_of(user).filter(hidden=False).exclude(name="").order_by("pk"))
    start = today.toordinal() % len(people) if people else 0
    for person in (people[start:] + people[:start])[:LOOKED_AT]:
        photos = photos_with(user, person)
        best = Face.objects.filter(person=person, not_a_face=False).order_by("-quality").values_list("photo", flat=True)
        first, last = years_of(photos.filter(pk__in=list(best[:SAMPLE])))
        if last - first >= LEAST_YEARS:
            first, last = years_of(photos)
            return [through_the_years(user, person, f"{first} – {last}")]
    return []


def years_of(photos: PhotoQuerySet) -> tuple[int, int]:
    """The years of the first and the last of the photos; twice 0 without photos."""
    months = photos.order_by().aggregate(first=Min("taken_month"), last=Max("taken_month"))
    return (months["first"] or 0) // 100, (months["last"] or 0) // 100


def through_the_years(user: User, person: Person, text: str = "") -> Memory:
    """A person from their first to their latest photo."""
    return Memory(
        f"person.{person.key}", _("%(name)s through the years") % {"name": person.name}, text, photos_with(user, person)
    )


def person_named(user: User, key: str) -> Memory:
    """The person with that key through the years."""
    return through_the_years(user, person_or_404(user, key))


def people_in(user: User, photo: Photo) -> list[tuple[str, str]]:
    """The named people in a photo of the user."""
    people = people_of(user).filter(faces__photo=photo, faces__not_a_face=False, hidden=False).exclude(name="")
    return list(people.distinct().order_by("name").values_list("key", "name"))


def name_of(user: User, key: str) -> str:
    """The name of the user's person with that key. Raises Http404."""
    return person_or_404(user, key).name or _("Somebody without a name")


def photos_of_people(user: User, keys: Sequence[str]) -> Q | None:
    """The photos of these people, and of those whom the user named and then hid."""
    unwanted = people_of(user).filter(Q(key__in=keys) | Q(hidden=True) & ~Q(name=""))
    ids = list(unwanted.values_list("pk", flat=True))
    return Q(pk__in=Face.objects.filter(person__in=ids, not_a_face=False).values("photo")) if ids else None


BIRTHDAYS = Kind(10, birthdays_for, birthday_named)
YEARS = Kind(40, years_for, person_named)
PEOPLE = Subject(people_in, name_of, photos_of_people)
