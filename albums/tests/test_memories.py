"""Memories of trips."""

from datetime import date, datetime

import pytest
from django.http import Http404

from albums.memories import trips_for
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
