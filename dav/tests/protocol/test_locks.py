"""Locks: who may write meanwhile, how long they last, and the header If."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from dav.models import Lock
from dav.protocol import locks
from dav.protocol.locks import Condition, parse_if
from dav.protocol.refusals import Refusal

NONE: frozenset[str] = frozenset()


def take(user: User, *names: str, exclusive: bool = True, deep: bool = False) -> Lock:
    return locks.take(user, names, exclusive=exclusive, deep=deep, holder="", seconds="Second-600")


def is_locked(user: User, *names: str, held: frozenset[str] = NONE, parent: bool = False, tree: bool = False) -> bool:
    try:
        locks.require(user, names, held, parent=parent, tree=tree)
    except Refusal as refused:
        return refused.status == 423
    return False


def test_a_lock_is_for_whoever_holds_it(owner: User, stranger: User) -> None:
    lock = take(owner, "a")
    assert is_locked(owner, "a")
    assert not is_locked(owner, "a", held=frozenset({lock.token}))
    assert not is_locked(owner, "ab")
    assert not is_locked(stranger, "a")


def test_deep_locks_are_for_all_inside(owner: User) -> None:
    lock = take(owner, "a", deep=True)
    assert is_locked(owner, "a", "b", "c")
    lock.delete()
    take(owner, "a")
    assert not is_locked(owner, "a", "b")
    assert is_locked(owner, "a", "b", parent=True)


def test_a_folder_with_locks_inside_is_not_deleted(owner: User) -> None:
    take(owner, "a", "b")
    assert not is_locked(owner, "a")
    assert is_locked(owner, "a", tree=True)
    with pytest.raises(Refusal):
        take(owner, "a", deep=True)


def test_shared_locks_stand_together(owner: User) -> None:
    first, second = take(owner, "a", exclusive=False), take(owner, "a", exclusive=False)
    assert not is_locked(owner, "a", held=frozenset({first.token}))
    assert is_locked(owner, "a")
    with pytest.raises(Refusal):
        take(owner, "a")
    locks.release(owner, ("a",), second.token)
    assert Lock.objects.get() == first


def test_locks_end(owner: User) -> None:
    lock = take(owner, "a")
    lock.expires_at = timezone.now() - timedelta(seconds=1)
    lock.save()
    assert not is_locked(owner, "a")
    with pytest.raises(Refusal):
        locks.refresh(owner, ("a",), frozenset({lock.token}), "")
    assert locks.forget_old() == 1


def test_only_those_with_the_token_refresh_and_release(owner: User) -> None:
    lock = take(owner, "a")
    before = lock.expires_at
    assert locks.refresh(owner, ("a",), frozenset({lock.token}), "Second-3000").expires_at > before
    for token in ("urn:uuid:other", ""):
        with pytest.raises(Refusal):
            locks.release(owner, ("a",), token)
    locks.forget(owner, ())
    assert not Lock.objects.exists()


@pytest.mark.parametrize(
    ("header", "seconds"), [("Second-60", 60), ("Infinite, Second-4100000000", 3600), ("Second-1", 30), ("x", 3600)]
)
def test_how_long_a_lock_lasts(header: str, seconds: int) -> None:
    assert locks.timeout(header).total_seconds() == seconds


def test_the_number_of_locks_is_limited(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "MOST", 2)
    take(owner, "a")
    take(owner, "b")
    with pytest.raises(Refusal) as refused:
        take(owner, "c")
    assert refused.value.status == 507


def test_lists_of_conditions() -> None:
    lists = parse_if('(<urn:1> ["x"]) (Not <DAV:no-lock>)')
    assert [one.all_of for one in lists] == [
        (Condition(token="urn:1"), Condition(tag='"x"')),
        (Condition(token="DAV:no-lock", negated=True),),
    ]
    tagged = parse_if("<http://host/dav/a> (<urn:1>) (<urn:2>)")
    assert [one.address for one in tagged] == ["http://host/dav/a"] * 2


@pytest.mark.parametrize("header", ["", "x", "(", "()", "(<a>", "<a>", ")", "(Not)", "(<a>) )", "((<a>))", "[x]"])
def test_headers_that_are_not_well_formed(header: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_if(header)
    assert refused.value.status == 400
