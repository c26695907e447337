"""Users and what was done."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from accounts.models import Activity, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Mirage", {"fields": ("theme", "home_zone", "quota_bytes", "automatic_labels")}),
    )


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    list_display = ("at", "owner", "actor", "verb", "target_type", "target_id", "undone_at")
    list_filter = ("verb",)
    list_select_related = ("owner", "actor")
    show_full_result_count = False
    readonly_fields = tuple(field.name for field in Activity._meta.fields)
