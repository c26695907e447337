"""Emptying the tables after a test with real transactions, in the fewest steps.

Django truncates all tables, which takes PostgreSQL a third of a second, and then fills those of content types and
permissions again. Here PostgreSQL deletes from tables that have rows, and those two tables keep theirs, which no test
changes.
"""

from typing import Any

from django.core.management.commands import flush

CONSTANT = {"django_content_type", "auth_permission"}
QUEUES = {
    "people_recount",
    "photos_mapnote",
    "photos_monthnote",
    "search_textchange",
}  # triggers fill them when rows of others go


def install() -> None:
    """Let Django's command `flush`, which ends such tests, do this."""
    flush.sql_flush = statements  # type: ignore[attr-defined]
    flush.emit_post_migrate_signal = lambda *_args, **_options: None  # type: ignore[attr-defined]


def statements(style: Any, connection: Any, **options: Any) -> list[str]:
    """The SQL that empties the tables, for one transaction."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = sorted((name for name in names if name not in CONSTANT), key=QUEUES.__contains__)  # these come last
    if connection.vendor != "postgresql":
        return connection.ops.sql_flush(style, names, **options)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (TABLE {quote(name)})" for name in names))
        deletions = [f"DELETE FROM {quote(name)}" for (name,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *deletions]  # no trigger notices, as if truncated
