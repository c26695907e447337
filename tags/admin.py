"""Tags, and which photos have them."""

from django.contrib import admin
from django.http import HttpRequest

from mirage.admin import LargeTableAdmin, ReadOnlyAdmin, WithPhoto
from tags.models import PhotoTag, Tag, TaughtTag


@admin.register(Tag)
class TagAdmin(LargeTableAdmin):
    list_display = ("path", "owner", "colour")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("path",)
    ordering = ("path",)
    readonly_fields = ("owner", "parent", "name", "path")  # a tag is renamed with all below it, on the page of tags

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(PhotoTag)
class PhotoTagAdmin(WithPhoto, ReadOnlyAdmin):
    list_display = ("preview", "photo", "tag", "source", "confidence", "rejected", "added_at")
    list_display_links = ("photo",)
    list_filter = ("source", "rejected")
    list_select_related = ("photo", "tag")
    search_fields = ("tag__path", "photo__original_name")


@admin.register(TaughtTag)
class TaughtTagAdmin(ReadOnlyAdmin):
    list_display = ("tag", "yes", "no", "apply_above", "trained_at")
    list_select_related = ("tag",)
