"""Photos by their ids, however many: all of them are one parameter, of which a query may have 32,766 in SQLite."""

from collections.abc import Collection
from typing import Any

from django.db.models import BigIntegerField, Func, Q, TextField, Value


class _Ids(Func):
    """A list of ids, given as one text."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(SELECT value FROM json_each(%(expressions)s))", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(SELECT unnest(translate(%(expressions)s, '[]', '{}')::bigint[]))"
        return super().as_sql(compiler, connection, template=template, **extra)


def among(ids: Collection[int], column: str = "pk") -> Q:
    """Rows whose column is one of these ids."""
    if not ids:
        return Q(**{f"{column}__in": []})  # the database need not be asked
    return Q(**{f"{column}__in": _Ids(Value(f"[{','.join(map(str, ids))}]", TextField()))})
