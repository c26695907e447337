"""Links to saved searches in the library, and to photos whose date somebody should check."""

from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from mirage.web.navigation import Entry, Task
from mirage.web.palette import Command, Source
from photos.access import photos_of
from photos.gallery.explore import search_url
from search.access import searches_of

SAVED = Entry(_lazy("Saved searches"), "bookmark", "search:saved", 22, _lazy("Searches that you saved"))
DATES = Task(
    _lazy("Doubtful dates"),
    "calendar-days",
    "search:search",
    60,
    _lazy("Photos whose date is probably wrong"),
    query="q=is:doubtful",
    count=lambda user: photos_of(user).present().searched().filter(taken_doubtful=True).count(),
)


def named_searches(user: User) -> list[Command]:
    """The searches that the user kept."""
    rows = searches_of(user).values_list("pk", "name", "query")
    return [Command(f"search:{pk}", name, search_url(query), "bookmark") for pk, name, query in rows]


IN_PALETTE = Source(_lazy("Saved search"), 52, named_searches)
