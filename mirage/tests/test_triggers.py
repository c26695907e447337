"""Triggers: they note what changed or keep a table right, are made once, and go before migrations."""

from collections.abc import Iterator

import pytest
from django.db import connection

from mirage.triggers import Triggers, Watch

NOTED = Watch("test_thing", "UPDATE", "SELECT NEW.id", ("name",))
KEPT = Watch("test_thing", "INSERT", "", does=("UPDATE test_total SET count = count + 1",))


@pytest.fixture(autouse=True)
def tables(db: None) -> Iterator[None]:
    names = (
        "test_thing (id integer, name text, size integer)",
        "test_queue (thing integer)",
        "test_total (count integer)",
    )
    run(*(f"CREATE TABLE {name}" for name in names), "INSERT INTO test_total VALUES (0)")
    yield
    triggers().remove()
    run(*(f"DROP TABLE {name}" for name in ("test_thing", "test_queue", "test_total")))


def run(*statements: str) -> list[tuple[int, ...]]:
    """The rows of the last one."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def triggers(*watches: Watch) -> Triggers:
    return Triggers("test_trigger_", "test_queue", "thing", lambda: watches)


def test_a_change_of_a_watched_column_is_noted() -> None:
    assert triggers(NOTED).install()
    run("INSERT INTO test_thing VALUES (7, 'a', 1), (8, 'a', 1)")
    run(
        "UPDATE test_thing SET size = 2",
        "UPDATE test_thing SET name = 'a'",
        "UPDATE test_thing SET name = NULL WHERE id = 7",
    )
    assert run("SELECT thing FROM test_queue") == [(7,)]
    run("UPDATE test_thing SET name = 'b' WHERE id = 7")
    assert run("SELECT thing FROM test_queue") == [(7,), (7,)]


def test_a_table_is_kept_right_at_once() -> None:
    triggers(KEPT).install()
    run("INSERT INTO test_thing VALUES (7, 'a', 1)", "INSERT INTO test_thing VALUES (8, 'a', 1)")
    assert run("SELECT count FROM test_total") == [(2,)]
    assert run("SELECT thing FROM test_queue") == []


def test_they_are_made_once_and_a_changed_definition_replaces_the_old_one() -> None:
    ours = triggers(NOTED, KEPT)
    assert ours.install()
    assert not ours.install()
    assert ours.present() == ours.wanted().keys()
    changed = triggers(NOTED)
    assert not changed.install()
    assert changed.present() == changed.wanted().keys()


def test_they_go_before_migrations_if_there_are_any() -> None:
    ours = triggers(NOTED)
    ours.install()
    ours.before_migrations(plan=[])
    assert ours.present()
    ours.before_migrations(plan=["something"], sender=None)
    assert not ours.present()
