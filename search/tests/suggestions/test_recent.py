"""What a user searched for last is kept for that user alone."""

from accounts.models import User
from search.access import recent_searches
from search.suggestions.recent import KEPT, LONGEST, remember


def kept(user: User) -> list[str]:
    return [one.query for one in recent_searches(user)]


def test_the_last_comes_first_and_each_once(owner: User, stranger: User) -> None:
    for query in ("beach", "anna", "beach", "beach"):
        remember(owner, query)
    assert kept(owner) == ["beach", "anna"]
    assert kept(stranger) == []


def test_the_oldest_are_forgotten(owner: User, stranger: User) -> None:
    remember(stranger, "theirs")
    for number in range(KEPT + 5):
        remember(owner, f"word{number}")
    assert len(kept(owner)) == KEPT
    assert kept(owner)[-1] == "word5"
    assert kept(stranger) == ["theirs"]


def test_nothing_and_what_is_endless_is_not_kept(owner: User) -> None:
    remember(owner, "")
    remember(owner, "x" * (LONGEST + 1))
    assert kept(owner) == []
