"""The kept cells of the map are what counting gives, whatever changes photos."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from albums import sharing
from photos import upkeep
from photos.gallery import map as photo_map
from photos.gallery.kept import cells, months
from photos.gallery.map import WORLD, Box
from photos.models import MapCell, MapNote, Photo, Stack
from photos.tests.gallery.kept.changes import Changes

pytestmark = pytest.mark.django_db

LISBON, PORTO, FIJI, SAMOA = (38.7167, -9.1333), (41.1496, -8.611), (-17.7, 178.0), (-13.8, -172.0)


@pytest.fixture
def at(make_photo):
    return lambda position, **fields: make_photo(latitude=position[0], longitude=position[1], **fields)


@pytest.fixture(autouse=True)
def jobs(monkeypatch):
    """The jobs that were asked for; they are not run."""
    asked = []
    monkeypatch.setattr(cells, "enqueue", lambda name: asked.append(name))
    return asked


def rounded(rows):
    return {
        (row["x"], row["y"]): [round(value, 6) for name, value in sorted(row.items()) if name not in ("x", "y")]
        for row in rows
    }


def kept(owner, level):
    names = {"latitude": "middle_latitude", "longitude": "middle_longitude"}
    fields = ("x", "y", "count", "cover", "west", "south", "east", "north", *names)
    rows = MapCell.objects.filter(owner=owner, level=level).values(*fields)
    return rounded({names.get(name, name): value for name, value in row.items()} for row in rows)


def by_counting(owner):
    return rounded(cells.tiles_of(owner.pk).values("x", "y").annotate(**cells.COUNTED))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_is_counted(owner, make_photo, seed, monkeypatch):
    changes, keep = Changes(seed, owner, make_photo), cells.keep
    cells.catch_up()

    def refuse(owner: int) -> None:
        raise OperationalError("database is locked")

    for _ in range(60):
        changes.do()
        if changes.chance.random() < 0.3:
            continue  # the next change follows before anybody asks
        monkeypatch.setattr(cells, "keep", refuse if changes.chance.random() < 0.3 else keep)
        everywhere = photo_map.list_of(owner, "timeline")
        shown = photo_map.clusters_of(everywhere, WORLD, 12)
        assert sum(one.count for one in shown) == photo_map.located(everywhere).count(), changes.done
        assert photo_map.bounds_of(everywhere) == photo_map.bounds(photo_map.located(everywhere)), changes.done
        if not MapNote.objects.exists():
            assert kept(owner, cells.FINE) == by_counting(owner), changes.done
            coarse = MapCell.objects.filter(level=cells.COARSE)
            assert sum(coarse.values_list("count", flat=True)) == sum(one[0] for one in by_counting(owner).values())
    monkeypatch.setattr(cells, "keep", keep)
    cells.catch_up()
    after = kept(owner, cells.FINE), kept(owner, cells.COARSE)
    cells.make_anew(owner.pk)
    assert after == (kept(owner, cells.FINE), kept(owner, cells.COARSE))


@pytest.mark.parametrize("zoom", [0, 3, 8, 9, 12, 13])
@pytest.mark.parametrize("box", [WORLD, Box(-10, 38, -8, 42), Box.parse("170,-20,190,-10")], ids=str)
def test_clusters_are_as_without_cells(owner, at, zoom, box):
    for number in range(40):
        at((38 + number % 8 * 0.31, -9 + number // 8 * 0.37))
    at(FIJI)
    at(SAMOA)
    at((90.0, 180.0))
    cells.catch_up()
    everywhere = photo_map.list_of(owner, "timeline")
    found = photo_map.clusters_of(everywhere, box, zoom)
    without = photo_map.clusters(photo_map.located(everywhere), box, zoom)
    assert [(one.count, one.cover) for one in found] == [(one.count, one.cover) for one in without]


def test_a_map_of_the_world_looks_at_no_photos(owner, at):
    at(LISBON)
    cells.catch_up()
    everywhere = photo_map.list_of(owner, "timeline")
    with CaptureQueriesContext(connection) as queries:
        (one,) = photo_map.clusters_of(everywhere, WORLD, 0)
    assert one.count == 1
    assert not any('FROM "photos_photo"' in query["sql"] for query in queries.captured_queries)


def test_what_changes_nothing_on_the_map_is_not_noted(at, make_photo):
    photo = at(LISBON)
    cells.catch_up()
    Photo.objects.update(title="At the lake", favourite=True)
    photo.save()
    make_photo()
    at(LISBON, archived=True)
    at(LISBON, displayable=False).delete()
    assert not MapNote.objects.exists()


def test_many_cells_are_left_to_a_job(owner, at, jobs):
    for number in range(cells.FEW + 1):
        at((number, number))
    everywhere = photo_map.list_of(owner, "timeline")
    assert sum(one.count for one in photo_map.clusters_of(everywhere, WORLD, 3)) == cells.FEW + 1
    assert jobs == ["count_cells"]
    assert not MapCell.objects.exists()
    cells.catch_up()
    assert not MapNote.objects.exists()
    assert MapCell.objects.filter(level=cells.FINE).count() == cells.FEW + 1


def test_cells_that_others_have_counted_meanwhile_are_not_overwritten(owner, at, monkeypatch):
    for number in range(3):
        at((number, number))
    notes, counted = [pk for pk, _ in cells.notes_of(owner.pk)], cells.tiles_of

    def meanwhile(of):
        found = list(counted(of).values("x", "y").annotate(**cells.COUNTED))
        Photo.objects.update(archived=True)
        monkeypatch.setattr(cells, "tiles_of", counted)
        cells.catch_up()
        return Late(found)

    class Late(list):
        def values(self, *names):
            return self

        def annotate(self, **names):
            return self

        def iterator(self):
            return iter(self)

    monkeypatch.setattr(cells, "tiles_of", meanwhile)
    cells.make_anew(owner.pk, notes)
    assert not MapCell.objects.exists()
    assert not MapNote.objects.exists()


def test_a_stack_is_where_its_cover_is(owner, at):
    first, second = at(LISBON), at(PORTO)
    cells.catch_up()
    stack = Stack.objects.create(owner=owner, cover=first)
    Photo.objects.update(stack=stack)
    everywhere = photo_map.list_of(owner, "timeline")
    assert [one.cover for one in photo_map.clusters_of(everywhere, WORLD, 10)] == [first.pk]
    Stack.objects.update(cover=second)
    assert [one.cover for one in photo_map.clusters_of(everywhere, WORLD, 10)] == [second.pk]


def test_what_others_share_is_on_the_map_and_nothing_else(client, owner, stranger, at):
    at(LISBON)
    at(PORTO, owner=stranger)
    at(FIJI, owner=stranger, archived=True)
    cells.catch_up()
    client.force_login(owner)
    address = reverse("photos:map_clusters") + "?zoom=5&box=-180,-85,180,85"
    assert client.get(address).json()["total"] == 1
    sharing.share_library(stranger, owner)
    assert client.get(address).json()["total"] == 2
    bounds = photo_map.bounds_of(photo_map.list_of(owner, "timeline"))
    assert bounds == Box(LISBON[1], LISBON[0], PORTO[1], PORTO[0])


def test_everything_is_counted_after_migrations(owner, at):
    photo = at(LISBON)
    cells.catch_up()
    cells.TRIGGERS.before_migrations(plan=[])
    assert cells.TRIGGERS.present()
    cells.TRIGGERS.before_migrations(plan=["something"])
    assert not cells.TRIGGERS.present()
    photo.delete()
    cells.install()
    assert cells.TRIGGERS.present() == cells.TRIGGERS.wanted().keys()
    cells.catch_up()
    assert not MapCell.objects.exists()


def test_somebody_who_left_does_not_wait_on(stranger, at):
    at(LISBON, owner=stranger)
    cells.catch_up()
    assert MapCell.objects.exists()
    stranger.delete()
    cells.catch_up()
    assert not MapNote.objects.exists()
    assert not MapCell.objects.exists()


def test_a_note_for_all_that_comes_in_between_waits(owner, at, monkeypatch):
    at(LISBON)
    taken = cells.taken_notes

    def late(of):
        MapNote.objects.create(owner_id=of)
        return taken(of)

    monkeypatch.setattr(cells, "taken_notes", late)
    cells.keep(owner.pk)
    assert list(MapNote.objects.values_list("owner_id", "latitude", "stack_id")) == [(owner.pk, None, None)]
    monkeypatch.setattr(cells, "taken_notes", taken)
    cells.catch_up()
    assert not MapNote.objects.exists()
    assert kept(owner, cells.FINE) == by_counting(owner)


def test_what_may_count_a_whole_library_is_done_every_hour():
    names = {"counts of months": months.catch_up, "cells of the map": cells.catch_up}
    assert {name: upkeep.HOURLY[name] for name in names} == names
    assert not names.keys() & set(upkeep.CHORES)
