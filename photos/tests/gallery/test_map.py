"""Boxes, clusters and their joining: the arithmetic of the map, and its query."""

import pytest

from photos.gallery import map as photo_map
from photos.gallery.map import WORLD, Box, Cluster, bounds, clusters, joined, pixels
from photos.models import Photo

LISBON, PORTO, FIJI, SAMOA = (38.7167, -9.1333), (41.1496, -8.611), (-17.7, 178.0), (-13.8, -172.0)


@pytest.fixture
def at(make_photo):
    return lambda position, **fields: make_photo(latitude=position[0], longitude=position[1], **fields)


def test_a_box_is_read_and_turned_into_the_world():
    assert Box.parse("-10,35,0,45") == Box(-10, 35, 0, 45)
    assert Box.parse("170,-20,190,0") == Box(170, -20, -170, 0)
    assert Box.parse("-400,-100,400,100") == Box(-180, -90, 180, 90)
    assert Box.parse(str(Box(170, -20, -170, 0))) == Box(170, -20, -170, 0)


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "0,10,5,5", "5,0,0,5", "nan,0,1,1", "0,0,inf,1", "1,2,3,4,5"])
def test_invalid_boxes_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Box.parse(text)


def test_the_photos_of_a_box(at):
    lisbon, _porto, fiji, samoa = at(LISBON), at(PORTO), at(FIJI), at(SAMOA)
    assert list(Photo.objects.filter(Box(-10, 38, -9, 39).condition())) == [lisbon]
    assert set(Photo.objects.filter(Box.parse("175,-20,190,-10").condition())) == {fiji, samoa}


def test_the_bounds_of_all_positions(at, make_photo):
    make_photo()
    assert bounds(Photo.objects.all()) is None
    at(LISBON)
    at(PORTO)
    assert bounds(Photo.objects.all()) == Box(-9.1333, 38.7167, -8.611, 41.1496)


def test_clusters_open_as_the_zoom_grows(at, make_photo):
    make_photo()
    at(LISBON)
    at((38.7170, -9.1330))
    newest = at(PORTO)
    (together,) = clusters(Photo.objects.all(), WORLD, 2)
    assert (together.count, together.cover) == (3, newest.pk)
    assert together.box == Box(-9.1333, 38.7167, -8.611, 41.1496)
    assert [one.count for one in clusters(Photo.objects.all(), WORLD, 8)] == [2, 1]
    assert [one.count for one in clusters(Photo.objects.all(), WORLD, 20)] == [1, 1, 1]


def test_clusters_never_touch_and_lose_nobody(at):
    for number in range(60):
        at((38 + number % 8 * 0.31, -9 + number // 8 * 0.37))
    for zoom in range(12):
        found = clusters(Photo.objects.all(), WORLD, zoom)
        assert sum(one.count for one in found) == 60
        places = [pixels(one.latitude, one.longitude, zoom) for one in found]
        for place, (x, y) in enumerate(places):
            for other_x, other_y in places[:place]:
                assert (x - other_x) ** 2 + (y - other_y) ** 2 >= photo_map.APART_PX**2


def test_a_smaller_neighbour_joins_the_larger():
    small, large = Cluster(10, 10.1, 1, Box(10.1, 10, 10.1, 10), 9), Cluster(10, 10, 5, Box(9, 9, 10, 11), 4)
    assert joined([small, large], 3) == [Cluster(10, 10, 6, Box(9, 9, 10.1, 11), 9)]


def test_pixels_are_mercator():
    assert pixels(0, 0, 0) == (256, 256)
    assert pixels(0, 180, 1)[0] == 1024
    assert pixels(85.0511, 0, 0)[1] == pytest.approx(0, abs=0.1)
    assert pixels(90, 0, 0)[1] == pytest.approx(0, abs=0.1)


def test_one_query_however_many(at, django_assert_num_queries):
    for number in range(20):
        at((number, number))
    with django_assert_num_queries(1):
        clusters(Photo.objects.all(), WORLD, 4)
