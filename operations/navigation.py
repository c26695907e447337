"""The pages of the administration, and the way to them behind the avatar."""

from mirage.web.navigation import Entry

PAGES = {
    "dashboard": Entry("Dashboard", "gauge", "operations:dashboard", 10),
    "jobs": Entry("Jobs", "activity", "operations:jobs", 20),
    "folders": Entry("Folders", "folder", "operations:folders", 30),
    "storage": Entry("Storage", "hard-drive", "operations:storage", 50),
    "tasks": Entry("Scheduled tasks", "calendar-clock", "operations:tasks", 60),
    "settings": Entry("Settings", "sliders-horizontal", "operations:settings", 70),
}
ADMINISTRATORS = Entry(
    "Administration", "shield-check", "operations:dashboard", 50, allowed=lambda user: user.is_superuser
)
# staff who are no administrators see the tables that their groups let them see
STAFF = Entry("Tables", "database", "admin:index", 50, allowed=lambda user: user.is_staff and not user.is_superuser)
