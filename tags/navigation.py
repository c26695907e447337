"""Where tags are found in the library, and which of them are ready to learn."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.models import User
from mirage.web.navigation import Entry, Task
from mirage.web.palette import Command, Source
from tags import teaching
from tags.access import tags_of

TAGS = Entry(_lazy("Tags"), "tag", "tags:tags", 21, _lazy("Your own words, sorted into a tree"))
TEACHING = Task(
    _lazy("Tags to teach"),
    "sparkles",
    "teach:overview",
    50,
    _lazy("Answer a few questions, and a tag finds its photos itself"),
    unit=lambda number: ngettext("%(number)s tag", "%(number)s tags", number),
    count=lambda user: teaching.teachable(user).count(),
)


def named_tags(user: User) -> list[Command]:
    """The user's tags, with the tags above them."""
    rows = tags_of(user).values_list("pk", "path")
    pages = reverse("tags:tag", args=[0]).removesuffix("0/")  # once for all: there may be thousands
    return [Command(f"tag:{pk}", path, f"{pages}{pk}/", "tag") for pk, path in rows]


IN_PALETTE = Source(_lazy("Tag"), 50, named_tags)
