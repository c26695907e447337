"""The photos of a person as a listing: pages, months, neighbours in the viewer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from people.access import person_or_404, shared_person_or_404
from people.models import Face, Person
from photos.access import photos_of, visible_photos
from photos.gallery.timeline import Listing, Timeline


def timeline(user: User, key: str) -> Timeline:
    """The listing `person.KEY` of the user; 404 if they have no such person."""
    return of_person(user, person_or_404(user, key))


def of_person(user: User, person: Person) -> Timeline:
    """The photos the person is in, archived ones too."""
    seen = Face.objects.filter(person=person, not_a_face=False).values("photo")
    listing = Listing(
        f"person.{person.key}",
        person.name or _("No name yet"),
        "user",
        lambda owned: owned.present().displayable().filter(pk__in=seen),
        address=reverse("people:person", args=[person.key]),
        is_unnamed=not person.name,
    )
    return Timeline(listing, photos_of(user))


def shared_timeline(user: User, key: str) -> Timeline:
    """The listing `shared-person.KEY`: another user's person in photos shared with the user; 404 if there is none."""
    person = shared_person_or_404(user, key)
    seen = Face.objects.filter(person=person, not_a_face=False).values("photo")
    listing = Listing(
        f"shared-person.{person.key}",
        person.name,
        "user",
        lambda visible: visible.present().displayable().filter(pk__in=seen),
        address=reverse("people:shared", args=[person.key]),
    )
    return Timeline(listing, visible_photos(user).exclude(owner=user))
