"""Rows of work in progress."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from photos.models import Upload, WatchedFolder


def test_a_folder_is_pending_while_it_waits_or_is_read(owner: User) -> None:
    now = timezone.now()
    folder = WatchedFolder(owner=owner, path="/srv/photos")
    assert (folder.is_pending, folder.is_running) == (False, False)
    folder.asked_at = now
    assert (folder.is_pending, folder.is_running) == (True, False)
    folder.asked_at, folder.started_at = None, now
    assert (folder.is_pending, folder.is_running) == (True, True)


def test_a_folder_is_in_use_once_for_each_owner(owner: User, stranger: User) -> None:
    for user in (owner, stranger):
        WatchedFolder.objects.create(owner=user, path="/srv/photos")
    with pytest.raises(IntegrityError), transaction.atomic():
        WatchedFolder.objects.create(owner=owner, path="/srv/photos")


def test_no_more_bytes_arrive_than_a_file_has(owner: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.create(owner=owner, name="a.jpg", size=10, offset=11)
