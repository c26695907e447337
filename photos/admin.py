"""The administrator's view of photos and of the work on them.

Most columns of a photo cannot be edited here: they follow from its files and from the owner's edits in the gallery,
which have undo.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from mirage.web.admin import LargeTableAdmin, ReadOnlyAdmin, WithPhoto, small_picture
from photos import pipeline
from photos.models import (
    Comment,
    DetectedObject,
    Embedding,
    ImportFailure,
    PairDecision,
    Photo,
    PhotoEdit,
    PhotoFile,
    PhotoText,
    RawMetadata,
    Stack,
    StageRun,
    Upload,
    WatchedFolder,
)
from photos.storage import http, paths


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PhotoFileInline(ReadOnlyInline):
    model = PhotoFile
    fields = readonly_fields = ("kind", "path", "sha256", "size", "in_place", "added_at")


class PhotoEditInline(ReadOnlyInline):
    model = PhotoEdit
    fields = readonly_fields = ("field", "value", "by", "at")


class StageRunInline(ReadOnlyInline):
    model = StageRun
    fields = readonly_fields = ("stage", "status", "version", "attempts", "error", "worker", "finished_at")


class StageFilter(admin.SimpleListFilter):
    """Takes the stages' names from the registry: the distinct names in the table would be slow to find."""

    title = parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(stage.name, str(stage.label)) for stage in pipeline.all_stages()]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(stage=self.value()) if self.value() else rows


class FailedFilter(admin.SimpleListFilter):
    title, parameter_name = "failures", "failed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "with a stage that failed")]

    def queryset(self, request: HttpRequest, photos: QuerySet[Photo]) -> QuerySet[Photo]:
        if self.value() != "yes":
            return photos
        failed = StageRun.objects.filter(stage__in=list(pipeline.STAGES), status=StageRun.Status.FAILED)
        return photos.filter(pk__in=failed.values("photo_id"))


class TrashFilter(admin.SimpleListFilter):
    title, parameter_name = "trash", "trash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "not in the trash"), ("yes", "in the trash")]

    def queryset(self, request: HttpRequest, photos: QuerySet[Photo]) -> QuerySet[Photo]:
        return photos.filter(trashed_at__isnull=self.value() == "no") if self.value() else photos


