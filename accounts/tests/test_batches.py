"""Actions on thousands of rows: done in batches, resumed after a kill, undone. These actions put up notices."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import batches, undoing
from accounts.action_kinds import ACTION_KINDS, ActionKind, Batches
from accounts.models import Activity, SecurityEvent, User
from mirage.refusals import NotPossible

Begin = Callable[..., Activity]


class Killed(BaseException):
    """The process ends in the middle of a batch."""


class Notices(Batches):
    """Puts up a notice for each row but the odd tens; `kill_at` is a row at which the process ends, once."""

    size = 3
    at_once = 6

    def __init__(self) -> None:
        self.kill_at: int | None = None

    def rows(self, activity: Activity) -> Sequence[int]:
        return range(activity.detail["first"], activity.detail["first"] + activity.detail["total"])

    def do(self, activity: Activity, rows: Sequence[int]) -> list[int]:
        done = []
        for row in rows:
            self.survive(row)
            if row // 10 % 2 == 0:
                SecurityEvent.objects.create(verb="x", subject=str(row))
                done.append(row)
        activity.detail["count"] += len(done)
        return done

    def revert(self, activity: Activity, before: list[int]) -> None:
        for row in before:
            self.survive(row)
            SecurityEvent.objects.get(subject=str(row)).delete()
        activity.detail["count"] -= len(before)

    def survive(self, row: int) -> None:
        if row == self.kill_at:
            self.kill_at = None
            raise Killed


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Notices:
    made = Notices()
    monkeypatch.setitem(ACTION_KINDS._entries, "notices", ActionKind("Notices", lambda activities: {}, batches=made))
    return made


@pytest.fixture
def begin(member: User, work: Notices) -> Begin:
    """Start an action on that many rows without doing any of them: `begin(10)`."""

    def write(total: int, first: int = 0) -> Activity:
        return batches.begin(member, member, "put up", "notices", total, first=first, count=0)

    return write


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """The jobs that workers get; they do nothing."""
    calls: list[tuple] = []
    monkeypatch.setattr(batches, "enqueue", lambda *call: calls.append(call) or True)  # type: ignore[func-returns-value]
    return calls


def notices() -> list[int]:
    return [int(text) for text in SecurityEvent.objects.order_by("pk").values_list("subject", flat=True)]


def fresh(activity: Activity) -> Activity:
    return Activity.objects.get(pk=activity.pk)


def test_batches_are_done_and_undone(begin: Begin, member: User) -> None:
    activity = begin(7)
    seen = []
    while batches.step(activity.pk):
        seen.append((notices(), batches.percent(fresh(activity))))
    assert seen == [([0, 1, 2], 42), ([0, 1, 2, 3, 4, 5], 85)]
    assert notices() == list(range(7))
    assert not batches.is_going_on(fresh(activity))
    assert not batches.step(activity.pk)
    batches.start_undo(fresh(activity))
    seen = []
    while batches.step(activity.pk):
        seen.append((notices(), batches.percent(fresh(activity))))
    assert seen == [([0, 1, 2, 3, 4, 5], 15), ([0, 1, 2], 58)]
    assert notices() == []
    assert fresh(activity).undone_at is not None
    assert (fresh(activity).detail["count"], batches.percent(fresh(activity))) == (0, None)
    assert not batches.step(activity.pk)


def test_few_rows_are_done_at_once(begin: Begin, member: User, told: list) -> None:
    activity = begin(6)
    batches.run(activity)
    assert (notices(), activity.detail["finished"], activity.detail["count"]) == ([0, 1, 2, 3, 4, 5], True, 6)
    undoing.undo(activity, member)
    assert (notices(), told) == ([], [])


def test_many_rows_are_left_to_a_worker(begin: Begin, member: User, told: list) -> None:
    activity = begin(7)
    batches.run(activity)
    assert told == [("io", "accounts.batches.carry_on", activity.pk)]
    assert notices() == []
    batches.carry_on(activity.pk)
    undoing.undo(activity, member)
    assert told == [("io", "accounts.batches.carry_on", activity.pk)] * 2
    assert (len(notices()), activity.undone_at) == (7, None)
    batches.carry_on(activity.pk)
    assert notices() == []


def test_without_a_worker_many_are_done_at_once(begin: Begin, member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "enqueue", lambda *call: False)
    activity = begin(20)
    batches.run(activity)
    assert notices() == list(range(10))  # nothing is to be done to the odd tens
    assert activity.detail["finished"]
    undoing.undo(activity, member)
    assert (notices(), bool(activity.undone_at)) == ([], True)


def test_only_batches_that_changed_something_count_for_undo(begin: Begin, member: User, told: list) -> None:
    activity = begin(20, first=5)
    batches.carry_on(activity.pk)
    assert notices() == [5, 6, 7, 8, 9, 20, 21, 22, 23, 24]
    assert len(fresh(activity).detail["before"]) == 4


def test_an_action_on_no_rows_is_finished_and_cannot_be_undone(begin: Begin, member: User) -> None:
    for activity in (begin(0), begin(6, first=10)):
        batches.run(activity)
        assert not batches.is_going_on(activity)
        assert not undoing.can_undo(activity)
        with pytest.raises(NotPossible, match="cannot be undone"):
            undoing.undo(activity, member)


def test_an_unfinished_action_is_stopped_and_undone(begin: Begin, member: User) -> None:
    for steps in (0, 1, 2):
        activity = begin(7)
        for _ in range(steps):
            batches.step(activity.pk)
        undoing.undo(activity, member)
        assert (notices(), batches.is_going_on(activity)) == ([], False)
        assert activity.undone_at


def test_an_action_that_is_being_undone_is_not_undone_again(begin: Begin, member: User, told: list) -> None:
    activity = begin(7)
    batches.carry_on(activity.pk)
    undoing.undo(activity, member)
    assert not undoing.can_undo(activity)
    with pytest.raises(NotPossible, match="undone already"):
        undoing.undo(activity, member)
    batches.carry_on(activity.pk)
    with pytest.raises(NotPossible, match="undone already"):
        undoing.undo(activity, member)
    assert len(told) == 1


def test_interrupted_actions_are_resumed(begin: Begin, member: User, told: list) -> None:
    finished, undone, fresh_one, half, back = (begin(7, first=20 * number) for number in range(5))
    for activity in (finished, undone, back):
        batches.carry_on(activity.pk)
    for activity in (undone, back):
        undoing.undo(activity, member)
    batches.carry_on(undone.pk)
    batches.step(half.pk)
    batches.step(back.pk)
    Activity.objects.create(owner=member, verb="x", target_type="notices", detail={"text": "another action"})
    Activity.objects.create(owner=member, verb="x", target_type="others", detail={"finished": False})
    told.clear()
    assert batches.resume_unfinished() == 3
    assert [call[-1] for call in told] == [fresh_one.pk, half.pk, back.pk]
    for *_, pk in list(told):
        batches.carry_on(pk)
    assert batches.resume_unfinished() == 0
    assert sorted(notices()) == [*range(7), *range(40, 47), *range(60, 67)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    total=st.integers(0, 25),
    size=st.integers(1, 9),
    steps_before=st.integers(0, 9),
    undo=st.booleans(),
    kills=st.lists(st.integers(0, 24), max_size=4),
)
def test_kills_and_undo_at_any_moment_leave_all_or_nothing(
    begin: Begin, work: Notices, member: User, total: int, size: int, steps_before: int, undo: bool, kills: list[int]
) -> None:
    with transaction.atomic():
        work.size, work.at_once = size, 0  # type: ignore[misc]
        activity = begin(total)
        wanted = [row for row in range(total) if row // 10 % 2 == 0]
        pending = list(kills)

        def go_on() -> bool:
            work.kill_at = pending.pop() if pending else None
            try:
                return batches.step(activity.pk)
            except Killed:
                return True

        for _ in range(steps_before):
            go_on()
            done = fresh(activity).detail["done"]
            assert notices() == [row for row in wanted if row < done]  # batches are whole
        if undo and batches.can_be_undone(fresh(activity)):
            batches.start_undo(fresh(activity))
        while go_on():
            assert batches.is_going_on(fresh(activity))
        turned = batches.is_being_undone(fresh(activity))
        assert notices() == ([] if turned else wanted)
        assert bool(fresh(activity).undone_at) == turned
        assert fresh(activity).detail["count"] == len(notices())
        transaction.set_rollback(True)


def test_thousands_fit_into_an_activity() -> None:
    entries = [[pk, {"taken": 0}, 0] for pk in range(10_000)]
    assert len(batches.compact(entries)) < 50_000
    assert batches.expand(batches.compact(entries)) == entries


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="two connections at once")
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_the_same_batch(begin: Begin, member: User, told: list) -> None:
    assert connection.vendor == "postgresql"

    def carry_on(pk: int) -> None:
        try:
            batches.carry_on(pk)
        finally:
            connections.close_all()

    def both(pk: int) -> None:
        workers = [threading.Thread(target=carry_on, args=(pk,)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    activity = begin(10)
    both(activity.pk)
    assert notices() == list(range(10))
    undoing.undo(activity, member)
    both(activity.pk)
    assert (notices(), bool(fresh(activity).undone_at)) == ([], True)
