"""What a user keeps out of their memories."""

from datetime import datetime

import pytest
from django.http import Http404

from photos.gallery.memories import left_out
from photos.models import LeftOut, Photo


def test_a_day_is_left_out_of_all_memories(owner, make_photo):
    make_photo(taken=datetime(2019, 5, 31, 0)), make_photo(taken=datetime(2019, 5, 31, 23, 59))
    kept = make_photo(taken=datetime(2019, 6, 1))
    row = left_out.leave_out(owner, "day", "2019-05-31")
    assert row.name == "31 May 2019"
    assert list(left_out.remembered_photos(owner)) == [kept]


def test_the_last_day_of_all_can_be_left_out(owner, make_photo):
    kept = make_photo(taken=datetime(2019, 6, 1))
    left_out.leave_out(owner, "day", "9999-12-31")
    assert list(left_out.remembered_photos(owner)) == [kept]


def test_leaving_out_twice_is_once(owner, make_photo):
    make_photo(taken=datetime(2019, 5, 31))
    one, two = (left_out.leave_out(owner, "memory", "day.2019-05-31") for _ in range(2))
    assert one == two
    assert one.name == "31 May 2019"
    assert LeftOut.objects.count() == 1


@pytest.mark.parametrize(("subject", "value"), [("day", "2019-02-30"), ("memory", "day.x"), ("person", "nobody")])
def test_what_does_not_exist_cannot_be_left_out(owner, subject, value):
    with pytest.raises(Http404):
        left_out.leave_out(owner, subject, value)
    assert not LeftOut.objects.exists()


def test_a_photo_has_a_day_if_it_is_known(owner, make_photo):
    assert left_out.day_of(owner, make_photo(taken=datetime(2019, 5, 31))) == [("2019-05-31", "31 May 2019")]
    assert left_out.day_of(owner, make_photo(taken_precision=Photo.Precision.MONTH)) == []


def test_ones_own_alone_can_be_taken_back(owner, stranger):
    row = left_out.leave_out(owner, "day", "2019-05-31")
    assert left_out.left_out_or_404(owner, row.pk) == row
    with pytest.raises(Http404):
        left_out.left_out_or_404(stranger, row.pk)
