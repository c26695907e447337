"""Users, groups, tokens, invitations and sessions, with their logs."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import activity
from accounts.models import Activity, BrowserSession, Invitation, Lockout, SecurityEvent, Token, User
from mirage.web.admin import ReadOnlyAdmin

BY = "the administration"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Mirage", {"fields": ("theme", "home_zone", "quota_bytes", "automatic_labels", "memories")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            activity.record("made an account", request, subject=obj.username, by=BY)
        elif changed := changes_in(form):
            activity.record("changed an account", request, subject=obj.username, changed=changed, by=BY)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            activity.record("reset a password", request, subject=User.objects.get(pk=id).username, by=BY)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # the page of the account does it, and asks what should happen to the photos


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """What staff who are not administrators may do in the administration."""

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        activity.record("changed a setting", request, subject=f"group {obj.name}", changed=changes_in(form), by=BY)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        activity.record("changed a setting", request, subject=f"group {obj.name}", deleted=True, by=BY)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        for group in queryset:
            self.delete_model(request, group)


def changes_in(form: Any) -> dict[str, list[Any]]:
    """The old and the new value of each field that the form changed, except passwords."""
    names = [name for name in form.changed_data if "password" not in name]
    return {name: [plain(form.initial.get(name)), plain(form.cleaned_data.get(name))] for name in names}


def plain(value: Any) -> Any:
    """A form's value as the log stores it."""
    if isinstance(value, bool | int) or value is None:
        return value
    return [str(one) for one in value] if isinstance(value, list | QuerySet) else str(value)


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
    """Programs that sign in. Their secrets cannot be shown."""

    list_display = ("name", "user", "kind", "scopes", "expires_at", "last_used_at", "last_address")
    list_filter = ("kind", "user")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    actions = ("revoke",)

    @admin.action(description=_lazy("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        for token in tokens:
            activity.record("revoked a token", request, subject=token.name, owner=token.user.username)
        tokens.delete()
        self.message_user(request, _("Revoked: these programs are signed out."), messages.SUCCESS)


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
