"""Which saved searches a user may see and change: only their own."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from search.models import SavedSearch


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """The user's saved searches, pinned ones first."""
    return SavedSearch.objects.filter(owner=user).order_by("-pinned", "name", "pk")


def search_or_404(user: User, pk: int) -> SavedSearch:
    """The user's search. 404 if it belongs to somebody else."""
    return get_object_or_404(SavedSearch, owner=user, pk=pk)
