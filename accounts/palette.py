"""What the palette offers of the account: the appearance, settings, signing out."""

from django.urls import reverse

from accounts.models import User
from mirage.web.palette import Command, Source

APPEARANCES = (
    (User.Theme.LIGHT, "Light appearance", "sun"),
    (User.Theme.DARK, "Dark appearance", "moon"),
    (User.Theme.SYSTEM, "Appearance as the system", "sun-moon"),
)


def actions(user: User) -> list[Command]:
    """Everybody can choose how Mirage looks, see the keyboard shortcuts and sign out."""
    theme = reverse("accounts:theme")
    looks = [
        Command(f"do:{chosen}", title, theme, icon, also="theme mode", post=(("theme", str(chosen)),))
        for chosen, title, icon in APPEARANCES
    ]
    return [
        *looks,
        Command("do:shortcuts", "Keyboard shortcuts", icon="keyboard", also="help keys", dialog="shortcuts"),
        Command("do:sign-out", "Sign out", reverse("accounts:logout"), "log-out", also="log out leave", post=()),
    ]


def settings(user: User) -> list[Command]:
    """The pages of the account, and for administrators of all accounts."""
    pages = [
        Command("set:password", "Change password", reverse("accounts:password"), "lock"),
        Command("set:token", "New token", reverse("accounts:make_token"), "key-round", also="application password api"),
        Command("set:log", "Security log", reverse("accounts:log"), "list-checks", also="events signed in"),
    ]
    if user.is_superuser:
        pages.append(Command("set:users", "All accounts", reverse("accounts:users"), "users", also="invite users"))
    return pages


ACTIONS = Source("Action", 60, actions)
SETTINGS = Source("Setting", 70, settings)
