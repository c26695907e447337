"""Django's administration of the tables."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _lazy


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
    """All tables, for experts. The pages of the administration are Mirage's own (operations/views)."""

    site_header = site_title = "Mirage"
    index_title = _lazy("Tables of the database")
    site_url = "/administration/"