@admin.register(Photo)
class PhotoAdmin(LargeTableAdmin):
    list_display = ("preview", "original_name", "owner", "taken_local", "camera_model", "place", "bytes", "trashed_at")
    list_display_links = ("preview", "original_name")
    list_filter = ("kind", TrashFilter, FailedFilter, "displayable", "favourite", "archived", "in_place", "owner")
    list_select_related = ("owner",)
    search_fields = ("original_name", "title", "=sha256", "=key")
    exclude = ("thumbhash",)
    inlines = (PhotoFileInline, PhotoEditInline, StageRunInline)
    actions = ("move_to_trash", "restore", "retry_failed", "again_thumbnails", "again_faces", "again")

    def get_readonly_fields(self, request: HttpRequest, obj: Photo | None = None) -> list[str]:
        other = {"favourite", "archived", "thumbhash"}
        return ["preview", *(field.name for field in Photo._meta.fields if field.name not in other)]

    def get_urls(self) -> list[URLPattern]:
        """Adds the thumbnails that the admin shows."""
        view = self.admin_site.admin_view(self.picture)
        return [path("<int:photo_id>/preview/", view, name="photos_photo_preview"), *super().get_urls()]

    def picture(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(Photo, pk=photo_id)
        try:
            place = paths.fetched(paths.derived_folder(photo.sha256) / "small.webp")
            return http.file_response(
                request, place, tag=f"{photo.sha256}-small", mime="image/webp", caching=http.CHECKED
            )
        except OSError as error:
            raise Http404("Not made yet.") from error

    def has_delete_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        return False  # the trash deletes photos, with their files

    @admin.display(description=_lazy("picture"))
    def preview(self, photo: Photo) -> SafeString | str:
        return small_picture(photo)

    @admin.display(description=_lazy("size"), ordering="size")
    def bytes(self, photo: Photo) -> str:
        return filesizeformat(photo.size)

    @admin.action(description=_lazy("Move to trash"))
    def move_to_trash(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        count = Photo.objects.filter(pk__in=photos.values("pk")).trash()
        self.message_user(
            request, ngettext("%(number)s in the trash.", "%(number)s in the trash.", count) % {"number": count}
        )

    @admin.action(description=_lazy("Restore from trash"))
    def restore(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        count = Photo.objects.filter(pk__in=photos.values("pk")).restore()
        self.message_user(request, ngettext("%(number)s restored.", "%(number)s restored.", count) % {"number": count})

    @admin.action(description=_lazy("Retry what failed"))
    def retry_failed(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.run_again(request, photos, status=StageRun.Status.FAILED)

    @admin.action(description=_lazy("Make thumbnails again"))
    def again_thumbnails(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.run_again(request, photos, stage="thumbnails")

    @admin.action(description=_lazy("Look for faces again"))
    def again_faces(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.run_again(request, photos, stage="faces")

    @admin.action(description=_lazy("Do all stages again"))
    def again(self, request: HttpRequest, photos: QuerySet[Photo]) -> None:
        self.run_again(request, photos)

    def run_again(self, request: HttpRequest, photos: QuerySet[Photo], **which: str) -> None:
        count = pipeline.retry(StageRun.objects.filter(photo__in=photos.values("pk"), **which))
        words = ngettext("%(number)s stage waiting.", "%(number)s stages waiting.", count)
        self.message_user(request, words % {"number": count}, messages.SUCCESS)


@admin.register(StageRun)
class StageRunAdmin(WithPhoto, LargeTableAdmin):
    list_display = ("preview", "photo", "stage", "status", "attempts", "error", "worker", "finished_at")
    list_display_links = ("photo",)
    list_filter = ("status", StageFilter)
    list_select_related = ("photo",)
    search_fields = ("photo__original_name", "=photo__key")
    readonly_fields = tuple(field.name for field in StageRun._meta.fields)
    actions = ("retry",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_lazy("Retry"))
    def retry(self, request: HttpRequest, runs: QuerySet[StageRun]) -> None:
        count = pipeline.retry(StageRun.objects.filter(pk__in=runs.values("pk")))
        self.message_user(
            request, ngettext("%(number)s waiting.", "%(number)s waiting.", count) % {"number": count}, messages.SUCCESS
        )


@admin.register(ImportFailure)
class ImportFailureAdmin(LargeTableAdmin):
    list_display = ("path", "reason", "owner", "at")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("path", "reason")
    readonly_fields = ("owner", "key", "path", "reason", "in_place", "at")


@admin.register(Upload)
class UploadAdmin(LargeTableAdmin):
    list_display = ("name", "owner", "size", "offset", "touched_at")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("name",)
    readonly_fields = ("owner", "key", "name", "folder", "size", "offset", "modified_at", "created_at", "touched_at")


@admin.register(PairDecision)
class PairDecisionAdmin(ReadOnlyAdmin):
    list_display = ("first", "second", "verdict", "by", "at")
    list_filter = ("verdict",)
    list_select_related = ("first", "second", "by")


@admin.register(Comment)
class CommentAdmin(WithPhoto, LargeTableAdmin):
    list_display = ("preview", "text", "author", "created_at")
    list_display_links = ("text",)
    list_filter = ("author",)
    list_select_related = ("author", "photo")
    search_fields = ("text",)
    readonly_fields = ("photo", "author", "created_at", "edited_at")


@admin.register(Stack)
class StackAdmin(ReadOnlyAdmin):
    list_display = ("preview", "pk", "owner", "kind")
    list_display_links = ("pk",)
    list_filter = ("kind", "owner")
    list_select_related = ("owner", "cover")

    @admin.display(description=_lazy("picture"))
    def preview(self, stack: Stack) -> SafeString | str:
        return small_picture(stack.cover)


@admin.register(WatchedFolder)
class WatchedFolderAdmin(admin.ModelAdmin):
    list_display = ("path", "owner", "scanned_at")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("path",)
    readonly_fields = ("scanned_at",)


# --- what Mirage knows about each photo, read-only --------------------------------------------------------------------


class OfPhotoAdmin(WithPhoto, ReadOnlyAdmin):
    """Rows about photos, searched by the photo's name or key."""

    list_select_related = ("photo",)
    search_fields = ("photo__original_name", "=photo__key")


@admin.register(PhotoFile)
class PhotoFileAdmin(OfPhotoAdmin):
    list_display = ("preview", "path", "kind", "size", "in_place", "added_at")
    list_display_links = ("path",)
    list_filter = ("kind", "in_place")


@admin.register(PhotoEdit)
class PhotoEditAdmin(OfPhotoAdmin):
    list_display = ("preview", "photo", "field", "value", "by", "at")
    list_display_links = ("photo",)
    list_select_related = ("photo", "by")  # type: ignore[assignment]


@admin.register(RawMetadata)
class RawMetadataAdmin(OfPhotoAdmin):
    list_display = ("preview", "photo")
    list_display_links = ("photo",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leaves the tags out of the list: they are large."""
        rows = super().get_queryset(request)
        listing = request.resolver_match and str(request.resolver_match.url_name).endswith("changelist")
        return rows.only("photo__original_name", "photo__displayable") if listing else rows


@admin.register(Embedding)
class EmbeddingAdmin(OfPhotoAdmin):
    list_display = ("preview", "photo", "kind", "model", "frame")
    list_display_links = ("photo",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("vector")


@admin.register(DetectedObject)
class DetectedObjectAdmin(OfPhotoAdmin):
    list_display = ("preview", "photo", "label", "score", "state", "model")
    list_display_links = ("photo",)
    list_filter = ("state",)
    search_fields = ("=label", "photo__original_name")


@admin.register(PhotoText)
class PhotoTextAdmin(OfPhotoAdmin):
    list_display = ("preview", "photo", "text", "rejected")
    list_display_links = ("photo",)
    list_filter = ("rejected",)
    search_fields = ("text", "photo__original_name")
