"""Duplicates in the list of what there is to tidy up."""

from duplicates import resolving
from mirage.web.navigation import Task
from mirage.wording import counted
from photos.first_run import Step

FIRST_STEP = Step(
    "Look at duplicates",
    "copy",
    "Compare them",
    "duplicates:queue",
    20,
    lambda user: (
        f"{counted(count, 'group')} of photos that show the same picture. Keep the best of each."
        if (count := resolving.open_groups(user).count())
        else ""
    ),
    "No photo is there twice so far. What Mirage finds appears here.",
)
DUPLICATES = Task(
    "Duplicates",
    "copy",
    "duplicates:queue",
    20,
    "Photos that show the same picture",
    unit=("group", "groups"),
    count=lambda user: resolving.open_groups(user).count(),
)
