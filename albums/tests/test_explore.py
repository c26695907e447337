"""Trips on the page Explore."""

from datetime import date, datetime

import pytest

from albums.explore import days_text, trips
from albums.trips import Trip
from photos.gallery.explore import Visitor


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2024, 5, 3), date(2024, 5, 3), "3 May"),
        (date(2024, 5, 3), date(2024, 5, 10), "3 – 10 May"),
        (date(2024, 5, 28), date(2024, 6, 2), "28 May – 2 June"),
    ],
)
def test_the_days_of_a_trip_in_words(first, last, text):
    assert days_text(Trip(first, last)) == text


def test_trips_lead_to_their_days(owner, make_photo):
    home = {"latitude": 48.2, "longitude": 16.4, "place": "Vienna"}
    for day in range(1, 9):
        make_photo(taken=datetime(2024, 4, day, 12), **home)
        make_photo(taken=datetime(2024, 5, 3, 12, day), latitude=38.7, longitude=-9.1, place="Lisbon")
    [trip] = trips(Visitor(owner))
    assert trip.title == "Lisbon, May 2024"
    assert trip.text == "3 May · 8 photos"
    assert trip.url == "/search/?q=date%3A2024-05-03..2024-05-03"
    assert trip.picture
