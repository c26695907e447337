"""People and faces."""

from django.contrib import admin

from people.models import Face, Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "birthday", "hidden", "merged_into")
    list_filter = ("hidden",)
    list_select_related = ("owner", "merged_into")
    search_fields = ("name",)
    raw_id_fields = ("cover", "merged_into")


@admin.register(Face)
class FaceAdmin(admin.ModelAdmin):
    list_display = ("photo", "person", "assignment", "source", "score", "quality", "not_a_face")
    list_filter = ("assignment", "source", "not_a_face")
    list_select_related = ("photo", "person")
    raw_id_fields = ("photo", "person")
    show_full_result_count = False
