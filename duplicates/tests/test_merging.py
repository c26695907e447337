"""What the kept photo takes over from its duplicates, and what of it is taken back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from duplicates import merging
from photos.editing import bulk, edits
from photos.models import Comment, Photo, RawMetadata

Maker = Callable[..., Photo]


@pytest.fixture
def in_file(make_photo: Maker) -> Maker:
    """A photo whose file says these things."""

    def make(**fields: Any) -> Photo:
        photo = make_photo(**fields)
        told = {name: value for name, value in fields.items() if isinstance(value, str | float)}
        RawMetadata.objects.create(photo=photo, fields=told)
        return photo

    return make


def edit(owner: User, photo: Photo, change: bulk.Change) -> None:
    bulk.make(owner, Photo.objects.filter(pk=photo.pk), change, owner)
    photo.refresh_from_db()


def merged(owner: User, kept: Photo, *others: Photo) -> tuple[dict[str, Any], datetime]:
    stamp = timezone.now()
    needed = merging.merge(kept, others, stamp, owner)
    kept.refresh_from_db()
    return needed, stamp


def test_what_the_owner_wrote_wins_over_what_a_camera_put_into_the_kept_file(owner: User, in_file: Maker) -> None:
    kept = in_file(description="OLYMPUS DIGITAL CAMERA", title="DSC_0042")
    copy = in_file()
    edit(owner, copy, edits.set_words(description="Oma at the sea", title="Sea"))
    needed, stamp = merged(owner, kept, copy)
    assert (kept.title, kept.description) == ("Sea", "Oma at the sea")
    merging.unmerge(needed, stamp)
    kept.refresh_from_db()
    assert (kept.title, kept.description) == ("DSC_0042", "OLYMPUS DIGITAL CAMERA")


def test_what_the_owner_wrote_on_the_kept_photo_stays(owner: User, in_file: Maker) -> None:
    kept, copy = in_file(), in_file()
    edit(owner, kept, edits.set_words(title="Mine", description="First"))
    edit(owner, copy, edits.set_words(title="Other", description="Second"))
    merged(owner, kept, copy)
    assert (kept.title, kept.description) == ("Mine", "First\n\nSecond")  # of two descriptions both
    merged(owner, kept, copy)
    assert kept.description == "First\n\nSecond"


def test_what_files_say_fills_gaps_alone(owner: User, in_file: Maker) -> None:
    kept = in_file(title="Own")
    merged(owner, kept, in_file(title="Other", author="Ann"), in_file(author="Bob"))
    assert (kept.title, kept.author) == ("Own", "Ann")


def test_a_date_and_a_place_that_the_owner_set_are_taken_over(owner: User, make_photo: Maker) -> None:
    kept = make_photo(taken=datetime(2020, 1, 1), latitude=1.0, longitude=1.0)
    copy = make_photo(taken=datetime(2021, 1, 1))
    edit(owner, copy, edits.set_time(datetime(1987, 6, 5), precision="day"))
    edit(owner, copy, edits.SetFields({"position": {"latitude": 48.0, "longitude": 2.0}}))
    needed, stamp = merged(owner, kept, copy)
    assert (kept.taken_local, kept.taken_precision) == (datetime(1987, 6, 5, tzinfo=UTC), "day")
    assert (kept.latitude, kept.longitude) == (48.0, 2.0)
    merging.unmerge(needed, stamp)
    kept.refresh_from_db()
    assert (kept.taken_local.year, kept.latitude) == (2020, 1.0)


def test_a_date_that_only_the_copies_file_says_is_not(owner: User, in_file: Maker) -> None:
    kept = in_file(taken=datetime(2020, 1, 1))
    merged(owner, kept, in_file(taken=datetime(2021, 1, 1)))
    assert kept.taken_local.year == 2020


def test_what_was_said_under_the_copies_is_said_under_the_kept_photo(
    owner: User, stranger: User, make_photo: Maker
) -> None:
    kept, copy = make_photo(), make_photo()
    Comment.objects.create(photo=kept, author=owner, text="Here")
    for author, text in ((owner, "Here"), (stranger, "Where is that?")):
        Comment.objects.create(photo=copy, author=author, text=text)
    long_ago = timezone.now() - timedelta(days=400)
    Comment.objects.filter(author=stranger).update(created_at=long_ago)
    needed, stamp = merged(owner, kept, copy)
    assert [each.text for each in kept.comments.order_by("created_at")] == ["Where is that?", "Here"]
    assert kept.comments.get(author=stranger).created_at == long_ago
    assert copy.comments.count() == 2
    merging.unmerge(needed, stamp)
    assert [each.text for each in kept.comments.all()] == ["Here"]


def test_a_comment_that_was_changed_since_is_not_taken_back(owner: User, make_photo: Maker) -> None:
    kept, copy = make_photo(), make_photo()
    Comment.objects.create(photo=copy, author=owner, text="Here")
    needed, stamp = merged(owner, kept, copy)
    kept.comments.update(text="Here, in 1987", edited_at=timezone.now())
    merging.unmerge(needed, stamp)
    assert kept.comments.get().text == "Here, in 1987"


def test_nothing_to_take_over_leaves_nothing_to_take_back(owner: User, make_photo: Maker) -> None:
    assert merged(owner, make_photo(), make_photo())[0] == {}
