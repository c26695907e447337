"""Duplicates in the list of what there is to tidy up."""

from duplicates import resolving
from mirage.web.navigation import Task

DUPLICATES = Task(
    "Duplicates",
    "copy",
    "duplicates:queue",
    20,
    "Photos that show the same picture",
    unit=("group", "groups"),
    count=lambda user: resolving.open_groups(user).count(),
)
