"""The administration site, with the dashboard as its first page."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_POST


class MirageAdminConfig(AdminConfig):
    """Replaces django.contrib.admin in INSTALLED_APPS."""

    default_site = "operations.site.MirageAdminSite"

    def ready(self) -> None:
        """Register our models that no app has registered as read-only."""
        from mirage.web.admin import ReadOnlyAdmin

        super().ready()
        for app in settings.OWN_APPS:
            for model in apps.get_app_config(app).get_models():
                if not admin.site.is_registered(model):
                    admin.site.register(model, ReadOnlyAdmin)


class MirageAdminSite(admin.AdminSite):
    site_header = site_title = "Mirage"
    index_title = "Running Mirage"
    index_template = "operations/dashboard.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        run = path("tasks/<slug:name>/run/", self.admin_view(require_POST(self.run_task)), name="run_task")
        return [run, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The dashboard, above the list of all models."""
        from operations import dashboard

        return super().index(request, {**dashboard.describe(), **(extra_context or {})})

    def run_task(self, request: HttpRequest, name: str) -> HttpResponse:
        """Let the next beat run a scheduled task."""
        from operations import schedule

        task = schedule.tasks().get(name)
        if task is None or not request.user.is_superuser:
            raise Http404
        schedule.make_due(name)
        messages.success(request, f"“{task.title}” starts within seconds.")
        return redirect("admin:index")
