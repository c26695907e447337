"""The pages of the administration, and the way to them behind the avatar."""

from django.utils.translation import gettext_lazy as _lazy

from mirage.web.navigation import Entry

PAGES = {
    "dashboard": Entry(_lazy("Dashboard"), "gauge", "operations:dashboard", 10),
    "jobs": Entry(_lazy("Jobs"), "activity", "operations:jobs", 20),
    "folders": Entry(_lazy("Folders"), "folder", "operations:folders", 30),
    "storage": Entry(_lazy("Storage"), "hard-drive", "operations:storage", 50),
    "tasks": Entry(_lazy("Scheduled tasks"), "calendar-clock", "operations:tasks", 60),
    "settings": Entry(_lazy("Settings"), "sliders-horizontal", "operations:settings", 70),
}
ADMINISTRATORS = Entry(
    _lazy("Administration"), "shield-check", "operations:dashboard", 50, allowed=lambda user: user.is_superuser
)
# staff who are no administrators see the tables that their groups let them see
STAFF = Entry(
    _lazy("Tables"), "database", "admin:index", 50, allowed=lambda user: user.is_staff and not user.is_superuser
)
