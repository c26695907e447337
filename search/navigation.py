"""Where saved searches are found in the library, and photos whose date somebody should look at."""

from mirage.web.navigation import Entry, Task
from photos.access import photos_of

SAVED = Entry("Saved searches", "bookmark", "search:saved", 22, "Searches that you kept")
DATES = Task(
    "Doubtful dates",
    "calendar-days",
    "search:search",
    60,
    "Photos whose date is probably wrong",
    query="q=is:doubtful",
    count=lambda user: photos_of(user).present().searched().filter(taken_doubtful=True).count(),
)
