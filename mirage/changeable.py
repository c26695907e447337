"""Settings that administrators change in the page. The environment gives their defaults; rows take their place.

`refresh` brings the rows into Django's settings of this process: for each request of somebody signed in, before each
job, at each beat. So a change counts everywhere within seconds, and nothing has to be started again.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts import activity
from accounts.models import User
from media.storage_template import BadTemplate
from media.storage_template import check as check_template
from mirage import env
from mirage.models import Setting
from mirage.web.languages import in_language
from mirage.wording import Words, number_in_words

log = logging.getLogger(__name__)

REFRESHED_EVERY = 5.0  # seconds


class Wrong(ValueError):
    """A value is refused; the message says what is expected."""


@dataclass(frozen=True)
class Changeable:
    """A setting that can be changed in the page. `read` makes its value from text and raises Wrong."""

    name: str  # of the variable in the environment
    title: Words
    text: Words
    group: Words
    read: Callable[[str], Any]
    kind: str = "text"  # how the form asks for it: text, number, yes or no, password, choice
    attribute: str = ""  # in Django's settings, if it is called otherwise there
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def setting(self) -> str:
        return self.attribute or self.name

    @property
    def is_secret(self) -> bool:
        return self.kind == "password"

    def written(self, value: Any) -> str:
        """A value as `read` takes it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return ",".join(value) if isinstance(value, list) else str(value)


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            found = least - 1
        if not least <= found <= most:
            raise Wrong(
                _("Enter a whole number from %(least)s to %(most)s.")
                % {"least": number_in_words(least), "most": number_in_words(most)}
            )
        return found

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if not least <= found <= most:
            raise Wrong(_("Enter a number from %(least)s to %(most)s.") % {"least": f"{least:g}", "most": f"{most:,g}"})
        return found

    return read


def yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise Wrong(_("Choose yes or no."))
    return text == "yes"


def plain(text: str) -> str:
    if len(text) > 250 or not text.isprintable():
        raise Wrong(_("Enter at most 250 characters on one line."))
    return text


def schedule(text: str) -> str:
    if text.lower() in {"", "never"}:
        return ""
    if len(text.split()) != 5 or not env.is_schedule(text):
        raise Wrong(_("Enter minute, hour, day, month and weekday, such as 30 3 * * * for half past three, or never."))
    return text


def time_zone(text: str) -> str:
    try:
        return env.known_zone(text)
    except ValueError as error:
        raise Wrong(_("Enter a time zone such as Europe/Lisbon.")) from error


def one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Wrong(_("Choose one of the list."))
        return text

    return read


def storage_template(text: str) -> str:
    try:
        return check_template(text)
    except BadTemplate as error:
        raise Wrong(in_language(str(error))) from error


def listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


LIBRARY, SCHEDULE, MAIL, WORK = (
    pgettext_lazy("settings", "Library"),
    pgettext_lazy("settings", "Schedule"),
    pgettext_lazy("settings", "Mail"),
    pgettext_lazy("settings", "Work"),
)
SIDECARS = (
    ("no", pgettext_lazy("setting", "no")),
    ("library", _lazy("beside the originals in the library")),
    ("everywhere", _lazy("everywhere")),
)
TABLE: dict[str, Changeable] = {
    setting.name: setting
    for setting in (
        Changeable(
            "MIRAGE_TRASH_DAYS",
            _lazy("Days in the trash"),
            _lazy("Then photos in it are deleted for good."),
            LIBRARY,
            whole(0, 3650),
            "number",
        ),
        Changeable(
            "MIRAGE_HOME_ZONE",
            _lazy("Default time zone"),
            _lazy("For photos that do not say theirs, and for the schedule."),
            LIBRARY,
            time_zone,
        ),
        Changeable(
            "MIRAGE_UPLOAD_MAX_MB",
            _lazy("Largest upload in MB"),
            _lazy("Larger files are refused."),
            LIBRARY,
            whole(1, 10_000_000),
            "number",
        ),
        Changeable(
            "MIRAGE_WRITE_SIDECARS",
            _lazy("Write XMP sidecars"),
            _lazy("Other programs read your edits in them."),
            LIBRARY,
            one_of(*(name for name, _ in SIDECARS)),
            "choice",
            choices=SIDECARS,
        ),
        Changeable(
            "MIRAGE_SEARCH_SECONDS",
            _lazy("Seconds for a search"),
            _lazy("A search that takes longer is ended."),
            LIBRARY,
            number(0.1, 600),
            "number",
        ),
        Changeable(
            "MIRAGE_LOG_DAYS",
            _lazy("Days in the security log"),
            _lazy("Then its lines are removed."),
            LIBRARY,
            whole(1, 3650),
            "number",
        ),
        Changeable(
            "MIRAGE_BACKUP_AT",
            _lazy("Back up at"),
            _lazy("Minute, hour, day, month and weekday, or never."),
            SCHEDULE,
            schedule,
        ),
        Changeable(
            "MIRAGE_BACKUP_KEEP",
            _lazy("Backups to keep"),
            _lazy("Older ones are removed."),
            SCHEDULE,
            whole(1, 1000),
            "number",
        ),
        Changeable(
            "MIRAGE_CHECK_AT",
            _lazy("Read every original at"),
            _lazy("To find damage. Minute, hour, day, month, weekday."),
            SCHEDULE,
            schedule,
        ),
        Changeable(
            "MIRAGE_MAIL_HOST",
            _lazy("Mail server"),
            _lazy("For forgotten passwords. Empty: no mail is sent."),
            MAIL,
            plain,
            attribute="EMAIL_HOST",
        ),
        Changeable(
            "MIRAGE_MAIL_PORT",
            pgettext_lazy("of a mail server", "Port"),
            _lazy("Usually 587."),
            MAIL,
            whole(1, 65_535),
            "number",
            attribute="EMAIL_PORT",
        ),
        Changeable(
            "MIRAGE_MAIL_USER",
            pgettext_lazy("of a mail server", "User"),
            _lazy("What Mirage signs in with."),
            MAIL,
            plain,
            attribute="EMAIL_HOST_USER",
        ),
        Changeable(
            "MIRAGE_MAIL_PASSWORD",
            _lazy("Password"),
            _lazy("It is never shown. Leave it empty to keep it."),
            MAIL,
            plain,
            "password",
            attribute="EMAIL_HOST_PASSWORD",
        ),
        Changeable(
            "MIRAGE_MAIL_TLS",
            _lazy("Encrypt the connection (TLS)"),
            "",
            MAIL,
            yes_or_no,
            "yes or no",
            attribute="EMAIL_USE_TLS",
        ),
        Changeable(
            "MIRAGE_MAIL_FROM",
            _lazy("Sender"),
            _lazy("The address that mails come from."),
            MAIL,
            plain,
            attribute="DEFAULT_FROM_EMAIL",
        ),
        Changeable("MIRAGE_STORAGE_TEMPLATE", _lazy("Where originals are stored"), "", WORK, storage_template),
        Changeable("MIRAGE_PAUSED", _lazy("Paused work"), "", WORK, listed),
    )
}

