"""Switches as rows: claimed once, interrupted, forgotten."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from mirage.refusals import NotPossible
from switching import keeping
from switching.models import Switch
from switching.tests.samples.immich import Dump

pytestmark = pytest.mark.django_db
State = Switch.State


@pytest.fixture
def switch(owner: User, tmp_path: Path) -> Switch:
    dump = Dump()
    dump.asset("a.jpg", "ab" * 20)
    return keeping.begin(owner, "immich", dump.write(tmp_path / "dump.sql"), by=owner)


def state(switch: Switch) -> str:
    switch.refresh_from_db()
    return switch.state


def test_it_is_read_once(switch: Switch) -> None:
    keeping.read(switch.pk)
    assert state(switch) == State.READY
    switch.report = {}
    switch.save()
    keeping.read(switch.pk)  # a job that came twice
    switch.refresh_from_db()
    assert switch.report == {}


def test_the_reason_is_kept(switch: Switch) -> None:
    Path(switch.path).write_text("nothing")
    keeping.read(switch.pk)
    assert state(switch) == State.FAILED
    assert switch.problem.startswith("There are no tables in this file.")


def test_a_surprise_is_kept_too(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    def surprise(switch: Switch) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(keeping, "prepare", surprise)
    keeping.read(switch.pk)
    assert state(switch) == State.FAILED
    assert switch.problem == "ZeroDivisionError: oops"


def test_who_has_no_library_gets_none(owner: User, switch: Switch, tmp_path: Path) -> None:
    owner.is_guest = True
    with pytest.raises(NotPossible, match="no library"):
        keeping.begin(owner, "immich", Path(switch.path), by=None)
    owner.is_guest = False
    with pytest.raises(NotPossible, match="There is nothing at"):
        keeping.begin(owner, "immich", tmp_path / "none", by=None)
    with pytest.raises(NotPossible, match="cannot read windows"):
        keeping.begin(owner, "windows", Path(switch.path), by=None)


def test_what_is_never_brought_is_forgotten(switch: Switch) -> None:
    assert keeping.tidy() == 0
    Switch.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert keeping.tidy() == 1
    assert not Switch.objects.exists()


def test_reading_that_was_killed_is_said(switch: Switch) -> None:
    Switch.objects.update(state=State.READING)
    keeping.tidy()
    assert state(switch) == State.READING
    Switch.objects.update(created_at=timezone.now() - timedelta(hours=7))
    keeping.tidy()
    assert (state(switch), switch.problem) == (State.FAILED, "Reading was interrupted. Begin again.")


def test_an_upload_without_a_switch_is_removed_after_a_week(owner: User) -> None:
    read, left = (keeping.keep_upload("a.db", [b"a"], 1) for _ in range(2))
    keeping.begin(owner, "immich", read, by=owner, uploaded=True)
    keeping.tidy()
    assert left.exists()
    week = (timezone.now() - timedelta(days=8)).timestamp()
    for path in (read, left):
        os.utime(path.parent, (week, week))
    keeping.tidy()
    assert (read.exists(), left.parent.exists()) == (True, False)


def test_an_upload_is_kept_below_our_folder_and_removed(owner: User) -> None:
    path = keeping.keep_upload("../../etc/passwd", [b"a", b"b"], 2)
    assert path.read_bytes() == b"ab"
    assert path.parent.parent == keeping.folder()
    switch = keeping.begin(owner, "immich", path, by=owner, uploaded=True)
    keeping.discard(switch)
    assert not path.exists()
    assert not Switch.objects.exists()
