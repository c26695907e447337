"""Tags."""

from django.contrib import admin

from tags.models import Tag


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("path", "owner", "colour")
    list_select_related = ("owner",)
    search_fields = ("path",)
    raw_id_fields = ("parent",)
