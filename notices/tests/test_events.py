"""What happens elsewhere is told: shares, comments, refused photos, backups, the disk, memories."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Token, User
from accounts.security import tokens
from albums import sharing
from albums.models import Album, Share
from dav import devices
from notices import events
from notices.models import Notice, Wishes
from operations import schedule
from photos.models import Photo


@pytest.fixture
def everything(owner: User) -> Wishes:
    """The owner is an administrator who wants to be told everything."""
    owner.is_superuser = True
    owner.save()
    return Wishes.objects.create(user=owner, bell=["upload", "share", "comment", "memories", "backup", "disk"])


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("text", flat=True))


def test_shares(everything: Wishes, owner: User, stranger: User) -> None:
    album = Album.objects.create(owner=stranger, name="Lisbon")
    sharing.share_album(album, owner, "viewer", stranger)
    sharing.share_album(album, owner, "contributor", stranger)
    Share.objects.create(owner=stranger, user=owner)
    assert told() == ["mallory shares “Lisbon” with you.", "mallory shares the whole library with you."]
    assert Notice.objects.first().address == album.get_absolute_url()  # type: ignore[union-attr]


def test_comments_of_others(everything: Wishes, owner: User, stranger: User, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo(name="a.jpg")
    photo.comments.create(author=owner, text="Mine")
    comment = photo.comments.create(author=stranger, text="How nice!")
    comment.text = "How nice it is!"
    comment.save()
    assert told() == ["mallory on a.jpg: How nice!"]


def test_refused_photos_once_a_day(everything: Wishes, owner: User) -> None:
    token, _ = tokens.issue(owner, "Phone", ["upload"], kind=Token.Kind.PASSWORD)
    device = devices.device_of(token, "PhotoSync")
    for name in ("a.jpg", "b.jpg"):
        devices.note_problem(device, name, "The disk of the library is full.")
    assert told() == ["Phone: a.jpg was refused. The disk of the library is full."]


def test_a_backup_that_failed(everything: Wishes, library: Any) -> None:
    schedule.note("backup", "The disk is not there.", succeeded=False)
    events.tell_of_backup()
    events.tell_of_backup()
    assert told() == ["The backup failed: The disk is not there."]
    schedule.note("backup", "Done.", succeeded=True)
    events.tell_of_backup()
    assert len(told()) == 1


def test_a_disk_that_is_nearly_full(everything: Wishes, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk(used: int) -> None:
        usage = SimpleNamespace(total=100 * 10**9, used=used * 10**9, free=(100 - used) * 10**9)
        monkeypatch.setattr(events.shutil, "disk_usage", lambda path: usage)
        events.tell_of_disk()

    disk(90)
    assert told() == []
    disk(96)
    disk(97)
    assert told() == ["The disk of the library is nearly full: 3.7\xa0GB are left."]


@pytest.mark.parametrize(("hour", "count"), [(5, 0), (9, 1)])
def test_memories_in_the_morning(
    everything: Wishes, owner: User, monkeypatch: pytest.MonkeyPatch, hour: int, count: int
) -> None:
    morning = timezone.now().replace(hour=hour)
    monkeypatch.setattr(events.timezone, "localtime", lambda value=None, timezone=None: morning)
    monkeypatch.setattr(events, "suiting", lambda user, day: [SimpleNamespace(title="Two years ago", url="/m/")])
    for _ in range(2):
        events.tell_of_memories()
    assert told() == ["Memories of the day: Two years ago"] * count


def test_all_at_once(everything: Wishes, library: Any) -> None:
    Notice.objects.create(user=everything.user, kind="share", about="old", at=timezone.now() - timedelta(days=400))
    events.look_around()
    assert not Notice.objects.filter(about="old").exists()
