"""The pages of the calendar."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

HTMX = {"HX-Request": "true"}
ADDRESSES = ("/years/", "/years/2020/", "/years/2020/5/", "/memories/?day=05-31")


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(address, headers=headers)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2024, 5, 31, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_anonymous_sign_in(client, address):
    assert client.get(address).status_code == 302


def test_strangers_see_nothing_of_it(client, stranger, make_photo):
    photo = make_photo(taken=datetime(2020, 5, 31))
    client.force_login(stranger)
    assert "2020" not in client.get("/years/").content.decode()
    for address in ADDRESSES[1:]:
        text = client.get(address).content.decode()
        assert photo.key not in text
        assert "1 photo" not in text


def test_the_years_are_listed_with_their_counts(page, make_photo):
    for year in (2021, 2021, 2019):
        make_photo(taken=datetime(year, 3, 3))
    response = page("/years/")
    text = response.content.decode()
    assert [(year.first.year, year.count) for year in response.context["years"]] == [(2021, 2), (2019, 1)]
    assert 'href="/years/2019/"' in text
    assert 'aria-label="2021, 2 photos"' in text
    assert 'href="/years/2021/3/"' in text  # the days of the latest month
    assert page("/years/", **HTMX).content.strip().startswith(b'<div class="calendar"')


def test_an_empty_calendar_says_so(page):
    assert "No days yet" in page("/years/").content.decode()


def test_the_months_of_a_year_lead_to_their_days(page, make_photo):
    photo = make_photo(taken=datetime(2020, 2, 29))
    whole, fragment = page("/years/2020/"), page("/years/2020/", **HTMX)
    assert b"<html" in whole.content
    text = fragment.content.decode()
    assert "<html" not in text
    assert 'href="/years/2020/2/"' in text
    assert 'aria-label="February 2020, 1 photo"' in text
    assert photo.key in text
    assert 'href="/years/2020/3/"' not in text  # nothing to see there


def test_the_days_of_a_month_lead_to_the_timeline(page, make_photo):
    photo = make_photo(taken=datetime(2020, 2, 29))
    whole, fragment = page("/years/2020/2/"), page("/years/2020/2/", **HTMX)
    assert b"<html" in whole.content
    text = fragment.content.decode()
    assert "<html" not in text
    assert 'href="/?at=2020-02-29"' in text
    assert 'aria-label="Saturday 29 February, 1 photo"' in text
    assert photo.key in text
    assert 'href="/?at=2020-02-28"' not in text
    assert page("/?at=2020-02-29").status_code == 200


def test_years_and_months_lead_to_the_nearest_ones_with_photos(page, make_photo):
    for year, month in ((2020, 2), (2020, 11), (2021, 1), (2024, 7)):
        make_photo(taken=datetime(year, month, 3))
    year = page("/years/2021/").context
    assert (year["older"], year["newer"]) == (date(2020, 11, 1), date(2024, 7, 1))
    month = page("/years/2020/11/").context
    assert (month["older"], month["newer"]) == (date(2020, 2, 1), date(2021, 1, 1))
    ends = page("/years/2020/2/").context["older"], page("/years/2024/7/").context["newer"]
    assert ends == (None, None)
    assert page("/years/2022/").status_code == 200  # an empty one


@pytest.mark.parametrize("address", ["/years/", "/years/2020/", "/years/2020/5/"])
def test_more_photos_take_no_more_queries(page, make_photo, address):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page(address)
        return len(counted)

    make_photo(taken=datetime(2020, 5, 1))
    page(address)
    before = queries()
    for number in range(20):
        make_photo(taken=datetime(2001 + number, 1 + number % 12, 1 + number))
        make_photo(taken=datetime(2020, 5, 1 + number))
    page(address)  # the first who asks has the months counted that have changed
    assert queries() == before


@pytest.mark.parametrize(
    "address",
    [
        "/years/0/",
        "/years/2020/0/",
        "/years/2020/13/",
        "/years/0/1/",
        "/years/9999/",
        "/years/x/",
        "/memories/?day=02-30",
        "/memories/?day=x",
        "/memories/?day=",
    ],
)
def test_bad_input_is_not_found(page, address):
    assert page(address).status_code == 404


def test_memories_of_today_leave_out_the_running_year(page, now, make_photo):
    old, new = make_photo(taken=datetime(2020, 5, 31)), make_photo(taken=datetime(2024, 5, 31))
    text = page("/memories/").content.decode()
    assert old.key in text
    assert new.key not in text
    assert "4 years ago" in text
    assert 'href="?day=06-01"' in text
    assert page("/memories/", **HTMX).content.strip().startswith(b'<div class="memories"')


def test_today_is_that_of_the_users_home(page, now, owner):
    owner.home_zone = "Asia/Tokyo"
    owner.save()
    assert page("/memories/").context["day"] == date(2024, 6, 1)


def test_a_day_without_memories_says_so(page):
    text = page("/memories/?day=02-29").content.decode()
    assert "Nothing on this day" in text
    assert " style=" not in text


def test_archived_photos_are_no_memories(page, make_photo):
    photo = make_photo(taken=datetime(2020, 5, 31), archived=True)
    assert photo.key not in page(ADDRESSES[2]).content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_queries_do_not_grow(page, make_photo, address):
    counts = []
    for years in (range(2019, 2021), range(1999, 2019)):
        for year in years:
            make_photo(taken=datetime(year, 5, 31))
        with CaptureQueriesContext(connection) as queries:
            page(address)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
