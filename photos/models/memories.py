"""What a user does not want to be reminded of."""

from django.conf import settings
from django.db import models


class LeftOut(models.Model):
    """A memory, a person or a day that is kept out of the user's memories."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="left_out")
    subject = models.CharField(max_length=10, help_text="memory, or a name in SUBJECTS (photos/gallery/memories).")
    value = models.CharField(max_length=64, help_text="Which memory, person or day.")
    name = models.CharField(max_length=200, help_text="What it is called on the page that lists them.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "subject", "value"], name="leftout_once")]

    def __str__(self) -> str:
        return self.name
