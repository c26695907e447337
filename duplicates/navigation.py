"""Duplicates in the list of what there is to tidy up."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.models import User
from duplicates import resolving
from mirage.web.navigation import Task
from mirage.wording import number_in_words
from photos.first_run import Step


def what_waits(user: User) -> str:
    """How many groups there are, with what to do; empty for none."""
    count = resolving.open_groups(user).count()
    sentence = ngettext(
        "%(number)s group of photos that show the same picture. Keep the best of each.",
        "%(number)s groups of photos that show the same picture. Keep the best of each.",
        count,
    )
    return sentence % {"number": number_in_words(count)} if count else ""


FIRST_STEP = Step(
    _lazy("Look at duplicates"),
    "copy",
    _lazy("Compare them"),
    "duplicates:queue",
    20,
    what_waits,
    _lazy("No photo is there twice so far. What Mirage finds appears here."),
)
DUPLICATES = Task(
    _lazy("Duplicates"),
    "copy",
    "duplicates:queue",
    20,
    _lazy("Photos that show the same picture"),
    unit=lambda number: ngettext("%(number)s group", "%(number)s groups", number),
    count=lambda user: resolving.open_groups(user).count(),
)
