"""Notices, and what each user wants to be told."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import BrowserSession


class Notice(models.Model):
    """Something that a user was told, once for each thing it is about."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16)
    text = models.CharField(max_length=500)
    address = models.CharField(max_length=255, blank=True, help_text=_lazy("The page that it is about."))
    about = models.CharField(max_length=120, help_text=_lazy("The same thing is told once."))
    at = models.DateTimeField(default=timezone.now)
    in_bell = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    by_push = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "about"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["user"], condition=models.Q(seen_at=None, in_bell=True), name="notice_unseen"),
            models.Index(fields=["at"], condition=models.Q(by_push=True, pushed_at=None), name="notice_unpushed"),
        ]

    def __str__(self) -> str:
        return self.text


class Wishes(models.Model):
    """What a user wants to be told, and when neither mail nor push may come. Without a row: notices.kinds.unasked."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="wishes")
    bell = models.JSONField(default=list)
    mail = models.JSONField(default=list)
    push = models.JSONField(default=list)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("When the last mail was sent."))

    class Meta:
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"


class PushSubscription(models.Model):
    """A browser that shows notices although no page of Mirage is open, and where its maker takes messages for it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    session = models.ForeignKey(
        BrowserSession,
        models.CASCADE,
        related_name="push_subscriptions",
        help_text="Who is signed out, here or from elsewhere, is told nothing more.",
    )
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100, help_text=_lazy("The browser’s public key."))
    auth = models.CharField(max_length=40, help_text=_lazy("The browser’s secret."))
    site = models.CharField(
        max_length=255, help_text=_lazy("Where the browser opened Mirage; push services ask for it.")
    )
    browser = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    pushed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.browser
