"""Saved searches."""

from django.contrib import admin

from search.models import SavedSearch


@admin.register(SavedSearch)
class SavedSearchAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "query", "pinned")
    list_select_related = ("owner",)
