"""The kept counts of months are what counting gives, whatever changes photos."""

from datetime import datetime

import pytest
from django.db import OperationalError

from albums import sharing
from photos.gallery.kept import months
from photos.gallery.lists import LISTINGS, own_timeline, timeline_of
from photos.gallery.timeline import Timeline
from photos.models import MonthCount, MonthNote, Photo
from photos.tests.gallery.kept.changes import Changes

pytestmark = pytest.mark.django_db


def told(timeline: Timeline) -> dict[str, int]:
    return {month.id: month.count for month in timeline.months()}


def by_counting(timeline: Timeline) -> list[tuple[int, int]]:
    return list(timeline.month_counts())


def test_lists_by_date_are_kept():
    assert list(months.LISTS) == ["timeline", "favourites", "videos", "archive"]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_is_counted(owner, make_photo, seed, monkeypatch):
    changes, keep = Changes(seed, owner, make_photo), months.keep

    def refuse(owner: int) -> None:
        raise OperationalError("database is locked")

    for _ in range(60):
        changes.do()
        if changes.chance.random() < 0.3:
            continue  # the next change follows before anybody asks
        monkeypatch.setattr(months, "keep", refuse if changes.chance.random() < 0.3 else keep)
        for name in months.LISTS:
            counted = by_counting(Timeline(LISTINGS[name], Photo.objects.filter(owner=owner)))
            assert months.counts([owner.pk], name) == counted, changes.done


def test_a_list_is_looked_up_and_not_counted(owner, make_photo, django_assert_num_queries):
    for day in range(1, 4):
        make_photo(taken=datetime(2024, 5, day))
    make_photo(taken=datetime(2023, 1, 1), favourite=True)
    assert told(timeline_of(owner, "timeline")) == {"2024-05": 3, "2023-01": 1}
    assert not MonthNote.objects.exists()
    timeline = timeline_of(owner, "favourites")
    with django_assert_num_queries(3) as queries:
        assert told(timeline) == {"2023-01": 1}
    assert not any('FROM "photos_photo"' in query["sql"] for query in queries.captured_queries)


def test_what_changes_no_count_is_not_noted(owner, make_photo):
    photo = make_photo()
    months.catch_up()
    Photo.objects.update(title="At the lake", place="Lisbon", rating=5)
    photo.save()
    make_photo(displayable=False)
    make_photo(trashed_at="2024-01-01T00:00:00Z").delete()
    assert not MonthNote.objects.exists()


def test_only_months_that_changed_are_counted_again(owner, make_photo, monkeypatch):
    for year in range(2000, 2020):
        make_photo(taken=datetime(year, 6, 1), favourite=True)
    months.catch_up()
    asked, counted = [], months.counted

    def watch(*args):
        asked.append(args[2])
        return counted(*args)

    monkeypatch.setattr(months, "counted", watch)
    Photo.objects.filter(taken_month__in=(200006, 201006)).update(archived=True)
    assert "2000-06" not in told(timeline_of(owner, "timeline"))
    assert asked == [{200006, 201006}] * len(months.LISTS)


def test_partners_count_together_and_strangers_never(owner, stranger, make_photo):
    make_photo(taken=datetime(2024, 5, 1))
    theirs = make_photo(taken=datetime(2024, 5, 2), owner=stranger)
    make_photo(taken=datetime(2023, 5, 2), owner=stranger, archived=True)
    assert told(timeline_of(owner, "timeline")) == {"2024-05": 1}
    sharing.share_library(stranger, owner)
    sharing.set_on_timeline(owner, stranger, shown=True)
    assert told(timeline_of(owner, "timeline")) == {"2024-05": 2}
    assert told(timeline_of(owner, "archive")) == {}
    Photo.objects.filter(pk=theirs.pk).update(taken_month=202312, taken_local="2023-12-01T00:00:00Z")
    assert told(timeline_of(owner, "timeline")) == {"2024-05": 1, "2023-12": 1}


def test_a_part_of_a_library_is_counted(owner, make_photo):
    make_photo(place="Lisbon")
    make_photo(place="Porto")
    whole = own_timeline(owner, LISTINGS["timeline"])
    part = Timeline(whole.listing, whole.owned.filter(place="Porto"))
    assert told(part) == {"2024-05": 1}


def test_everything_is_counted_after_migrations(owner, make_photo):
    photo = make_photo()
    assert told(timeline_of(owner, "timeline")) == {"2024-05": 1}
    months.TRIGGERS.before_migrations(plan=[])
    assert months.TRIGGERS.present()
    months.TRIGGERS.before_migrations(plan=["something"])
    assert not months.TRIGGERS.present()
    photo.delete()
    months.install()
    assert months.TRIGGERS.present() == months.TRIGGERS.wanted().keys()
    assert told(timeline_of(owner, "timeline")) == {}
    assert not MonthCount.objects.exists()


def test_somebody_who_left_does_not_wait_on(stranger, make_photo):
    make_photo(owner=stranger)
    months.catch_up()
    stranger.delete()
    assert MonthNote.objects.exists()
    months.catch_up()
    assert not MonthNote.objects.exists()
    assert not MonthCount.objects.exists()
