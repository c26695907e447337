"""Settings that administrators changed in the page (mirage/changeable.py)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class Setting(models.Model):
    """The value of a setting that takes the place of the environment's, who chose it and when."""

    name = models.CharField(max_length=60, unique=True)
    value = models.TextField(blank=True, help_text=_lazy("As it would be written in the environment."))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
