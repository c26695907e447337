"""Bringing from another program, among the first steps."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from photos.access import photos_of
from photos.first_run import Step
from switching.models import Switch


def what_may_come(user: User) -> str:
    """What another program may know; empty while there is no photo that it could be told of."""
    if not photos_of(user).exists():
        return ""
    return _("If Immich, digiKam or Lightroom knows who is in your photos, you need not name anybody twice.")


def has_come_from_nowhere(user: User) -> bool:
    """Whether the user has a library, and has not brought anything yet."""
    return user.may_upload and not Switch.objects.filter(owner=user).exclude(activity=None).exists()


FIRST_STEP = Step(
    _lazy("Do you come from another program?"),
    "cloud-upload",
    _lazy("Bring what it knows"),
    "bringing:switches",
    5,
    what_may_come,
    _lazy("People, albums and tags come after the photos."),
    has_come_from_nowhere,
)
