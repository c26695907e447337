"""Dates as people write them, reckoned from a Wednesday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language import dates
from search.language.dates import FIRST, LAST, Span, Yearly

TODAY = date(2024, 5, 15)  # a Wednesday


def span(first: tuple[int, int, int], end: tuple[int, int, int]) -> Span:
    return Span(date(*first), date(*end))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", span((2023, 1, 1), (2024, 1, 1))),
        ("2023-05", span((2023, 5, 1), (2023, 6, 1))),
        ("2023/5", span((2023, 5, 1), (2023, 6, 1))),
        ("2023-12", span((2023, 12, 1), (2024, 1, 1))),
        ("2023-05-12", span((2023, 5, 12), (2023, 5, 13))),
        ("2023-5-2", span((2023, 5, 2), (2023, 5, 3))),
        ("12.5.2023", span((2023, 5, 12), (2023, 5, 13))),
        ("2024-02-29", span((2024, 2, 29), (2024, 3, 1))),
        ("1990s", span((1990, 1, 1), (2000, 1, 1))),
        ("today", span((2024, 5, 15), (2024, 5, 16))),
        ("Yesterday", span((2024, 5, 14), (2024, 5, 15))),
        ("this week", span((2024, 5, 13), (2024, 5, 20))),
        ("last week", span((2024, 5, 6), (2024, 5, 13))),
        ("this weekend", span((2024, 5, 18), (2024, 5, 20))),
        ("last weekend", span((2024, 5, 11), (2024, 5, 13))),
        ("this month", span((2024, 5, 1), (2024, 6, 1))),
        ("last month", span((2024, 4, 1), (2024, 5, 1))),
        ("this year", span((2024, 1, 1), (2025, 1, 1))),
        ("last year", span((2023, 1, 1), (2024, 1, 1))),
        ("last 1 day", span((2024, 5, 15), (2024, 5, 16))),
        ("last 30 days", span((2024, 4, 16), (2024, 5, 16))),
        ("last 2 weeks", span((2024, 5, 2), (2024, 5, 16))),
        ("last 3 months", span((2024, 2, 16), (2024, 5, 16))),
        ("last 2 years", span((2022, 5, 16), (2024, 5, 16))),
        ("1 day ago", span((2024, 5, 14), (2024, 5, 15))),
        ("2 weeks ago", span((2024, 4, 29), (2024, 5, 6))),
        ("3 months ago", span((2024, 2, 1), (2024, 3, 1))),
        ("2 years ago", span((2022, 1, 1), (2023, 1, 1))),
        ("may 2023", span((2023, 5, 1), (2023, 6, 1))),
        ("12 May, 2023", span((2023, 5, 12), (2023, 5, 13))),
        ("may 12 2023", span((2023, 5, 12), (2023, 5, 13))),
        ("Sept. 2023", span((2023, 9, 1), (2023, 10, 1))),
        ("summer 2022", span((2022, 6, 1), (2022, 9, 1))),
        ("fall 2022", span((2022, 9, 1), (2022, 12, 1))),
        ("winter 2022", span((2022, 12, 1), (2023, 3, 1))),
        ("may", Yearly((5,))),
        ("dec", Yearly((12,))),
        ("may 12", Yearly((5,), 12)),
        ("29 february", Yearly((2,), 29)),
        ("spring", Yearly((3, 4, 5))),
        ("winter", Yearly((12, 1, 2))),
        ("20th of may 2023", span((2023, 5, 20), (2023, 5, 21))),
        ("summer of 2022", span((2022, 6, 1), (2022, 9, 1))),
        ("two years ago", span((2022, 1, 1), (2023, 1, 1))),
        ("a year ago", span((2023, 1, 1), (2024, 1, 1))),
        ("last three months", span((2024, 2, 16), (2024, 5, 16))),
        ("past week", span((2024, 5, 9), (2024, 5, 16))),
        ("last summer", span((2023, 6, 1), (2023, 9, 1))),
        ("last winter", span((2023, 12, 1), (2024, 3, 1))),
        ("this summer", span((2024, 6, 1), (2024, 9, 1))),
        ("last may", span((2023, 5, 1), (2023, 6, 1))),
        ("last 29 february", span((2024, 2, 29), (2024, 3, 1))),
        ("this 29 february", span((2024, 2, 29), (2024, 3, 1))),
        ("last monday", span((2024, 5, 13), (2024, 5, 14))),
        ("last wednesday", span((2024, 5, 8), (2024, 5, 9))),
        ("christmas", Yearly((12,), 24, 26)),
        ("christmas 2019", span((2019, 12, 24), (2019, 12, 27))),
        ("xmas 2019", span((2019, 12, 24), (2019, 12, 27))),
        ("last christmas", span((2023, 12, 24), (2023, 12, 27))),
        ("christmas eve", Yearly((12,), 24)),
        ("new year’s eve 2021", span((2021, 12, 31), (2022, 1, 1))),
        ("new year 2022", span((2021, 12, 31), (2022, 1, 2))),
        ("easter 2024", span((2024, 3, 29), (2024, 4, 2))),
        ("easter 2019", span((2019, 4, 19), (2019, 4, 23))),
        ("halloween", Yearly((10,), 31)),
        ("the nineties", span((1990, 1, 1), (2000, 1, 1))),
        ("80s", span((1980, 1, 1), (1990, 1, 1))),
        ("2012-2018", span((2012, 1, 1), (2019, 1, 1))),
        ("from 2012 to 2018", span((2012, 1, 1), (2019, 1, 1))),
        ("between may and june 2023", span((2023, 5, 1), (2023, 7, 1))),
        ("june to august 2019", span((2019, 6, 1), (2019, 9, 1))),
        ("since 2020", Span(date(2020, 1, 1), LAST)),
        ("before 2020", Span(FIRST, date(2020, 1, 1))),
        ("after may 2020", Span(date(2020, 6, 1), LAST)),
        ("until 2020", Span(FIRST, date(2021, 1, 1))),
    ],
)
def test_what_is_a_date(text: str, expected: dates.Days) -> None:
    assert dates.parse(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-05..2023-08", span((2023, 5, 1), (2023, 9, 1))),
        ("may 2023 .. summer 2023", span((2023, 5, 1), (2023, 9, 1))),
        ("2023..", Span(date(2023, 1, 1), LAST)),
        ("..2023", Span(FIRST, date(2024, 1, 1))),
        ("yesterday..today", span((2024, 5, 14), (2024, 5, 16))),
        ("2023..2023", span((2023, 1, 1), (2024, 1, 1))),
        ("2024..2022", span((2022, 1, 1), (2025, 1, 1))),
        ("today..2023", span((2023, 1, 1), (2024, 5, 16))),
        ("from 2024 to yesterday", span((2024, 1, 1), (2024, 5, 15))),
        ("between 2025 and today", span((2024, 5, 15), (2026, 1, 1))),
        ("december to february 2019", span((2018, 12, 1), (2019, 3, 1))),
        ("june..august 2019", span((2019, 6, 1), (2019, 9, 1))),
    ],
)
def test_from_one_date_to_another(text: str, expected: Span) -> None:
    assert dates.parse(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "20231", "2023-13", "2023-02-30", "30 february", "31.4.2023", "0000", "1995s"),
        *("12 2023", "may june", "may 2023 2024", "1 2 may", "summer 12", "next week", "last fortnight", "-1 days ago"),
        *("..", "2024-2023", "may..june", "2023..summer", "2023..soon", "9999 years ago", "last 9999 years"),
    ],
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        dates.parse(text, TODAY)


def test_a_day_that_the_year_does_not_have_is_a_date_in_others() -> None:
    assert dates.is_date("this 29 february")
    with pytest.raises(ValueError, match="no date"):
        dates.parse("this 29 february", date(2025, 5, 15))
    assert dates.parse("last 29 february", date(2027, 5, 15)) == span((2024, 2, 29), (2024, 3, 1))
    assert dates.parse("last 29 february", date(1903, 5, 15)) == span((1896, 2, 29), (1896, 3, 1))


@pytest.mark.parametrize(
    ("text", "operator", "expected"),
    [
        *(("today..2025", "", True), ("yesterday..2024", "", True), ("2025..today", "", True)),
        *((f"last {date.today().year - 1} years", "", True), ("may", "", True), ("may", ">", False)),
        *(("may 2023", ">", True), ("30 february", "", False), ("soon", "<", False), ("..", "", False)),
    ],
)
def test_what_is_a_date_on_some_day(text: str, operator: str, expected: bool) -> None:
    assert dates.is_date(text, operator) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (">", Span(date(2023, 6, 1), LAST)),
        (">=", Span(date(2023, 5, 1), LAST)),
        ("<", Span(FIRST, date(2023, 5, 1))),
        ("<=", Span(FIRST, date(2023, 6, 1))),
    ],
)
def test_before_and_after(operator: str, expected: Span) -> None:
    assert dates.compared(operator, "may 2023", TODAY) == expected


def test_days_that_return_every_year_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="which year"):
        dates.compared(">", "may", TODAY)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 5, 15), 0, date(2024, 5, 15)),
    ],
)
def test_months_later(day: date, count: int, expected: date) -> None:
    assert dates.add_months(day, count) == expected


def test_the_calendar_has_ends() -> None:
    assert dates.add_months(date(9999, 11, 1), 1) == date(9999, 12, 1)
    assert dates.add_months(date(1, 2, 1), -1) == date(1, 1, 1)
    for day, count in ((date(9999, 12, 1), 1), (date(1, 1, 1), -1)):
        with pytest.raises(ValueError, match="not in the calendar"):
            dates.add_months(day, count)


def test_which_days_are_in_it() -> None:
    may = span((2023, 5, 1), (2023, 6, 1))
    assert [day in may for day in (date(2023, 4, 30), date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert date(1999, 5, 12) in Yearly((5,), 12)
    assert date(1999, 5, 13) not in Yearly((5,), 12)
    assert date(1999, 5, 13) in Yearly((5, 6))
    assert "2023" not in may
    assert "2023" not in Yearly((5,))


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(today=DAYS, text=st.sampled_from(["this week", "this month", "this year", "last 1 week", "today"]))
def test_this_always_holds_today(today: date, text: str) -> None:
    assert today in dates.parse(text, today)


@given(today=DAYS, unit=st.sampled_from(["week", "month", "year", "weekend"]))
def test_the_last_one_ends_where_this_one_begins(today: date, unit: str) -> None:
    last, this = (dates.parse(f"{which} {unit}", today) for which in ("last", "this"))
    assert isinstance(last, Span)
    assert isinstance(this, Span)
    gap = timedelta(days=5) if unit == "weekend" else timedelta()
    assert last.end + gap == this.start


@given(day=DAYS)
def test_a_day_reads_the_same_in_every_way_to_write_it(day: date) -> None:
    texts = (f"{day:%Y-%m-%d}", f"{day:%-d.%-m.%Y}", f"{day:%-d %B %Y}", f"{day:%b %d, %Y}", f"{day:%Y/%m/%d}")
    assert {dates.parse(text, TODAY) for text in texts} == {Span(day, day + timedelta(days=1))}