_defaults: dict[str, Any] = {}  # what the environment says, of the settings whose place a row has taken
_refreshed_at = -REFRESHED_EVERY
_refreshing = Lock()  # two threads at once would take a row's value for the environment's


def refresh(force: bool = False) -> None:
    """Bring the rows into the settings of this process, at most every few seconds."""
    global _refreshed_at
    with _refreshing:
        if not force and time.monotonic() - _refreshed_at < REFRESHED_EVERY:
            return
        _refreshed_at = time.monotonic()
        rows = dict(Setting.objects.filter(name__in=TABLE).values_list("name", "value"))
        for name in {*_defaults} - {*rows}:
            setattr(settings, TABLE[name].setting, _defaults.pop(name))
        for name, text in rows.items():
            put_in_force(TABLE[name], text)


def put_in_force(setting: Changeable, text: str) -> None:
    try:
        value = setting.read(text)
    except Wrong as error:  # an older version allowed it
        log.warning("%s is ignored: %s", setting.name, error)
        return
    if setting.name not in _defaults:
        _defaults[setting.name] = getattr(settings, setting.setting)
    setattr(settings, setting.setting, value)


def default(setting: Changeable) -> Any:
    """What the environment, or the program, says."""
    return _defaults.get(setting.name, getattr(settings, setting.setting))


def change(name: str, text: str, by: User, request: HttpRequest | None = None) -> bool:
    """Set a value, or go back to the environment's if it is the same. Returns whether it changed. Raises Wrong."""
    setting = TABLE[name]
    value, before = setting.read(text.strip()), getattr(settings, setting.setting)
    if value == before:
        return False
    if value == default(setting):
        Setting.objects.filter(name=name).delete()
    else:
        values = {"value": text.strip(), "changed_by": by, "changed_at": timezone.now()}
        Setting.objects.update_or_create(name=name, defaults=values)
    take_note(setting, before, by, request)
    return True


def go_back(name: str, by: User, request: HttpRequest | None = None) -> bool:
    """Go back to the environment's value, whatever the page would allow. Returns whether it changed."""
    setting = TABLE[name]
    before = getattr(settings, setting.setting)
    if not Setting.objects.filter(name=name).delete()[0]:
        return False
    take_note(setting, before, by, request)
    return True


def take_note(setting: Changeable, before: Any, by: User, request: HttpRequest | None) -> None:
    """Bring a change into force here, and into the security log."""
    refresh(force=True)
    now = getattr(settings, setting.setting)
    told = {} if setting.is_secret else {"before": setting.written(before), "now": setting.written(now)}
    activity.record("changed a setting", request, actor=by, subject=setting.name, **told)


class ChangeableMiddleware:
    """Brings changed settings into force for the requests of those who are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.user.is_authenticated:
            refresh()
