"""The pages of folders in use."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import SecurityEvent, User
from photos.ingest import in_use, pattern_preview
from photos.models import ImportFailure, Photo, WatchedFolder

FOLDERS = "/administration/folders/"
ADD, CHOOSE = f"{FOLDERS}add/", f"{FOLDERS}choose/"


@pytest.fixture
def shelf(tmp_path: Path, library: Path, settings: Settings, make_picture: Callable[..., Path]) -> Path:
    make_picture(folder="shelf/2020")
    make_picture(folder="secret/hush")
    settings.MIRAGE_FOLDERS = [tmp_path / "shelf"]
    return tmp_path / "shelf"


@pytest.fixture
def grandma(db: None) -> User:
    return User.objects.create_superuser("grandma")


@pytest.fixture
def administrator(client: Client, grandma: User, library: Path) -> Client:
    client.force_login(grandma)
    return client


def test_folders_are_chosen_one_after_the_other(administrator: Client, shelf: Path) -> None:
    page = administrator.get(CHOOSE).content.decode()
    assert str(shelf) in page
    page = administrator.get(CHOOSE, {"in": str(shelf)}).content.decode()
    assert "2020" in page
    assert "Photos and videos: 1" in " ".join(page.split())
    fragment = administrator.get(CHOOSE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


@pytest.mark.parametrize("place", ["/", "/etc", "secret", "shelf/../secret", "gone"])
def test_other_folders_do_not_exist(administrator: Client, shelf: Path, place: str) -> None:
    path = place if place.startswith("/") else str(shelf.parent / place)
    response = administrator.get(CHOOSE, {"in": path})
    assert response.status_code == 404
    assert "hush" not in response.content.decode()


def test_a_folder_is_added_and_read(administrator: Client, grandma: User, shelf: Path) -> None:
    response = administrator.post(ADD, {"path": str(shelf), "owner": grandma.pk, "kind": "copied", "watched": "on"})
    assert response.headers["Location"] == "/welcome/"
    folder = WatchedFolder.objects.get()
    assert (folder.owner, folder.path, folder.watched, folder.confined) == (grandma, str(shelf), True, True)
    assert SecurityEvent.objects.filter(actor=grandma, subject=f"folder {shelf}").exists()
    page = administrator.get(FOLDERS).content.decode()
    assert "Is read within seconds" in page
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)
    page = " ".join(administrator.get(FOLDERS).content.decode().split())
    assert "1 photo · last read" in page


def test_a_folder_for_somebody_else(administrator: Client, owner: User, shelf: Path) -> None:
    response = administrator.post(ADD, {"path": str(shelf), "owner": owner.pk, "kind": "in_place"})
    assert response.headers["Location"] == FOLDERS
    assert WatchedFolder.objects.get().owner == owner


@pytest.mark.parametrize("change", [{"path": "/etc"}, {"path": ""}, {"kind": "stolen"}, {"owner": "0"}])
def test_bad_input_adds_nothing(administrator: Client, grandma: User, shelf: Path, change: dict[str, str]) -> None:
    given = {"path": str(shelf), "owner": str(grandma.pk), "kind": "copied", **change}
    response = administrator.post(ADD, given, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "Choose a folder" in response.content.decode()
    assert not WatchedFolder.objects.exists()


def test_guests_have_no_folder(administrator: Client, shelf: Path) -> None:
    guest = User.objects.create_user("guest", is_guest=True)
    administrator.post(ADD, {"path": str(shelf), "owner": guest.pk, "kind": "copied"})
    assert not WatchedFolder.objects.exists()


def test_looking_again_watching_and_stopping(administrator: Client, owner: User, shelf: Path) -> None:
    folder = in_use.use(owner, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)

    def act(action: str) -> str:
        address = reverse("operations:act_on_folder", args=[folder.pk, action])
        return administrator.post(address, follow=True).content.decode()

    assert "is read again" in act("read")
    assert WatchedFolder.objects.get().is_pending
    assert "are imported as they appear" in act("watch")
    assert WatchedFolder.objects.get().watched
    assert "no longer imported by themselves" in act("unwatch")
    assert not WatchedFolder.objects.get().watched
    page = act("stop")
    assert "Its photos stay in the library" in page
    assert "No folder is in use" in page
    assert Photo.objects.count() == 1


def test_what_failed_is_counted(administrator: Client, owner: User, shelf: Path) -> None:
    in_use.use(owner, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    ImportFailure.objects.create(owner=owner, path=f"{shelf}/2020/x.jpg", reason="no")
    assert "1 failed" in " ".join(administrator.get(FOLDERS).content.decode().split())


def test_unknown_folders_and_actions(administrator: Client, owner: User, shelf: Path) -> None:
    folder = in_use.use(owner, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    assert administrator.post(reverse("operations:act_on_folder", args=[folder.pk, "burn"])).status_code == 404
    assert administrator.post(reverse("operations:act_on_folder", args=[folder.pk + 1, "read"])).status_code == 404
    assert administrator.get(reverse("operations:act_on_folder", args=[folder.pk, "read"])).status_code == 405


def test_others_see_and_change_nothing(client: Client, owner: User, shelf: Path) -> None:
    folder = in_use.use(owner, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    client.force_login(owner)  # even of their own
    assert client.get(CHOOSE, {"in": str(shelf)}).status_code == 404
    assert client.post(ADD, {"path": str(shelf), "owner": owner.pk, "kind": "copied"}).status_code == 404
    assert client.post(reverse("operations:act_on_folder", args=[folder.pk, "stop"])).status_code == 404
    assert WatchedFolder.objects.count() == 1


RULES = {"leave_out": "2020/", "only": "", "read_at": "0 3 * * *", "read_only": "on"}


def test_patterns_are_looked_at_and_saved(administrator: Client, grandma: User, shelf: Path) -> None:
    folder = in_use.use(grandma, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)
    address = reverse("operations:folder", args=[folder.pk])
    assert "Leave out" in administrator.get(address).content.decode()
    page = " ".join(administrator.post(address, RULES | {"look": ""}).content.decode().split())
    assert "1 of 1 file would be left out." in page
    assert "2020/" in page
    assert "1 photo that matches is in the library already" in page
    assert WatchedFolder.objects.get().leave_out == ""
    assert "Move to the trash" not in page  # not before they are saved
    page = administrator.post(address, RULES | {"save": ""}, follow=True).content.decode()
    assert "What is in the library already stays there" in page
    assert "Move to the trash" in page
    folder.refresh_from_db()
    assert (folder.leave_out, folder.read_at, folder.read_only) == ("2020/", "0 3 * * *", True)
    assert Photo.objects.filter(trashed_at=None).count() == 1
    page = administrator.post(reverse("operations:leave_out", args=[folder.pk]), follow=True).content.decode()
    assert "Photo moved to the trash" in page
    assert Photo.objects.filter(trashed_at=None).count() == 0
    administrator.post(re.findall(r"/changes/\d+/undo/", page)[0])
    assert Photo.objects.filter(trashed_at=None).count() == 1
    page = administrator.get(FOLDERS).content.decode()
    assert "with patterns" in page
    assert "never written to" in page


def test_the_photos_of_a_folder_are_looked_at_only_for_a_pattern_and_for_a_while(
    administrator: Client, grandma: User, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = in_use.use(grandma, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    address = reverse("operations:folder", args=[folder.pk])
    with monkeypatch.context() as patch:
        patch.delattr(pattern_preview, "already_here")
        assert administrator.get(address).status_code == 200
    in_use.choose(folder, leave_out="2020/", only="", read_only=False, read_at="")
    monkeypatch.setattr(pattern_preview, "already_here", lambda *_given: [1, 2])
    assert "2 photos that match" in administrator.get(address).content.decode()
    monkeypatch.setattr(pattern_preview, "SECONDS", -1.0)
    assert "2+ photos that match" in administrator.get(address).content.decode()


def test_what_is_no_pattern_is_said_and_stays_typed(administrator: Client, grandma: User, shelf: Path) -> None:
    folder = in_use.use(grandma, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    address = reverse("operations:folder", args=[folder.pk])
    response = administrator.post(address, RULES | {"leave_out": "good/\n!", "save": ""})
    assert response.status_code == 422
    page = response.content.decode()
    assert "is no pattern that can be read" in page
    assert "good/" in page
    assert administrator.post(address, RULES | {"read_at": "often", "save": ""}).status_code == 422
    assert WatchedFolder.objects.get().leave_out == ""


def test_nobody_moves_the_photos_of_others(administrator: Client, owner: User, client: Client, shelf: Path) -> None:
    folder = in_use.use(owner, shelf, WatchedFolder.Kind.COPIED, watched=False, confined=True)
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)
    in_use.choose(folder, leave_out="*", only="", read_only=False, read_at="")
    page = " ".join(administrator.get(reverse("operations:folder", args=[folder.pk])).content.decode().split())
    assert f"Only {owner} can move them to the trash" in page
    assert administrator.post(reverse("operations:leave_out", args=[folder.pk])).status_code == 404
    client.force_login(owner)
    assert client.get(reverse("operations:folder", args=[folder.pk])).status_code == 404
    assert Photo.objects.filter(trashed_at=None).count() == 1


def test_exports_have_no_patterns(administrator: Client, owner: User, shelf: Path) -> None:
    folder = in_use.use(owner, shelf, WatchedFolder.Kind.EXPORT, watched=False, confined=True)
    assert administrator.get(reverse("operations:folder", args=[folder.pk])).status_code == 404


def test_the_list_stays_cheap(administrator: Client, owner: User) -> None:
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            WatchedFolder.objects.create(owner=owner, path=f"/srv/{number}")
        with CaptureQueriesContext(connection) as captured:
            administrator.get(FOLDERS)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
