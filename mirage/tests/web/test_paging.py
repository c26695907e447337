"""Pages of lists."""

import pytest

from mirage.web.paging import first_page


@pytest.mark.parametrize(
    ("rows", "page", "last"),
    [([], [], None), ([1, 2], [1, 2], None), ([1, 2, 3], [1, 2, 3], None), ([1, 2, 3, 4], [1, 2, 3], 3)],
)
def test_the_last_row_is_returned_if_more_follow(rows: list[int], page: list[int], last: int | None) -> None:
    assert first_page(rows, 3) == (page, last)
