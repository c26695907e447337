"""Undoing actions: once, under a lock, completely or not at all. The actions of these tests put up notices."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from accounts import history, undoing
from accounts.action_kinds import ACTION_KINDS, ActionKind
from accounts.models import Activity, SecurityEvent, User
from mirage.refusals import NotPossible

Act = Callable[..., Activity]


def notices() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("subject", flat=True))


def revert(activity: Activity, by: User) -> None:
    """Take the notice down. Refuses half way if the notice is nailed."""
    SecurityEvent.objects.filter(subject=activity.detail["text"]).delete()
    if activity.detail.get("nailed"):
        raise NotPossible("It is nailed.")
    if activity.detail.get("broken"):
        raise RuntimeError("a fault")


@pytest.fixture
def act(member: User, monkeypatch: pytest.MonkeyPatch) -> Act:
    """Put up a notice: `act("Hello", nailed=True)`."""
    notice = ActionKind("Notices", lambda activities: {}, revert, lambda activity: not activity.detail.get("old"))
    monkeypatch.setitem(ACTION_KINDS._entries, "notices", notice)
    monkeypatch.setitem(ACTION_KINDS._entries, "words", ActionKind("Words", lambda activities: {}))

    def do(text: str, verb: str = "notices.added", **detail: Any) -> Activity:
        SecurityEvent.objects.create(verb="x", subject=text)
        return Activity.objects.create(owner=member, actor=member, verb=verb, detail={"text": text, **detail})

    return do


def test_an_action_is_undone_and_marked(act: Act, member: User) -> None:
    act("stays")
    activity = act("goes")
    assert undoing.can_undo(activity)
    undoing.undo(activity, member)
    assert activity.undone_at is not None
    assert not undoing.can_undo(activity)
    assert notices() == ["stays"]
    assert [action.can_undo for action in history.told(history.of(member))] == [False, True]


def test_nothing_is_undone_twice(act: Act, member: User) -> None:
    activity = act("goes")
    seen_before = Activity.objects.get()
    undoing.undo(activity, member)
    undone_at = Activity.objects.get().undone_at
    act("goes")  # another one of the same text must stay
    for stale in (activity, seen_before):
        with pytest.raises(NotPossible, match="undone already"):
            undoing.undo(stale, member)
    assert notices() == ["goes"]
    assert Activity.objects.get(pk=activity.pk).undone_at == undone_at


@pytest.mark.parametrize(("detail", "error"), [({"nailed": True}, NotPossible), ({"broken": True}, RuntimeError)])
def test_a_failure_half_way_changes_nothing(act: Act, member: User, detail: dict, error: type[Exception]) -> None:
    activity = act("stays", **detail)
    with pytest.raises(error):
        undoing.undo(activity, member)
    assert notices() == ["stays"]
    assert Activity.objects.get().undone_at is None


def test_the_app_gives_the_reason_for_a_refusal(act: Act, member: User) -> None:
    with pytest.raises(NotPossible, match=r"^It is nailed\.$"):
        undoing.undo(act("stays", nailed=True), member)


@pytest.mark.parametrize(
    ("verb", "detail"), [("notices.added", {"old": True}), ("unknown.added", {}), ("words.added", {}), ("added", {})]
)
def test_an_action_without_revert_is_refused(act: Act, member: User, verb: str, detail: dict) -> None:
    activity = act("stays", verb, **detail)
    assert not undoing.can_undo(activity)
    with pytest.raises(NotPossible, match=r"^This cannot be undone\.$"):
        undoing.undo(activity, member)
    assert notices() == ["stays"]


def test_undo_reads_the_row_again(act: Act, member: User) -> None:
    activity = act("stays")
    Activity.objects.update(detail={"text": "stays", "nailed": True})
    with pytest.raises(NotPossible):
        undoing.undo(activity, member)


@pytest.mark.parametrize(
    ("verb", "target", "kind"),
    [("notices.added", "album", "notices"), ("stacked photos", "stacks", "stacks"), ("signed", "", "")],
)
def test_kinds_of_actions(verb: str, target: str, kind: str) -> None:
    assert Activity(verb=verb, target_type=target).kind == kind


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="two connections at once")
@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_undos_one_succeeds(act: Act, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connection.vendor == "postgresql"
    meeting = threading.Barrier(2, timeout=1)
    outcomes: list[str] = []

    def meet(activity: Activity, by: User) -> None:
        outcomes.append("reverted")
        try:
            meeting.wait()  # nobody else comes while the row is locked
        except threading.BrokenBarrierError:
            return
        outcomes.append("met")

    monkeypatch.setitem(ACTION_KINDS._entries, "notices", ActionKind("Notices", lambda activities: {}, meet))
    activity = act("goes")
    everybody = [threading.Thread(target=attempt, args=(activity.pk, member, outcomes)) for _ in range(2)]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    assert sorted(outcomes) == ["refused", "reverted"]


def attempt(pk: int, by: User, outcomes: list[str]) -> None:
    try:
        undoing.undo(Activity.objects.get(pk=pk), by)
    except NotPossible:
        outcomes.append("refused")
    finally:
        connections.close_all()
