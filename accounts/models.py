"""Users, what they sign in with, the security log and the activities."""

import secrets
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy


def make_key() -> str:
    """An unguessable key of an invitation: 16 characters, 96 bits."""
    return secrets.token_urlsafe(12)


class Role(models.TextChoices):
    """What a user may do. Administrators run the installation; guests only see what is shared with them."""

    ADMINISTRATOR = "administrator", _lazy("Administrator")
    MEMBER = "member", _lazy("Member")
    GUEST = "guest", _lazy("Guest")

    @property
    def in_sentence(self) -> str:
        """The role as a part of a sentence."""
        return str(ROLES_IN_SENTENCES[self.value])


ROLES_IN_SENTENCES = {
    "administrator": pgettext_lazy("role in a sentence", "administrator"),
    "member": pgettext_lazy("role in a sentence", "member"),
    "guest": pgettext_lazy("role in a sentence", "guest"),
}


class User(AbstractUser):
    """Somebody who signs in. A superuser is an administrator of the installation."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    language = models.CharField(
        max_length=12, blank=True, help_text=_lazy("Of pages and mails. Empty: as the browser.")
    )
    home_zone = models.CharField(
        max_length=64, blank=True, help_text=_lazy("Default time zone, where a photo has none.")
    )
    quota_bytes = models.BigIntegerField(null=True, blank=True, help_text=_lazy("Empty: no limit."))
    automatic_labels = models.BooleanField(
        default=True, help_text=_lazy("Show and find photos by the objects and text that models recognised in them.")
    )
    first_steps_done = models.JSONField(
        default=list, blank=True, help_text=_lazy("The first steps that the user has put away (photos/first_run.py).")
    )
    memories = models.BooleanField(
        default=True, help_text=_lazy("Show memories over the timeline and on the page Explore.")
    )
    is_guest = models.BooleanField(
        _lazy("guest"), default=False, help_text=_lazy("Has no library, sees what is shared.")
    )

    @property
    def role(self) -> Role:
        if self.is_superuser:  # somebody who is only staff may use the administration within their permissions
            return Role.ADMINISTRATOR
        return Role.GUEST if self.is_guest else Role.MEMBER

    def set_role(self, role: Role) -> None:
        """Set the flags of the role. The caller saves."""
        self.is_staff = self.is_superuser = role == Role.ADMINISTRATOR
        self.is_guest = role == Role.GUEST

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that the user lives in."""
        return ZoneInfo(self.home_zone or settings.MIRAGE_HOME_ZONE)

    @property
    def may_upload(self) -> bool:
        return not self.is_guest


class TokenQuerySet(models.QuerySet["Token"]):
    def usable(self) -> "TokenQuerySet":
        """Tokens that have not expired, of users who may still sign in."""
        alive = models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        return self.filter(alive, user__is_active=True)


class Token(models.Model):
    """What a program signs in with: a bearer token, or a password for HTTP Basic. Only its hash is stored."""

    class Kind(models.TextChoices):
        BEARER = "bearer", _lazy("Token")
        PASSWORD = "password", _lazy("Application password")

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BEARER)
    name = models.CharField(max_length=120, help_text=_lazy("What it is for."))
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_address = models.GenericIPAddressField(null=True, blank=True)
    last_agent = models.CharField(max_length=200, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="token_newest")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class Invitation(models.Model):
    """An address that makes one account. Only the hash of its secret part is stored, which follows from the key."""

    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=13, choices=Role.choices, default=Role.MEMBER)
    email = models.EmailField(blank=True)
    quota_bytes = models.BigIntegerField(null=True, blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="invitation")

    def __str__(self) -> str:
        return f"{self.role} {self.email}".strip()

    @property
    def role_in_sentence(self) -> str:
        return Role(self.role).in_sentence


class BrowserSession(models.Model):
    """A signed-in browser, for the list of devices (accounts/security/sessions.py)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="browser_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="browsersession_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.address}"


class Lockout(models.Model):
    """The failures of one name, link or address, and the end of its lockout (accounts/security/lockout.py)."""

    key = models.CharField(max_length=200, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class SecurityEvent(models.Model):
    """A line of the security log: who did what, when and from where (accounts/activity.py)."""

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True, help_text=_lazy("As it was then, or as it was typed."))
    subject = models.CharField(max_length=255, blank=True, help_text=_lazy("What or whom it was done to."))
    address = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="security_newest"),
            models.Index(fields=["actor", "-at"], name="security_actor"),
            models.Index(fields=["verb", "-at"], name="security_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject}".strip()


class ActivityQuerySet(models.QuerySet["Activity"]):
    def newest_first(self) -> "ActivityQuerySet":
        return self.order_by("-at", "-id")

    def locked(self, pk: int) -> "Activity":
        """The action with its users, locked until the end of the transaction."""
        return self.select_for_update(of=("self",)).select_related("owner", "actor").get(pk=pk)


class Activity(models.Model):
    """An action of a user, with what the history and undo need to know."""

    owner = models.ForeignKey(
        User, models.CASCADE, related_name="activities", help_text=_lazy("Whose library it touched.")
    )
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=40)
    target_type = models.CharField(max_length=40, blank=True)
    target_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["owner", "-at", "-id"], name="activity_newest"),
            models.Index(fields=["target_type", "target_id"], name="activity_target"),
            models.Index(fields=["target_type", "at"], name="activity_at"),
            models.Index(fields=["undone_at"], name="activity_undone", condition=models.Q(undone_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id or ''}".strip()

    @property
    def kind(self) -> str:
        """Its key in ACTION_KINDS: the part of its verb before a full stop, otherwise the type of its target."""
        prefix, point, _ = self.verb.partition(".")
        return prefix if point else self.target_type

    def mark_undone(self) -> None:
        """Record that the action was undone."""
        self.undone_at = timezone.now()
        self.save(update_fields=["undone_at"])
