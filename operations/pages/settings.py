"""What the page of settings shows and saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from mirage import changeable
from mirage.changeable import TABLE, WORK, Changeable, Wrong
from mirage.models import Setting
from mirage.runtime.clock import next_time
from mirage.wording import Words
from operations import schedule
from operations.pages import jobs
from photos.pipeline import Stage


@dataclass(frozen=True, slots=True)
class Field:
    """A setting in the form. `row` says who changed it; `error` says why the value was refused."""

    setting: Changeable
    value: str
    row: Setting | None
    default: str
    error: str = ""

    @property
    def next_time(self) -> str:
        """When a time in the schedule comes next, in words."""
        if self.setting.group != changeable.SCHEDULE or self.setting.kind != "text" or self.error or not self.value:
            return ""
        return date_format(next_time(self.value), _("l, j F, H:i"))


def groups(typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[Words, list[Field]]:
    """The settings in their groups. What was typed stays in the form when something is refused."""
    rows = {row.name: row for row in Setting.objects.select_related("changed_by")}
    found: dict[Words, list[Field]] = {}
    for setting in TABLE.values():
        if setting.group == WORK or is_without_effect(setting):
            continue
        now = "" if setting.is_secret else setting.written(getattr(settings, setting.setting))
        value = typed.get(setting.name, now) if errors and not setting.is_secret else now
        default = "" if setting.is_secret else setting.written(changeable.default(setting))
        field = Field(setting, value, rows.get(setting.name), default, errors.get(setting.name, ""))
        found.setdefault(setting.group, []).append(field)
    return found


def is_without_effect(setting: Changeable) -> bool:
    """Whether the setting has no effect: without MIRAGE_BACKUP_TO there are no backups."""
    return setting.name.startswith("MIRAGE_BACKUP") and not settings.MIRAGE_BACKUP_TO


def save(typed: Mapping[str, str], by: User, request: HttpRequest) -> tuple[int, dict[str, str]]:
    """Save the settings of the form, or none if one is refused. Returns how many changed, and what is refused."""
    given = {name: typed[name].strip() for name in TABLE if name in typed and TABLE[name].group != WORK}
    given = {name: text for name, text in given.items() if text or not TABLE[name].is_secret}
    errors = {name: reason for name, text in given.items() if (reason := refusal(TABLE[name], text))}
    if errors:
        return 0, errors
    times = schedule.times()
    changed = sum(changeable.change(name, text, by, request) for name, text in given.items())
    schedule.reschedule(times)
    return changed, {}


def refusal(setting: Changeable, text: str) -> str:
    """Why a value is refused; empty if it is not."""
    try:
        setting.read(text)
    except Wrong as error:
        return str(error)
    return ""


def reset(name: str, by: User, request: HttpRequest) -> str:
    """Go back to what the environment says. Returns the setting's title."""
    if name not in TABLE or TABLE[name].group == WORK:
        raise Http404(f"no setting {name}")
    times = schedule.times()
    changeable.go_back(name, by, request)
    schedule.reschedule(times)
    return str(TABLE[name].title)


def models() -> list[tuple[Stage, bool]]:
    """The stages that recognise something in photos, and whether each is on."""
    return [(stage, not stage.is_paused) for stage in jobs.with_models()]


def switch_models(on: Sequence[str], by: User, request: HttpRequest) -> None:
    """Turn these on, and the others off."""
    names = [stage.name for stage in jobs.with_models()]
    jobs.pause([name for name in names if name not in on], True, by, request)
    jobs.pause([name for name in names if name in on], False, by, request)
