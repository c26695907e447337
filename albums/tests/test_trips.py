"""Trips from days and places, and albums made from them and from any list."""

from datetime import date, datetime, timedelta

from albums.models import Album
from albums.trips import Stay, distance_km, find_trips, home_of

HOME, LISBON, TOKYO = (52.52, 13.4), (38.72, -9.14), (35.68, 139.7)
FIRST = date(2024, 5, 1)


def stay(day, where, place, count=10):
    latitude, longitude = where
    return Stay(FIRST + timedelta(days=day), latitude, longitude, place, count)


def names(stays):
    return [(trip.name, trip.first.day, trip.last.day, trip.count) for trip in find_trips(stays)]


def test_distances():
    assert round(distance_km(HOME, LISBON)) in range(2300, 2330)  # Berlin to Lisbon
    assert distance_km(TOKYO, TOKYO) == 0
    assert round(distance_km((0, 179.5), (0, -179.5))) == 111  # across the date line


def test_home_is_where_most_days_were_spent():
    stays = [stay(day, HOME, "Berlin", 1) for day in range(3)] + [stay(9, LISBON, "Lisbon", 500)]
    assert tuple(round(part, 2) for part in home_of(stays)) == HOME
    assert home_of([]) is None
    assert find_trips([]) == []


def test_days_away_make_one_trip_until_home_or_a_gap():
    home = [stay(day, HOME, "Berlin") for day in (0, 1, 2, 11, 12)]
    away = [stay(4, LISBON, "Lisbon", 20), stay(5, LISBON, "Sintra"), stay(7, LISBON, "Lisbon")]
    assert names([*home, *away]) == [("Lisbon and Sintra, May 2024", 5, 8, 40)]
    later = [stay(20, LISBON, "Lisbon")]
    assert [row[1:3] for row in names([*home, *away, *later])] == [(21, 21), (5, 8)]
    between = [stay(5, HOME, "Berlin"), stay(6, HOME, "Berlin")]
    assert [row[1:3] for row in names([*home, *away, *between])] == [(8, 8), (5, 6)]


def test_a_few_photos_are_not_a_trip():
    assert names([stay(day, HOME, "Berlin") for day in range(4)] + [stay(6, LISBON, "Lisbon", 3)]) == []


def test_albums_from_a_trip_a_place_and_a_list(client, owner, stranger, make_photo):
    for day in range(4):
        make_photo(taken=datetime(2024, 5, 1 + day, 9), latitude=HOME[0], longitude=HOME[1], place="Berlin")
    trip = [
        make_photo(taken=datetime(2024, 6, 1 + n // 6, 9, n), latitude=LISBON[0], longitude=LISBON[1], place="Lisbon")
        for n in range(12)
    ]
    client.force_login(owner)
    assert "Lisbon, June 2024" in client.get("/albums/suggestions/").content.decode()
    client.post("/albums/make/", {"first": "2024-06-01", "last": "2024-06-02", "name": "Lisbon"})
    client.post("/albums/make/", {"place": "Lisbon"})
    client.post("/albums/make/", {"in": "timeline", "name": "All"})
    made = {album.name: album.items.count() for album in Album.objects.order_by("pk")}
    assert made == {"Lisbon": 12, "All": 16}
    assert Album.objects.filter(name="Lisbon").count() == 2
    first = Album.objects.filter(name="Lisbon").first()
    assert list(first.items.order_by("position").values_list("photo", flat=True)) == [photo.pk for photo in trip]
    assert client.post("/albums/make/", {"first": "x"}).status_code == 404
    empty = client.post("/albums/make/", {"place": "Atlantis"}, headers={"HX-Request": "true"})
    assert empty.status_code == 422
    client.force_login(stranger)
    assert client.post("/albums/make/", {"in": f"album.{first.key}"}).status_code == 404
    assert "Lisbon" not in client.get("/albums/suggestions/").content.decode()
