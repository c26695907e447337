"""Duplicate groups in Django's admin. What is decided here can be undone on the owner's page."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.models import Activity, User
from duplicates import keeping, resolving
from duplicates.models import DuplicateGroup, DuplicateMember
from duplicates.resolving import CannotResolve
from mirage.wording import number_in_words
from photos.models import Photo
from photos.storage import paths

SHOWN = 6  # pictures of each group in the list


def picture(photo: Photo, height: int) -> SafeString:
    """The photo's thumbnail, for those who may see groups here; faded if the photo is in the trash."""
    address = reverse("admin:duplicates_duplicategroup_picture", args=[photo.pk])
    name = photo.original_name
    said = _("%(file)s, in the trash") % {"file": name} if photo.trashed_at else name
    return format_html('<img src="{}" height="{}" loading="lazy" alt="{}" title="{}">', address, height, said, said)


class DuplicateMemberInline(admin.TabularInline):
    model = DuplicateMember
    extra = 0
    can_delete = False
    fields = readonly_fields = ("preview", "photo", "pixels", "role", "similarity", "evidence")

    def has_add_permission(self, request: HttpRequest, obj: DuplicateGroup | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicateMember]:
        return super().get_queryset(request).select_related("photo")

    @admin.display(description=_lazy("picture"))
    def preview(self, member: DuplicateMember) -> SafeString:
        return picture(member.photo, 120)

    @admin.display(description=_lazy("Pixels, bytes"))
    def pixels(self, member: DuplicateMember) -> str:
        return f"{member.photo.width} × {member.photo.height}, {number_in_words(member.photo.size)}"


@admin.register(DuplicateGroup)
class DuplicateGroupAdmin(admin.ModelAdmin):
    list_display = ("key", "pictures", "owner", "tier", "status", "saving", "created_at")
    list_filter = ("tier", "status", "owner")
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("key", "members__photo__original_name")
    show_full_result_count = False
    fields = readonly_fields = ("key", "owner", "tier", "status", "saving", "created_at")
    inlines = (DuplicateMemberInline,)
    actions = ("keep_best", "keep_all", "open_again")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicateGroup]:
        members = DuplicateMember.objects.select_related("photo__stack").order_by("role", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("members", members))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.thumbnail)
        return [path("picture/<int:photo_id>/", view, name="duplicates_duplicategroup_picture"), *super().get_urls()]

    def thumbnail(self, request: HttpRequest, photo_id: int) -> FileResponse:
        """The small thumbnail of a photo that is in a group."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(Photo, pk=photo_id, duplicate_memberships__isnull=False)
        file = paths.fetched(paths.derived_folder(photo.sha256) / "small.webp")
        if not file.is_file():
            raise Http404("no thumbnail")
        return FileResponse(file.open("rb"), content_type="image/webp")

    @admin.display(description=_lazy("Photos"))
    def pictures(self, group: DuplicateGroup) -> SafeString:
        members = list(group.members.all())
        rest = f" +{len(members) - SHOWN}" if len(members) > SHOWN else ""
        shown = format_html_join(" ", "{}", ((picture(member.photo, 56),) for member in members[:SHOWN]))
        return format_html("{}{}", shown, rest)

    @admin.action(description=_lazy("Keep the best by the owner's rules, move the others to the trash; stack bursts"))
    def keep_best(self, request: HttpRequest, groups: QuerySet[DuplicateGroup]) -> None:
        def act(group: DuplicateGroup) -> Activity:
            plan = resolving.plan(group, keeping.order_of(group.owner))
            return resolving.keep_best(group.owner, [plan], self.curator(request))

        self.decide(request, groups, act)

    @admin.action(description=_lazy("They are different: keep all"))
    def keep_all(self, request: HttpRequest, groups: QuerySet[DuplicateGroup]) -> None:
        self.decide(request, groups, lambda group: resolving.keep_all(group.owner, group, self.curator(request)))

    @admin.action(description=_lazy("Ask the owner again"))
    def open_again(self, request: HttpRequest, groups: QuerySet[DuplicateGroup]) -> None:
        """Open these groups again. Photos in the trash stay there."""
        count = DuplicateGroup.objects.filter(pk__in=groups.values("pk")).update(status=DuplicateGroup.Status.OPEN)
        self.message_user(
            request,
            ngettext("%(number)s open again.", "%(number)s open again.", count) % {"number": count},
            messages.SUCCESS,
        )

    def decide(
        self, request: HttpRequest, groups: QuerySet[DuplicateGroup], act: Callable[[DuplicateGroup], Activity]
    ) -> None:
        """Do this with each group that is still open."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        done = left = 0
        for group in groups:
            try:
                act(group)
                done += 1
            except CannotResolve:
                left += 1
        said = [ngettext("%(number)s resolved.", "%(number)s resolved.", done) % {"number": done}]
        if left:
            before = ngettext("%(number)s was resolved already.", "%(number)s were resolved already.", left)
            said.append(before % {"number": left})
        self.message_user(request, " ".join(said), messages.SUCCESS)

    @staticmethod
    def curator(request: HttpRequest) -> User:
        assert request.user.is_authenticated  # the admin admits nobody else
        return request.user
