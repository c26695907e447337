"""What the palette offers of the account: the appearance, settings, signing out."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import User
from mirage.web.palette import Command, Source

APPEARANCES = (
    (User.Theme.LIGHT, _lazy("Light appearance"), "sun"),
    (User.Theme.DARK, _lazy("Dark appearance"), "moon"),
    (User.Theme.SYSTEM, _lazy("Appearance as the system"), "sun-moon"),
)


def actions(user: User) -> list[Command]:
    """Everybody can choose how Mirage looks, see the keyboard shortcuts and sign out."""
    theme = reverse("accounts:theme")
    looks = [
        Command(f"do:{chosen}", str(title), theme, icon, also="theme mode", post=(("theme", str(chosen)),))
        for chosen, title, icon in APPEARANCES
    ]
    return [
        *looks,
        Command("do:shortcuts", _("Keyboard shortcuts"), icon="keyboard", also="help keys", dialog="shortcuts"),
        Command("do:sign-out", _("Sign out"), reverse("accounts:logout"), "log-out", also="log out leave", post=()),
    ]


def settings(user: User) -> list[Command]:
    """The pages of the account, and for administrators of all accounts."""
    pages = [
        Command("set:password", _("Change password"), reverse("accounts:password"), "lock"),
        Command(
            "set:token", _("New token"), reverse("accounts:make_token"), "key-round", also="application password api"
        ),
        Command("set:log", _("Security log"), reverse("accounts:log"), "list-checks", also="events signed in"),
    ]
    if user.is_superuser:
        pages.append(Command("set:users", _("All accounts"), reverse("accounts:users"), "users", also="invite users"))
    return pages


ACTIONS = Source(pgettext_lazy("palette", "Action"), 60, actions)
SETTINGS = Source(pgettext_lazy("palette", "Setting"), 70, settings)
