"""Lists that are shown a page at a time."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")


def first_page(rows: "QuerySet[Any, Row] | Sequence[Row]", size: int) -> tuple[list[Row], Row | None]:
    """The first `size` rows, and the last of them if more follow, because the next page starts after it."""
    found = list(rows[: size + 1])
    return found[:size], found[size - 1] if len(found) > size else None
