"""Scheduled tasks, findings, and Django's own log entries and sessions."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mirage.models import Setting
from mirage.web.admin import ReadOnlyAdmin, WithPhoto
from operations import checking, findings, schedule
from operations.models import LibraryFinding, ScheduledTask


@admin.register(Setting)
class SettingAdmin(ReadOnlyAdmin):
    """Settings changed in the page. Their values are shown there, where passwords are not."""

    list_display = ("name", "changed_by", "changed_at")
    exclude = ("value",)


@admin.register(ScheduledTask)
class ScheduledTaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "next_at", "started_at", "finished_at", "succeeded", "result", "host")
    list_filter = ("succeeded",)
    actions = ("run_now",)

    @admin.display(ordering="name")
    def title(self, row: ScheduledTask) -> str:
        task = schedule.tasks().get(row.name)
        return str(task.title) if task else row.name

    @admin.action(description=_lazy("Run now"), permissions=["view"])
    def run_now(self, request: HttpRequest, rows: QuerySet[ScheduledTask]) -> None:
        for row in rows:
            schedule.make_due(row.name)
        self.message_user(request, _("Starts within seconds."), messages.SUCCESS)


@admin.register(LibraryFinding)
class LibraryFindingAdmin(WithPhoto, ReadOnlyAdmin):
    list_display = ("preview", "kind", "subject", "text", "found_at")
    list_display_links = ("kind", "subject")
    list_filter = ("kind",)
    list_select_related = ("photo",)
    search_fields = ("subject",)
    actions = ("repair",)

    @admin.action(description=_lazy("Repair if possible (from the backup, if there is one)"), permissions=["view"])
    def repair(self, request: HttpRequest, rows: QuerySet[LibraryFinding]) -> None:
        chosen = findings.as_findings(rows)
        backup = Path(settings.MIRAGE_BACKUP_TO) if settings.MIRAGE_BACKUP_TO else None
        done = checking.repair(chosen, backup)
        findings.settled(done)
        numbers = {"repaired": len(done), "left": len(chosen) - len(done)}
        text = (
            _("%(repaired)s repaired, %(left)s need your attention.")
            if numbers["left"]
            else _("%(repaired)s repaired.")
        )
        self.message_user(request, text % numbers)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Changes made in the administration."""

    list_display = ("action_time", "user", "content_type", "object_repr", "change_message")
    list_filter = ("action_flag",)
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr",)


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions. Their keys are not shown, because a key is enough to be signed in."""

    list_display = ("begin", "expire_date")
    ordering = ("-expire_date",)
    fields = ("expire_date",)

    def begin(self, row: Session) -> str:
        return f"{row.session_key[:4]}…"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # signs somebody out
