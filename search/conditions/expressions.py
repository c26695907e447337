"""Parts of a time in SQL. Django's own run as Python functions in SQLite, too slow for a hundred thousand rows."""

from typing import Any

from django.db.models import DateField, Field, Func, IntegerField


class _Part(Func):
    """A part of a UTC time, an integer by default: `sqlite` over the stored text, `postgres` a field of EXTRACT."""

    output_field: "Field[Any, Any]" = IntegerField()
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


class Day(_Part):
    """The date."""

    output_field = DateField()
    sqlite = "substr(%(expressions)s, 1, 10)"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "(%(expressions)s AT TIME ZONE 'UTC')::date"
        return super(_Part, self).as_sql(compiler, connection, template=template, **extra)
