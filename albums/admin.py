"""Albums, shares and public links."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import activity
from albums.models import Album, AlbumItem, Share, ShareLink
from mirage.web.admin import LargeTableAdmin, ReadOnlyAdmin, WithPhoto, small_picture


@admin.register(Album)
class AlbumAdmin(LargeTableAdmin):
    list_display = ("preview", "name", "owner", "kind", "parent", "created_at")
    list_display_links = ("preview", "name")
    list_filter = ("kind", "owner")
    list_select_related = ("owner", "cover", "parent")
    search_fields = ("name",)
    raw_id_fields = ("cover", "parent")
    readonly_fields = ("owner", "key", "kind", "created_at")

    @admin.display(description=_lazy("picture"))
    def preview(self, album: Album) -> SafeString | str:
        return small_picture(album.cover)


@admin.register(AlbumItem)
class AlbumItemAdmin(WithPhoto, ReadOnlyAdmin):
    list_display = ("preview", "photo", "album", "heading", "added_by", "added_at")
    list_display_links = ("photo",)
    list_select_related = ("photo", "album", "added_by")
    search_fields = ("album__name", "photo__original_name")


@admin.register(Share)
class ShareAdmin(LargeTableAdmin):
    list_display = ("owner", "user", "album", "role", "created_at")
    list_filter = ("role", "owner")
    list_select_related = ("owner", "user", "album")
    search_fields = ("album__name", "user__username", "owner__username")
    readonly_fields = ("owner", "user", "album", "created_at")


@admin.register(ShareLink)
class ShareLinkAdmin(LargeTableAdmin):
    list_display = ("name", "owner", "album", "views", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("owner", "allow_upload", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner", "album")
    search_fields = ("name", "album__name")
    exclude = ("password", "token_hash")
    actions = ("revoke",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in ShareLink._meta.fields if field.name not in self.exclude]

    @admin.action(description=_lazy("Revoke"))
    def revoke(self, request: HttpRequest, links: QuerySet[ShareLink]) -> None:
        for link in links.filter(revoked_at=None):
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            activity.record("revoked a link", request, subject=link)
        self.message_user(request, _("Revoked: these links no longer work."), messages.SUCCESS)
