"""Parts of a time in SQL. Django's own run as Python functions in SQLite, too slow for a hundred thousand rows."""

from typing import Any

from django.db.models import Func, IntegerField


class _Part(Func):
    """An integer part of a UTC time: `sqlite` over the stored text, `postgres` a field of EXTRACT."""

    output_field = IntegerField()
    sqlite: str
    postgres: str

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template=self.sqlite, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"EXTRACT({self.postgres} FROM %(expressions)s AT TIME ZONE 'UTC')::integer"
        return super().as_sql(compiler, connection, template=template, **extra)


class Hour(_Part):
    """0 to 23."""

    sqlite = "CAST(substr(%(expressions)s, 12, 2) AS INTEGER)"
    postgres = "HOUR"


class DayOfMonth(_Part):
    """1 to 31."""

    sqlite = "CAST(substr(%(expressions)s, 9, 2) AS INTEGER)"
    postgres = "DAY"


class Weekday(_Part):
    """0 for Sunday to 6 for Saturday."""

    sqlite = "CAST(strftime('%%%%w', %(expressions)s) AS INTEGER)"
    postgres = "DOW"
