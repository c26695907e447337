"""Albums and shares."""

from django.contrib import admin

from albums.models import Album, Share, ShareLink


@admin.register(Album)
class AlbumAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "kind", "created_at")
    list_filter = ("kind",)
    list_select_related = ("owner",)
    search_fields = ("name",)
    raw_id_fields = ("cover", "parent")


@admin.register(Share)
class ShareAdmin(admin.ModelAdmin):
    list_display = ("owner", "user", "album", "role", "created_at")
    list_select_related = ("owner", "user", "album")
    raw_id_fields = ("album",)


@admin.register(ShareLink)
class ShareLinkAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "album", "views", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("owner", "album")
    raw_id_fields = ("album",)
    exclude = ("password", "token_hash")
