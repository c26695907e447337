"""The page of uploads shows a better version that the library has."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from duplicates import finding, resolving
from duplicates.models import DuplicateGroup
from photos.models import Photo, StageRun

Pair = tuple[Photo, Photo, DuplicateGroup]


def test_the_upload_page_shows_a_better_version(client: Client, owner: User, pair: Pair) -> None:
    best, copy, group = pair
    StageRun.objects.create(photo=copy, stage=finding.STAGE, status="done")
    client.force_login(owner)

    def told() -> dict[str, Any]:
        sums = ",".join(photo.sha256 for photo in (best, copy))
        return client.post(reverse("photos:upload_check"), {"sha256": sums}).json()["photos"]

    assert told()[copy.sha256]["better"] == best.get_absolute_url()
    assert (told()[copy.sha256]["compared"], told()[best.sha256]["compared"]) == (True, False)
    assert told()[best.sha256]["better"] is None
    resolving.keep_all(owner, group, owner)
    assert told()[copy.sha256]["better"] is None
