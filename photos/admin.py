"""The curator's view of photos and of the work on them. Counts of big tables are left out: they are slow."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from photos import pipeline
from photos.duplicates_admin import DuplicateGroupAdmin
from photos.models import (
    Comment,
    ImportFailure,
    Photo,
    PhotoEdit,
    PhotoFile,
    Stack,
    StageRun,
    Upload,
    WatchedFolder,
)

__all__ = ["DuplicateGroupAdmin"]  # registered by its module


class PhotoFileInline(admin.TabularInline):
    model = PhotoFile
    extra = 0
    readonly_fields = ("path", "sha256", "size", "in_place", "added_at")


class PhotoEditInline(admin.TabularInline):
    model = PhotoEdit
    extra = 0
    raw_id_fields = ("by",)


class StageRunInline(admin.TabularInline):
    model = StageRun
    extra = 0
    can_delete = False
    fields = readonly_fields = ("stage", "status", "version", "attempts", "error", "worker", "finished_at")


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    list_display = ("preview", "original_name", "owner", "taken_local", "camera_model", "place", "size", "trashed_at")
    list_display_links = ("preview", "original_name")
    list_filter = ("kind", "displayable", "favourite", "archived", "media_type", "owner")
    list_select_related = ("owner",)
    search_fields = ("original_name", "title", "sha256", "key")
    show_full_result_count = False
    raw_id_fields = ("owner", "stack")
    readonly_fields = ("key", "sha256", "path", "in_place", "media_type", "kind", "size", "width", "height")
    exclude = ("thumbhash",)
    inlines = (PhotoFileInline, PhotoEditInline, StageRunInline)
    actions = ("move_to_trash", "restore", "read_again")

    @admin.display(description="")
    def preview(self, photo: Photo) -> SafeString | str:
        """The thumbnail, for those who may see the photo."""
        if not photo.displayable:
            return "–"
        address = reverse("photos:thumbnail", args=[photo.key, "small"])
        return format_html('<img src="{}" height="60" loading="lazy" alt="">', address)

    @admin.action(description="Move to trash")
    def move_to_trash(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        count = Photo.objects.filter(pk__in=photos.values("pk")).trash()
        self.message_user(request, f"{count} in the trash.")

    @admin.action(description="Restore from trash")
    def restore(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        count = Photo.objects.filter(pk__in=photos.values("pk")).restore()
        self.message_user(request, f"{count} restored.")

    @admin.action(description="Do all stages again")
    def read_again(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        count = pipeline.retry(StageRun.objects.filter(photo__in=photos.values("pk")))
        self.message_user(request, f"{count} stages waiting.")


@admin.register(StageRun)
class StageRunAdmin(admin.ModelAdmin):
    list_display = ("photo", "stage", "status", "attempts", "error", "worker", "started_at", "finished_at")
    list_filter = ("status", "stage")
    list_select_related = ("photo",)
    search_fields = ("photo__original_name", "photo__key")
    show_full_result_count = False
    readonly_fields = tuple(field.name for field in StageRun._meta.fields)
    actions = ("retry",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="Try again")
    def retry(self, request: HttpRequest, runs: QuerySet[StageRun]) -> None:
        count = pipeline.retry(StageRun.objects.filter(pk__in=runs.values("pk")))
        self.message_user(request, f"{count} waiting.", messages.SUCCESS)


@admin.register(ImportFailure)
class ImportFailureAdmin(admin.ModelAdmin):
    list_display = ("path", "reason", "owner", "at")
    list_select_related = ("owner",)
    search_fields = ("path",)
    show_full_result_count = False


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "size", "offset", "touched_at")
    list_select_related = ("owner",)
    readonly_fields = ("key", "size", "offset")


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ("text", "author", "photo", "created_at")
    list_select_related = ("author", "photo")
    raw_id_fields = ("photo", "author")
    show_full_result_count = False


@admin.register(Stack)
class StackAdmin(admin.ModelAdmin):
    list_display = ("pk", "owner", "kind")
    list_select_related = ("owner",)
    raw_id_fields = ("cover",)


@admin.register(WatchedFolder)
class WatchedFolderAdmin(admin.ModelAdmin):
    list_display = ("path", "owner", "scanned_at")
    list_select_related = ("owner",)
