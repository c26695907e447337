"""Tags, the photos that have them, and what was learned about them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from mirage.refusals import NotPossible
from mirage.web.admin import LargeTableAdmin, ReadOnlyAdmin, WithPhoto, asked
from tags import tree
from tags.models import PhotoTag, Tag, TaughtTag

MOST_MERGED = 50


@admin.register(Tag)
class TagAdmin(LargeTableAdmin):
    list_display = ("path", "owner", "colour")
    list_filter = ("owner",)
    list_select_related = ("owner",)
    search_fields = ("path",)
    ordering = ("path",)
    readonly_fields = ("owner", "parent", "name", "path")  # only the page of tags renames a tag and all below it
    actions = ("merge",)

    @admin.action(description=_lazy("Merge into one tag"))
    def merge(self, request: HttpRequest, tags: QuerySet[Tag]) -> HttpResponse | None:
        """Ask which tag stays, then merge the others into it."""
        chosen = list(tags.select_related("owner").order_by("path")[: MOST_MERGED + 1])
        if not 2 <= len(chosen) <= MOST_MERGED or len({tag.owner_id for tag in chosen}) > 1:
            self.message_user(
                request, _("Choose two to %(most)s tags of one owner.") % {"most": MOST_MERGED}, messages.ERROR
            )
            return None
        target = next((tag for tag in chosen if str(tag.pk) == request.POST.get("target")), None)
        if target is None:
            return asked(self, request, _("Which tag should remain?"), "admin/tags/merge.html", chosen)
        others = [tag for tag in chosen if tag != target]
        try:
            tree.merge_all(others, target)
        except NotPossible as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _("Merged into %(name)s.") % {"name": target.path}, messages.SUCCESS)
        return None


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
