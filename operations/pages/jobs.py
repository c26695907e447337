"""What the pages of jobs show and do: the stages of the pipeline with their queues, pausing, trying again."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from mirage import changeable
from operations.pages import dashboard
from photos import pipeline
from photos.models import StageRun
from photos.pipeline import Stage, progress

Status = StageRun.Status
ROWS = 50
WORKING_SECONDS, IDLE_SECONDS = 3, 15


def describe() -> dict[str, Any]:
    """All stages, the workers and the queues."""
    stages = progress.stages()
    working = any(stage.left and not stage.blocked and not stage.paused for stage in stages)
    return {
        "stages": stages,
        "working": working,
        "all_paused": all(stage.paused for stage in stages),
        "failed": sum(stage.failed for stage in stages),
        "workforce": progress.workforce(),
        "queues": dashboard.queues(),
        "seconds": WORKING_SECONDS if working else IDLE_SECONDS,
    }


def describe_one(stage: Stage) -> dict[str, Any]:
    """One stage: its progress, and the rows that are running, are waiting or have failed."""
    shown = next(one for one in progress.stages() if one.stage.name == stage.name)
    return {
        "stage": shown,
        "running": runs(stage, Status.RUNNING).order_by("started_at")[:ROWS],
        "waiting": runs(stage, Status.WAITING).order_by("attempts", "-id")[:ROWS],
        "failures": runs(stage, Status.FAILED).order_by("-id")[:ROWS],
        "rows": ROWS,
        "seconds": WORKING_SECONDS if shown.left else IDLE_SECONDS,
        "now": timezone.now(),
    }


def runs(stage: Stage, status: str) -> QuerySet[StageRun]:
    return StageRun.objects.filter(stage=stage.name, status=status).select_related("photo__owner")


def pause(names: Sequence[str], paused: bool, by: User, request: HttpRequest | None = None) -> None:
    """Pause or resume these stages."""
    changeable.refresh(force=True)  # another machine may have paused others meanwhile
    kept = [name for name in settings.MIRAGE_PAUSED if name not in names]
    wanted = sorted({*kept, *names}) if paused else kept
    changeable.change("MIRAGE_PAUSED", ",".join(wanted), by, request)
    if not paused:
        pipeline.sweep()


def retry(names: Sequence[str]) -> int:
    """Try again what failed at these stages. Returns how many."""
    return pipeline.retry(StageRun.objects.filter(stage__in=names, status=Status.FAILED))


def with_models() -> list[Stage]:
    """The stages that somebody may not want: those that recognise something."""
    return [stage for stage in pipeline.all_stages() if stage.needs or stage.queue == "ml"]
