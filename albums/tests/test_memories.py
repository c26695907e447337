"""Memories of trips."""

from datetime import date, datetime, timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from albums.memories import keep_up, known_trips, trips_for
from albums.models import KnownTrips
from photos.gallery.memories.kinds import memory_or_404


@pytest.fixture
def trip(make_photo):
    """Eight photos in Lisbon in May 2021, and a home in Vienna."""
    home = {"latitude": 48.2, "longitude": 16.4, "place": "Vienna"}
    for day in range(1, 9):
        make_photo(taken=datetime(2021, 4, day, 12), **home)
        make_photo(taken=datetime(2021, 5, 3, 12, day), latitude=38.7, longitude=-9.1, place="Lisbon")


def test_a_trip_of_an_earlier_year(owner, trip):
    [memory] = trips_for(owner, date(2024, 5, 31))
    assert (memory.key, memory.title, memory.text) == ("trip.2021-05-03.2021-05-03", "Lisbon", "3 May 2021")
    assert memory.photos.count() == 8
    again = memory_or_404(owner, memory.key)
    assert (again.title, again.text, again.photos.count()) == ("Lisbon", "3 May 2021", 8)


def test_a_trip_from_which_one_is_just_back_is_no_memory(owner, trip):
    assert trips_for(owner, date(2021, 6, 1)) == []


def test_a_stranger_has_no_such_trip(stranger, trip):
    assert trips_for(stranger, date(2024, 5, 31)) == []
    assert not memory_or_404(stranger, "trip.2021-05-03.2021-05-03").photos.exists()


@pytest.mark.parametrize("days", ["2021-05-03", "2021-05-03.2021-05-02", "2021-05-03.2023-05-03", "x.y", ""])
def test_days_that_are_no_trip(owner, days):
    with pytest.raises(Http404):
        memory_or_404(owner, f"trip.{days}")


def test_trips_are_kept_and_found_again_at_night_so_that_no_page_waits(
    owner, trip, make_photo, django_assert_max_num_queries
):
    assert len(trips_for(owner, date(2024, 5, 31))) == 1
    for minute in range(8):
        make_photo(taken=datetime(2022, 5, 3, 12, minute), latitude=41.1, longitude=-8.6, place="Porto")
    keep_up()  # they were found just now
    with django_assert_max_num_queries(1):
        assert len(known_trips(owner)) == 1
    KnownTrips.objects.update(found_at=timezone.now() - timedelta(days=1))
    keep_up()
    assert [memory.title for memory in trips_for(owner, date(2024, 5, 31))] == ["Porto", "Lisbon"]


def test_where_no_trips_were_known_they_are_looked_for_every_time(owner, make_photo, trip):
    KnownTrips.objects.create(owner=owner, trips=[], found_at=timezone.now())
    assert trips_for(owner, date(2024, 5, 31)) == []
    keep_up()
    [known] = KnownTrips.objects.filter(owner=owner)
    assert [row[:3] for row in known.trips] == [["2021-05-03", "2021-05-03", 8]]


def test_guests_and_who_wants_no_memories_cost_nothing(owner, trip):
    owner.memories = False
    owner.save()
    keep_up()
    assert not KnownTrips.objects.filter(owner=owner).exists()
