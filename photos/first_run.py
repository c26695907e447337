"""The first hour: where the photos are, how far their reading is, and the first steps with them.

Apps declare steps in `AppConfig.ready`: STEPS.add("names", Step("Name your people", …)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.registry import Registry
from mirage.wording import Words
from photos.ingest import in_use
from photos.models import Photo, PhotoQuerySet, WatchedFolder
from photos.pipeline import progress
from photos.pipeline.progress import StageProgress
from photos.pipeline.stages import Stage

PREPARED = "thumbnails"  # the stage after which a photo is on the page


@dataclass(frozen=True)
class Step:
    """A card of the first run. `text` says in a sentence what there is to do, empty while there is nothing yet."""

    title: Words
    icon: str
    button: Words
    view: str
    place: int
    text: Callable[[User], str]
    later: Words  # what it says while there is nothing yet
    allowed: Callable[[User], bool] = lambda user: True


STEPS: Registry[Step] = Registry("first step")


@dataclass(frozen=True, slots=True)
class Card:
    name: str
    step: Step
    text: Words
    ready: bool


@dataclass(frozen=True, slots=True)
class Work:
    """What comes after the photos are on the page, such as faces. `seconds` comes from the measured rate."""

    label: Words
    done: int
    total: int
    seconds: float | None
    paused: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Arriving:
    """How many photos come to a stage: of its kinds, of the same file one where one is enough, and none that failed."""

    photos: dict[str, int]
    files: dict[str, int]
    coming: int  # still to be read
    stages: dict[str, StageProgress]

    def at(self, stage: Stage) -> int:
        there = self.files if stage.once_a_file else self.photos
        return sum(there.get(kind, 0) for kind in stage.kinds) + self.coming - self.failed_before(stage)

    def failed_before(self, stage: Stage) -> int:
        before = self.stages.get(stage.after) if stage.after else None
        return before.failed + self.failed_before(before.stage) if before else 0


def is_reading(user: User) -> bool:
    """Whether a folder of the user is read or waits for it."""
    pending = Q(asked_at__isnull=False) | Q(started_at__isnull=False)
    return WatchedFolder.objects.filter(pending, owner=user).exists()


def cards(user: User) -> list[Card]:
    """The steps that the user has not put away."""
    steps = sorted(STEPS.items(), key=lambda item: item[1].place)
    shown = [(name, step) for name, step in steps if name not in user.first_steps_done and step.allowed(user)]
    texts = {name: step.text(user) for name, step in shown}
    return [Card(name, step, texts[name] or step.later, bool(texts[name])) for name, step in shown]


def put_away(user: User, name: str) -> None:
    """Do not show a card again. Raises NotPossible if there is no such card."""
    if name not in STEPS:
        raise NotPossible(_("There is no such step."))
    user.first_steps_done = sorted({*user.first_steps_done, name})
    user.save(update_fields=["first_steps_done"])


def bring_back(user: User) -> None:
    """Show all cards again."""
    user.first_steps_done = []
    user.save(update_fields=["first_steps_done"])


def describe(user: User) -> dict[str, Any]:
    """What the page shows."""
    folders = in_use.with_failures(WatchedFolder.objects.filter(owner=user).order_by("-added_at"))
    stages = {one.stage.name: one for one in progress.stages(user)}
    photos = Photo.objects.filter(owner=user)
    there = photos.count()
    coming = sum(max(folder.files - folder.files_read, 0) for folder, _ in folders if folder.is_running)
    prepared = stages[PREPARED]
    arriving = Arriving(by_kind(photos), by_kind(photos.looked_at()), coming, stages)
    work = [later_work(stage, arriving.at(stage.stage)) for stage in stages.values() if is_later(stage)]
    reading = [folder for folder, _ in folders if folder.is_pending]
    busy = bool(reading) or prepared.left > 0 or any(one.total > one.done for one in work)
    return {
        "folders": folders,
        "photos": there,
        "visible": photos.filter(displayable=True).count(),
        "failed": prepared.failed,
        "work": [one for one in work if one.total > one.done],
        "busy": busy,
        "workforce": progress.workforce(),
        "cards": cards(user),
        "seconds": 2 if reading or prepared.left else 10,
    }


def by_kind(photos: PhotoQuerySet) -> dict[str, int]:
    return dict(photos.order_by().values_list("kind").annotate(Count("pk")))


def is_later(stage: StageProgress) -> bool:
    """Whether it is work on every photo that people wait for after it is on the page."""
    return stage.stage.queue in {"ml", "idle"} and not stage.stage.on_demand and stage.stage.kinds >= {"photo"}


def later_work(stage: StageProgress, expected: int) -> Work:
    """How far it is. The time left comes from the last minutes, and counts photos that are still to be read."""
    left = max(expected - stage.done - stage.failed, 0) if stage.total else stage.left
    seconds = left / stage.per_minute * 60 if left and stage.per_minute else None
    total = stage.done + stage.failed + left
    return Work(stage.stage.label, stage.done + stage.failed, total, seconds, stage.paused, stage.blocked)
