"""What the page of the first hour says: progress from what was measured, and the first steps."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from mirage.refusals import NotPossible
from photos import first_run
from photos.models import ImportFailure, Photo, StageRun, WatchedFolder
from photos.pipeline import STAGES

WELCOME = "/welcome/"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def grandma(db: None, library: object) -> User:
    return User.objects.create_superuser("grandma")


def words(client: Client, address: str = WELCOME) -> str:
    return " ".join(client.get(address).content.decode().split())


def done(photo: Photo, stage: str, minutes_ago: float = 1) -> None:
    finished = timezone.now() - timedelta(minutes=minutes_ago)
    StageRun.objects.create(photo=photo, stage=stage, status="done", version=1, finished_at=finished)


def test_an_empty_library_asks_where_the_photos_are(client: Client, grandma: User) -> None:
    client.force_login(grandma)
    for address in ("/", WELCOME):
        page = words(client, address)
        for told in ("Where are your photos?", "/administration/folders/choose/", "/upload/", "/takeout/"):
            assert told in page, told
        assert "manage.py" not in page


def test_others_are_not_offered_folders_of_the_machine(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = words(client, "/")
    assert "Where are your photos?" in page
    assert "administration" not in page


def test_a_guest_is_told_what_appears(client: Client, library: object, db: None) -> None:
    client.force_login(User.objects.create_user("guest", is_guest=True))
    page = words(client, "/")
    assert "Where are your photos?" not in page
    assert "what others share with you" in page


def test_signed_out_nobody_sees_it(client: Client, db: None) -> None:
    assert client.get(WELCOME).status_code == 302
    assert client.post(WELCOME).status_code == 302


def test_how_far_the_reading_is(client: Client, owner: User) -> None:
    WatchedFolder.objects.create(owner=owner, path="/srv/photos", started_at=timezone.now(), files=814, files_read=123)
    client.force_login(owner)
    assert "123 of 814 read" in words(client)
    assert "Your photos are being read" in words(client, "/")
    assert 'hx-trigger="every 2s"' in words(client)


def test_nothing_of_others_is_shown(client: Client, owner: User, stranger: User) -> None:
    WatchedFolder.objects.create(owner=stranger, path="/srv/secret", asked_at=timezone.now())
    client.force_login(owner)
    assert "secret" not in words(client)
    assert "Where are your photos?" in words(client, "/")


def test_failures_lead_to_their_reasons(client: Client, owner: User) -> None:
    WatchedFolder.objects.create(owner=owner, path="/srv/photos", scanned_at=timezone.now(), photos=3)
    ImportFailure.objects.create(owner=owner, path="/srv/photos/x.jpg", reason="no")
    client.force_login(owner)
    page = words(client)
    assert "3 photos found in /srv/photos" in page
    assert '1 file could not be read: <a href="/attention/">see why</a>' in page


def test_the_time_left_is_measured(owner: User, make_photo: Callable[..., Photo]) -> None:
    photos = [make_photo() for _ in range(12)]
    for photo in photos[:4]:
        done(photo, "faces", 2)
    for photo in photos[4:]:
        StageRun.objects.create(photo=photo, stage="faces")
    work = {one.label: one for one in first_run.describe(owner)["work"]}
    assert (work["Finding faces"].done, work["Finding faces"].total) == (4, 12)
    assert work["Finding faces"].seconds == pytest.approx(8 / 2 * 60, rel=0.05)  # four in two minutes
    WatchedFolder.objects.create(owner=owner, path="/srv", started_at=timezone.now(), files=30, files_read=12)
    cache.clear()
    work = {one.label: one for one in first_run.describe(owner)["work"]}
    assert (work["Finding faces"].total, round(work["Finding faces"].seconds / 60)) == (30, 13)


def test_photos_that_cannot_be_shown_are_not_waited_for(
    client: Client, owner: User, make_photo: Callable[..., Photo]
) -> None:
    shown, broken = make_photo(), make_photo()
    for stage in ("thumbnails", *(stage.name for stage in STAGES.values() if stage.queue in {"ml", "idle"})):
        done(shown, stage)
    StageRun.objects.create(photo=broken, stage="thumbnails", status="failed", finished_at=timezone.now())
    client.force_login(owner)
    page = words(client)
    assert "Your photos are here" in page
    assert "1 cannot be shown" in page
    assert "hx-trigger" not in page.partition('id="welcome"')[2].partition(">")[0]


def test_copies_and_what_failed_in_an_earlier_stage_are_not_waited_for(
    owner: User, make_photo: Callable[..., Photo]
) -> None:
    shown = make_photo()
    copy, failed = make_photo(sha256=shown.sha256, copy_number=1), make_photo()
    later = [stage for stage in STAGES.values() if stage.queue in {"ml", "idle"}]
    for stage in later:
        done(shown, stage.name)
        if not stage.once_a_file:
            done(copy, stage.name)
    done(copy, "thumbnails")
    StageRun.objects.create(photo=failed, stage="thumbnails", status="failed", finished_at=timezone.now())
    assert not first_run.describe(owner)["busy"]


def test_without_a_measurement_no_time_is_invented(owner: User, make_photo: Callable[..., Photo]) -> None:
    StageRun.objects.create(photo=make_photo(), stage="faces")
    [faces] = first_run.describe(owner)["work"]
    assert (faces.done, faces.total, faces.seconds) == (0, 1, None)


def test_paused_work_says_so(client: Client, owner: User, make_photo: Callable[..., Photo], settings: Settings) -> None:
    settings.MIRAGE_PAUSED = ["faces"]
    StageRun.objects.create(photo=make_photo(), stage="faces")
    client.force_login(owner)
    assert "Finding faces:</span> paused" in words(client)


def test_steps_are_put_away_one_by_one(client: Client, grandma: User, make_photo: Callable[..., Photo]) -> None:
    make_photo(owner=grandma)
    client.force_login(grandma)
    page = words(client)
    for title in ("Do you come from another program?", "Name your people", "Look at duplicates", "Invite someone"):
        assert title in page, title
    fragment = client.post(WELCOME, {"step": "invite"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Invite someone" not in fragment
    assert "Name your people" in fragment
    for step in ("switching", "names", "duplicates"):
        assert client.post(WELCOME, {"step": step}).headers["Location"] == WELCOME
    assert "You have put all first steps away." in words(client)
    client.post(WELCOME, {"all": "yes"})
    assert "Invite someone" in words(client)


def test_only_administrators_invite(client: Client, owner: User, make_photo: Callable[..., Photo]) -> None:
    make_photo()
    client.force_login(owner)
    assert "Invite someone" not in words(client)


def test_what_is_no_step_is_refused(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.post(WELCOME, {"step": "nothing"}, headers={"HX-Request": "true"}).status_code == 422
    with pytest.raises(NotPossible):
        first_run.put_away(owner, "")
    assert client.put(WELCOME).status_code == 405


def test_a_phone_needs_an_address_that_it_can_open(client: Client, owner: User, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client.force_login(owner)
    for host, told in (("family.example.org", "http://family.example.org/"), ("localhost:8000", "this computer only")):
        page = " ".join(client.get(WELCOME, headers={"Host": host}).content.decode().split())
        assert told in page
