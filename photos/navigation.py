"""The navigation of the photo library: the main entries, the pages Library and Tidy up, and the account menu."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import User
from mirage.web.navigation import ACCOUNT, DOORS, LIBRARY, TASKS, Entry, Task
from mirage.web.palette import SOURCES, Command, Source
from photos.access import photos_of
from photos.first_run import STEPS, Step
from photos.gallery.explore import search_url
from photos.gallery.lists import LISTINGS
from photos.pipeline import attention

OWN_DOORS = {
    "photos": Entry(_lazy("Photos"), "image", "photos:timeline", 10, on_phone=True),
    "explore": Entry(_lazy("Explore"), "compass", "photos:explore", 20, also=("photos:memories",), on_phone=True),
    "map": Entry(_lazy("Map"), "map", "photos:map", 50),
    "library": Entry(_lazy("Library"), "library", "photos:library", 70, also=("photos:tidy_up",)),
}
LISTED = {  # lists of the gallery on the page Library, with a description
    "favourites": _lazy("Photos that you marked with a heart"),
    "videos": _lazy("All your videos"),
    "recent": _lazy("The newest photos in the library"),
    "archive": _lazy("Kept, but not on the timeline"),
    "trash": _lazy("Deleted after some days"),
}
ATTENTION = Task(
    _lazy("Needs attention"),
    "triangle-alert",
    "photos:attention",
    10,
    _lazy("Files that could not be read, and work that failed"),
    unit=lambda number: ngettext("%(number)s file", "%(number)s files", number),
    count=attention.count,
    urgent=True,
)


INVITE = Step(
    _lazy("Invite someone"),
    "user-plus",
    pgettext_lazy("verb", "Invite"),
    "accounts:users",
    30,
    lambda user: _("Your family has libraries of their own here. You decide what each of you shows to the others."),
    "",
    allowed=lambda user: user.is_superuser,
)
WELCOME = Entry(_lazy("First steps"), "sparkles", "photos:welcome", 20, allowed=lambda user: user.may_upload)


def pages(user: User) -> list[Command]:
    """Pages that no list of the navigation has."""
    return [
        Command("page:tidy", _("Tidy up"), reverse("photos:tidy_up"), "brush-cleaning", also="clean duplicates review"),
        Command("in:on-this-day", _("On this day"), reverse("photos:memories"), "history", also="memories years ago"),
        Command(
            "in:by-picture", _("Search by a picture"), reverse("photos:search_by_picture"), "image-up", also="similar"
        ),
    ]


def actions(user: User) -> list[Command]:
    """Uploading, for who has a library."""
    if not user.may_upload:
        return []
    return [Command("do:upload", _("Upload"), reverse("photos:upload"), "cloud-upload", also="add photos import")]


def settings(user: User) -> list[Command]:
    """Whether memories are shown, and what is left out of them."""
    return [Command("set:memories", _("Memories"), reverse("photos:memory_settings"), "history", also="left out off")]


def places(user: User) -> list[Command]:
    """The towns in which the user's photos were taken."""
    placed = photos_of(user).on_timeline().exclude(place="").order_by().values_list("place", flat=True)
    return [Command(f"place:{place}", place, search_url(f'place:"{place}"'), "map-pin") for place in placed.distinct()]


IN_PALETTE = {
    "library": Source(_lazy("Page"), 30, pages),
    "memories": Source(_lazy("Setting"), 70, settings),
    "upload": Source(_lazy("Action"), 35, actions),
    "places": Source(_lazy("Place"), 55, places),
}


def declare() -> None:
    """Add them to the navigation and to the palette."""
    for name, source in IN_PALETTE.items():
        SOURCES.add(name, source)
    for name, door in OWN_DOORS.items():
        DOORS.add(name, door)
    for place, (slug, text) in enumerate(LISTED.items()):
        listing = LISTINGS[slug]
        LIBRARY.add(slug, Entry(listing.title, listing.icon, f"photos:{slug}", 10 + place, text))
    folders = Entry(_lazy("Folders"), "folder", "photos:folders", 22, _lazy("The folders that your photos came from"))
    LIBRARY.add("folders", folders)
    calendar = Entry(_lazy("Calendar"), "calendar-days", "photos:years", 20, _lazy("Every day of every year"))
    LIBRARY.add("calendar", calendar)
    TASKS.add("attention", ATTENTION)
    STEPS.add("invite", INVITE)
    ACCOUNT.add("welcome", WELCOME)
    ACCOUNT.add("activity", Entry(_lazy("Activity"), "activity", "photos:activity", 30))
