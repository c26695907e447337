"""What the strip offers on a day."""

from datetime import date, datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from photos.access import timeline_photos
from photos.gallery.memories import left_out, today
from photos.models import Photo

DAY = date(2024, 5, 31)


def may_have(user):
    return today.may_have(user, DAY, timeline_photos(user))


def titles(user, day=DAY):
    return [card.title for card in today.suiting(user, day)]


def test_every_library_with_earlier_years_has_something(owner, make_photo):
    assert not may_have(owner)
    photo = make_photo(taken=datetime(2019, 11, 3))
    assert may_have(owner)
    [card] = today.suiting(owner, DAY)
    assert (card.title, card.cover, card.url) == ("November 2019", photo, "/memories/month.2019-11/")


def test_photos_of_this_year_are_no_memories(owner, make_photo):
    make_photo(taken=datetime(2024, 1, 1))
    assert not may_have(owner)
    assert titles(owner) == []


def test_a_month_is_only_for_days_without_anything_better(owner, make_photo):
    make_photo(taken=datetime(2019, 5, 31))
    assert titles(owner) == ["5 years ago"]


def test_guests_and_who_turned_them_off_have_none(owner, make_photo):
    make_photo(taken=datetime(2019, 5, 31))
    owner.memories = False
    assert (may_have(owner), titles(owner)) == (False, [])
    owner.memories, owner.is_guest = True, True
    assert (may_have(owner), titles(owner)) == (False, [])


def test_a_stranger_has_none(stranger, make_photo):
    make_photo(taken=datetime(2019, 5, 31))
    assert titles(stranger) == []


def test_that_there_is_nothing_is_remembered_too(owner, make_photo):
    make_photo(taken=datetime(2024, 1, 1))
    assert titles(owner) == []
    with CaptureQueriesContext(connection) as queries:
        assert titles(owner) == []
    assert len(queries) <= 3  # what is left out, whose photos the timeline has, and the newest
    make_photo(taken=datetime(2019, 1, 1))
    assert titles(owner) == ["January 2019"]


def test_a_second_look_asks_little_and_finds_the_same(owner, make_photo):
    for year in range(2010, 2020):
        make_photo(taken=datetime(year, 5, 31))
    first = today.suiting(owner, DAY)
    with CaptureQueriesContext(connection) as queries:
        assert today.suiting(owner, DAY) == first
    assert len(queries) <= 5


def test_what_was_offered_goes_with_its_photo(owner, make_photo):
    photo = make_photo(taken=datetime(2019, 5, 31))
    make_photo(taken=datetime(2018, 5, 31))
    assert titles(owner) == ["5 years ago", "6 years ago"]
    Photo.objects.filter(pk=photo.pk).update(archived=True)
    assert titles(owner) == ["6 years ago"]


def test_what_is_left_out_goes_at_once(owner, make_photo):
    for year in (2018, 2019):
        make_photo(taken=datetime(year, 5, 31))
    assert titles(owner) == ["5 years ago", "6 years ago"]
    left_out.leave_out(owner, "memory", "day.2019-05-31")
    assert titles(owner) == ["6 years ago"]
    left_out.leave_out(owner, "day", "2018-05-31")
    assert titles(owner) == ["May 2019"]  # the day itself was not left out
    left_out.leave_out(owner, "day", "2019-05-31")
    assert titles(owner) == []


def test_what_one_leaves_out_another_still_sees(owner, make_photo):
    other = User.objects.create_user("berta")
    for user in (owner, other):
        make_photo(taken=datetime(2019, 5, 31), owner=user)
    left_out.leave_out(owner, "memory", "day.2019-05-31")
    assert titles(other) == ["5 years ago"]


def test_more_photos_take_no_more_queries(owner, make_photo):
    counts = []
    for years in (range(2015, 2020), range(2000, 2015)):  # at most five days are offered
        for year in years:
            for minute in range(5):
                make_photo(taken=datetime(year, 5, 31, 9, minute))
        today.forget(owner)
        with CaptureQueriesContext(connection) as queries:
            today.found(owner, DAY, set())
        counts.append(len(queries))
    assert counts[1] <= counts[0]
