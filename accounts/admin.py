"""Users and what was done."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import activity
from accounts.models import Activity, BrowserSession, Invitation, Lockout, SecurityEvent, Token, User
from mirage.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Mirage", {"fields": ("theme", "home_zone", "quota_bytes", "automatic_labels")}),
    )


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("at", "owner", "actor", "verb", "target_type", "target_id", "undone_at")
    list_filter = ("owner", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner", "actor")
    search_fields = ("=verb", "=target_type")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("detail")  # what undo needs may be large


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "verb", "subject", "address")
    list_select_related = ("actor",)
    search_fields = ("actor_name", "verb", "subject", "address")


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """Programs that sign in; what they sign in with is known to nobody here."""

    list_display = ("name", "user", "kind", "scopes", "expires_at", "last_used_at", "last_address")
    list_filter = ("kind", "user")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    actions = ("revoke",)

    @admin.action(description="Revoke", permissions=["view"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        for token in tokens:
            activity.record("revoked a token", request, subject=token.name, owner=token.user.username)
        tokens.delete()
        self.message_user(request, "Revoked: these programs are signed out.", messages.SUCCESS)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "role", "invited_by", "expires_at", "accepted_by")
    list_select_related = ("invited_by", "accepted_by")
    search_fields = ("email",)


@admin.register(BrowserSession)
class BrowserSessionAdmin(ReadOnlyAdmin):
    list_display = ("user", "address", "agent", "created_at", "last_seen_at")
    list_filter = ("user",)
    list_select_related = ("user",)


@admin.register(Lockout)
class LockoutAdmin(ReadOnlyAdmin):
    list_display = ("key", "failures", "last_at", "until")
    search_fields = ("key",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)  # lifts it
