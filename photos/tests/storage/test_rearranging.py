"""Moving all originals by the storage template: asked for, done, stopped, killed and continued."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Activity, User
from albums import actions as albums
from albums import items
from mirage.refusals import NotPossible
from photos.ingest import intake
from photos.models import OriginalsMove, Photo, StageRun
from photos.storage import moving, paths, rearranging
from photos.tests.storage.test_moving import assert_whole, files

Make = Callable[..., Path]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "KEPT", timedelta())


@pytest.fixture
def photos(owner: User, make_picture: Make) -> list[Photo]:
    """Three photos, two of one name."""
    pictures = [make_picture("IMG_20240501_120000.jpg", folder=folder) for folder in ("a", "b")]
    found = [intake.ingest(owner, path, folder=path.parent.name).photo for path in (*pictures, make_picture())]
    assert all(found)
    return list(Photo.objects.order_by("pk"))


def do() -> OriginalsMove:
    row = rearranging.take()
    assert row is not None
    rearranging.run(row)
    row.refresh_from_db()
    return row


def test_all_originals_move_once(photos: list[Photo], settings: Settings) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{folder}/{yyyy}-{name}"
    rearranging.ask()
    assert rearranging.is_needed()
    row = do()
    assert (row.photos, row.seen, row.moved, row.failed) == (3, 3, 3, 0)
    assert row.finished_at is not None
    assert not rearranging.is_needed()
    assert files()[:2] == ["anna/a/2024-IMG_20240501_120000.jpg", "anna/b/2024-IMG_20240501_120000.jpg"]
    assert_whole()
    rearranging.ask()
    assert do().moved == 0


def test_names_that_collide_get_numbers_which_stay(photos: list[Photo], settings: Settings) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{name}"
    rearranging.ask()
    assert do().moved == 3
    assert files()[1:] == ["anna/IMG_20240501_120000-1.jpg", "anna/IMG_20240501_120000.jpg"]
    rearranging.ask()
    assert do().moved == 0


def test_new_photos_follow_the_template(owner: User, make_picture: Make, settings: Settings) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{folder|kind}/{name}"
    one = intake.ingest(owner, make_picture("one.jpg"), folder="Pictures/2019").photo
    two = intake.ingest(owner, make_picture("two.jpg")).photo
    assert one is not None
    assert two is not None
    assert (one.path, two.path) == ("anna/Pictures/2019/one.jpg", "anna/photos/two.jpg")


def test_albums_and_cameras_are_words(photos: list[Photo], owner: User, stranger: User, settings: Settings) -> None:
    first, second, third = photos
    for user, name in ((stranger, "Not hers"), (owner, "Older"), (owner, "Newer")):
        album = albums.create(user, name)
        items.add(album, [first.pk], user)
    albums.delete(albums.create(owner, "Deleted"), owner)
    Photo.objects.filter(pk=second.pk).update(camera_make="Canon", camera_model="EOS")
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{album|camera|yyyy}/{name}"
    rearranging.ask()
    do()
    assert [str(Path(photo.path).parent) for photo in Photo.objects.order_by("pk")] == [
        "anna/Older",
        "anna/Canon EOS",
        f"anna/{third.taken_local.year}",
    ]


def test_only_one_move_at_a_time(photos: list[Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    rearranging.ask()
    with pytest.raises(NotPossible, match="already"):
        rearranging.ask()
    with rearranging.alone() as first, rearranging.alone() as second:
        assert (first, second) == (True, False)
    OriginalsMove.objects.update(started_at=timezone.now(), noted_at=timezone.now(), host="another")
    assert rearranging.take() is None
    OriginalsMove.objects.update(noted_at=timezone.now() - timedelta(hours=1))  # that machine is silent
    assert rearranging.take() is not None


def test_a_move_is_stopped(photos: list[Photo], settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{name}"
    monkeypatch.setattr(rearranging, "BATCH", 1)
    real = rearranging.move_one

    def move_and_stop(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        rearranging.stop()

    monkeypatch.setattr(rearranging, "move_one", move_and_stop)
    rearranging.ask()
    row = do()
    assert (row.moved, row.stop) == (1, True)
    assert_whole()


def test_what_fails_is_listed_and_stays(photos: list[Photo], settings: Settings) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{name}"
    paths.original_path(photos[0]).unlink()
    rearranging.ask()
    row = do()
    assert (row.moved, row.failed) == (2, 1)
    assert row.failures[0]["path"] == photos[0].path
    assert Photo.objects.get(pk=photos[0].pk).path == photos[0].path


@pytest.mark.parametrize("moved", [True, False])
def test_a_file_that_cannot_be_put_away_ends_no_move(
    photos: list[Photo], settings: Settings, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    """The old name of a file that moved, or the second one of a file whose move was killed, cannot be removed."""
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{name}"
    if not moved:
        moving.copy(moving.note(moving.plan(photos[0], "anna/killed/x.jpg")))
    real, stuck = paths.remove, photos[0].path if moved else "anna/killed/x.jpg"

    def refuse(path: Path) -> None:
        if str(path).endswith(stuck):
            raise PermissionError(13, "Permission denied")
        real(path)

    rearranging.ask()
    with monkeypatch.context() as patch:
        patch.setattr(paths, "remove", refuse)
        patch.setattr(time, "sleep", pytest.fail)
        row = do()
    assert row.finished_at is not None
    assert not rearranging.is_needed()
    assert (row.moved, row.failed) == (3, 1)
    assert row.failures == [{"path": photos[0].path, "reason": "Permission denied"}]
    rearranging.ask()
    assert do().failed == 0
    assert_whole()


def test_photos_in_place_never_move(owner: User, make_picture: Make, settings: Settings) -> None:
    path = make_picture("a.jpg")
    intake.ingest(owner, path, in_place=True)
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/elsewhere/{name}"
    rearranging.ask()
    assert do().seen == 0
    assert Photo.objects.get().path == str(path)
    assert path.exists()


def test_examples_are_ones_own(photos: list[Photo], owner: User, stranger: User) -> None:
    found = rearranging.examples(owner, "{owner}/{name}")
    assert len(found) == 3
    assert (photos[0].path, "anna/IMG_20240501_120000.jpg") in found
    assert rearranging.examples(stranger, "{owner}/{name}") == []
    assert rearranging.to_move("{owner}/{name}") == (3, 3)
    assert rearranging.to_move("{owner}/{yyyy}/{mm}/{name}") == (0, 3)


def test_the_command_tells(photos: list[Photo], settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MIRAGE_STORAGE_TEMPLATE = "{owner}/{name}"
    call_command("move_originals")
    assert "nothing to move" in capsys.readouterr().out
    call_command("move_originals", "--ask")
    assert "3 originals looked at, 3 moved, 0 failed" in capsys.readouterr().out


WAITS, NOTHING = "It waits until nothing has changed for a while.", "Nothing has changed since the last look."
MOVING = "Originals are being moved."


def ago(**time: int) -> datetime:
    return timezone.now() - timedelta(**time)


def looked(**time: int) -> None:
    """The last look has ended, and was so long ago."""
    OriginalsMove.objects.update(finished_at=timezone.now(), asked_at=ago(**time))


def test_the_schedule_asks_and_looks_again_after_a_day(photos: list[Photo]) -> None:
    assert rearranging.keep_up() == MOVING
    assert rearranging.is_needed()
    looked(hours=5)
    assert rearranging.keep_up() == NOTHING
    looked(hours=25)
    assert rearranging.keep_up() == MOVING


def test_the_schedule_waits_until_nobody_changes_anything(photos: list[Photo], owner: User) -> None:
    rearranging.ask()
    looked(hours=5)
    album = albums.create(owner, "Lisbon")
    items.add(album, [photos[0].pk], owner)
    done = Activity.objects.filter(owner=owner)
    assert done.exists()
    assert rearranging.keep_up() == WAITS
    done.update(at=ago(minutes=14))
    assert rearranging.keep_up() == WAITS
    done.update(undone_at=timezone.now(), at=ago(minutes=16))
    assert rearranging.keep_up() == WAITS
    done.update(undone_at=None)
    assert not rearranging.is_needed()
    assert rearranging.keep_up() == MOVING
    assert rearranging.is_needed()


def test_somebody_who_works_all_day_is_not_waited_for(photos: list[Photo], owner: User) -> None:
    rearranging.ask()
    looked(hours=8)
    Activity.objects.create(owner=owner, verb="albums.created", target_type="album")
    Activity.objects.update(at=ago(hours=7))
    Activity.objects.create(owner=owner, verb="albums.created", target_type="album")
    assert rearranging.keep_up() == MOVING


def test_a_place_that_was_found_is_a_change(photos: list[Photo]) -> None:
    rearranging.ask()
    looked(hours=5)
    done = StageRun.Status.DONE
    StageRun.objects.update_or_create(
        photo=photos[0], stage="metadata", defaults={"status": done, "finished_at": ago(minutes=20)}
    )
    assert rearranging.keep_up() == MOVING


def test_the_schedule_lets_a_move_go_on(photos: list[Photo]) -> None:
    row = rearranging.ask()
    OriginalsMove.objects.update(asked_at=ago(hours=25))
    assert rearranging.keep_up() == MOVING
    assert rearranging.latest() == row


def test_what_moves_no_original_is_no_change(photos: list[Photo], owner: User) -> None:
    rearranging.ask()
    looked(hours=5)
    Activity.objects.create(owner=owner, verb="comments.added", target_type="photo")
    Activity.objects.create(owner=owner, verb="albums.shared", target_type="user", undone_at=timezone.now())
    Activity.objects.update(at=ago(minutes=20))
    assert rearranging.keep_up() == NOTHING


@pytest.mark.parametrize("state", [{"finished": False, "undoing": False}, {"finished": True, "undoing": True}])
def test_the_schedule_waits_for_an_action_that_goes_on(
    photos: list[Photo], owner: User, state: dict[str, bool]
) -> None:
    rearranging.ask()
    looked(hours=5)
    going_on = Activity.objects.create(owner=owner, verb="edited time", target_type="photos", detail=state)
    Activity.objects.update(at=ago(minutes=50))
    assert rearranging.keep_up() == WAITS
    going_on.detail = {"finished": True, "undoing": False}
    going_on.save(update_fields=["detail"])
    assert rearranging.keep_up() == MOVING


def test_a_stopped_move_rests_for_a_day(photos: list[Photo], owner: User) -> None:
    rearranging.ask()
    rearranging.stop()
    assert do().finished_at is not None
    Activity.objects.create(owner=owner, verb="albums.created", target_type="album")
    Activity.objects.update(at=ago(hours=7))
    OriginalsMove.objects.update(asked_at=ago(hours=30), finished_at=ago(hours=23))
    assert rearranging.keep_up() == "Somebody has stopped it."
    OriginalsMove.objects.update(finished_at=ago(hours=25))
    assert rearranging.keep_up() == MOVING


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole, and knows when")
def test_the_history_is_not_read_as_a_whole(photos: list[Photo]) -> None:
    with CaptureQueriesContext(connection) as asked:
        rearranging.changes_since(ago(hours=1))
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert any(name in plan for name in ("activity_at", "activity_undone", "stagerun_rate")), plan
