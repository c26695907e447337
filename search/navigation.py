"""Links to saved searches in the library, and to photos whose date somebody should check."""

from mirage.web.navigation import Entry, Task
from photos.access import photos_of

SAVED = Entry("Saved searches", "bookmark", "search:saved", 22, "Searches that you saved")
DATES = Task(
    "Doubtful dates",
    "calendar-days",
    "search:search",
    60,
    "Photos whose date is probably wrong",
    query="q=is:doubtful",
    count=lambda user: photos_of(user).present().searched().filter(taken_doubtful=True).count(),
)
