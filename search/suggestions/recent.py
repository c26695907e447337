"""What a user searched for last: kept for that user alone, and deleted when they like."""

from accounts.models import User
from search.access import recent_searches
from search.models import RecentSearch

KEPT = 20
LONGEST = 200  # characters: what is longer was hardly typed


def remember(user: User, query: str) -> None:
    """Keep a search that found something to show. The oldest beyond KEPT are forgotten."""
    newest = recent_searches(user).values_list("query", flat=True).first()
    if not query or len(query) > LONGEST or newest == query:
        return
    RecentSearch.objects.update_or_create(owner=user, query=query)
    kept = list(recent_searches(user).values_list("pk", flat=True)[: KEPT + 1])
    if len(kept) > KEPT:
        recent_searches(user).exclude(pk__in=kept[:KEPT]).delete()
