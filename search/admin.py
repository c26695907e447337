"""Saved searches, and the search language in the admin's list of photos."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from photos.admin import PhotoAdmin
from photos.models import Photo
from search.compile import Compiler, any_of
from search.language.grammar import Mistake, parse
from search.models import SavedSearch

OWNERS = 50  # libraries that one search of the admin looks through


@admin.register(SavedSearch)
class SavedSearchAdmin(admin.ModelAdmin):
    list_display = ("name", "owner", "query", "pinned")
    list_filter = ("owner", "pinned")
    list_select_related = ("owner",)
    search_fields = ("name", "query")
    raw_id_fields = ("owner",)


admin.site.unregister(Photo)


@admin.register(Photo)
class SearchedPhotoAdmin(PhotoAdmin):
    """The list of photos. Its box takes the search language, a key or a checksum."""

    search_help_text = _lazy("As on the site: words, person:Anna, date:2023, is:duplicate; or a key, or a SHA-256.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Photo], search_term: str
    ) -> tuple[QuerySet[Photo], bool]:
        """What the search finds in each owner's library. A mistake is shown, and finds nothing."""
        term = search_term.strip()
        if not term or Photo.objects.filter(Q(key=term) | Q(sha256=term)).exists():
            return super().get_search_results(request, queryset, term)
        try:
            tree = parse(term)
        except Mistake as mistake:
            said = {"problem": mistake.message, "part": term[mistake.start : mistake.end], "meant": mistake.suggestion}
            message = (
                _("%(problem)s See “%(part)s”. Did you mean %(meant)s?")
                if mistake.suggestion
                else _("%(problem)s See “%(part)s”.")
            )
            self.message_user(request, message % said, messages.ERROR)
            return queryset.none(), False
        owners = User.objects.filter(photos__isnull=False).distinct().order_by("pk")[:OWNERS]
        return queryset.filter(any_of(Q(owner=owner) & Compiler(owner).whole(tree) for owner in owners)), False
