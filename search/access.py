"""Whose searches a user may see and change: the own ones, kept or recent."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from search.models import RecentSearch, SavedSearch


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """The user's saved searches, pinned ones first."""
    return SavedSearch.objects.filter(owner=user).order_by("-pinned", "name", "pk")


def search_or_404(user: User, pk: int) -> SavedSearch:
    """The user's search. 404 if it belongs to somebody else."""
    return get_object_or_404(SavedSearch, owner=user, pk=pk)


def recent_searches(user: User) -> QuerySet[RecentSearch]:
    """What the user searched for last, the newest first."""
    return RecentSearch.objects.filter(owner=user).order_by("-searched_at", "-pk")


def recent_or_404(user: User, pk: int) -> RecentSearch:
    """One of these; a stranger's is as if it did not exist."""
    return get_object_or_404(RecentSearch, owner=user, pk=pk)
