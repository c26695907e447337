"""On this day, for programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from photos.models import Photo

Ask = Any


def test_a_day_in_all_years(ask: Ask, program: Any, stranger: User, make_photo: Callable[..., Photo]) -> None:
    photos = [make_photo(taken=datetime(year, 5, 31, 12)) for year in (2019, 2021)]
    make_photo(taken=datetime(2021, 6, 1, 12))
    told = ask("GET", "/memories?day=05-31").json()["memories"]
    assert [(one["date"], one["count"]) for one in told] == [("2021-05-31", 1), ("2019-05-31", 1)]
    assert [one["photos"][0]["key"] for one in told] == [photos[1].key, photos[0].key]
    assert ask("GET", "/memories?day=02-29").json() == {"memories": []}
    assert ask("GET", "/memories").status_code == 200
    assert program(stranger)("GET", "/memories?day=05-31").json() == {"memories": []}


@pytest.mark.parametrize("day", ["02-30", "13-01", "5-31", "2021-05-31", "today"])
def test_no_such_day(ask: Ask, day: str) -> None:
    assert ask("GET", f"/memories?day={day}").status_code == 422
