"""Base classes for the administration of all apps: fast lists of large tables, and read-only rows."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.paginator import Paginator
from django.db.models import BinaryField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

MOST_COUNTED = 100_000
SECRET = re.compile("hash$|password|secret|session_key")


class CappedPaginator(Paginator):
    """Counts at most MOST_COUNTED rows. Search and filters lead to the rest."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


class LargeTableAdmin(admin.ModelAdmin):
    """For large tables, whose rows are not added here. Ordered by primary key, which always has an index."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class ReadOnlyAdmin(LargeTableAdmin):
    """Rows that Mirage relies on, so nobody may edit them."""

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Hide vectors and secrets."""
        hidden = [
            field.name for field in self.opts.fields if isinstance(field, BinaryField) or SECRET.search(field.name)
        ]
        return [*hidden, *(self.exclude or ())]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def small_picture(photo: Any) -> SafeString | str:
    """A photo's thumbnail."""
    if photo is None or not photo.displayable:
        return "–"
    address = reverse("admin:photos_photo_preview", args=[photo.pk])
    return format_html('<img src="{}" height="48" loading="lazy" alt="{}">', address, photo.original_name)


class WithPhoto:
    """A column with the row's photo. Needs `photo` in list_select_related."""

    @admin.display(description="picture")
    def preview(self, row: Any) -> SafeString | str:
        return small_picture(row.photo)


def asked(
    model_admin: admin.ModelAdmin, request: HttpRequest, title: str, template: str, rows: Sequence[Any], **more: Any
) -> HttpResponse:
    """A page that asks a question before an action. It posts the action again with the answer."""
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "action": request.POST["action"],
        "checkbox": ACTION_CHECKBOX_NAME,
        "rows": rows,
        **more,
    }
    return TemplateResponse(request, template, context)
