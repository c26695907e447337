"""The folders that photos came from: counts, covers, the way up, and who sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from accounts.models import User
from photos.gallery import folder_view
from photos.gallery.lists import timeline_of
from photos.models import Photo

Maker = Callable[..., Photo]
LISBON, ANNA = "Pictures/2019/Lisbon", "Pictures/Straße #1 & Ännä%2F"


@pytest.fixture
def photos(make_shown: Maker) -> dict[str, list[Photo]]:
    """Two photos in Lisbon, one in 2019 itself, one in a folder with an odd name, and others elsewhere."""
    made: dict[str, list[Photo]] = {}
    for folder in (LISBON, LISBON, "Pictures/2019", ANNA, "Pictures2/other", "pictures/2019", ""):
        made.setdefault(folder, []).append(make_shown(folder=folder))
    make_shown(folder=LISBON, archived=True)
    return made


def names(folders: list[folder_view.Folder]) -> list[tuple[str, int]]:
    return [(folder.name, folder.count) for folder in folders]


def test_the_tree(owner: User, photos: dict[str, list[Photo]]) -> None:
    assert names(folder_view.folders_in(owner)) == [("Pictures", 4), ("pictures", 1), ("Pictures2", 1)]
    below = folder_view.folders_in(owner, "Pictures")
    assert names(below) == [("2019", 3), ("Straße #1 & Ännä%2F", 1)]
    assert below[0].cover in (*photos[LISBON], *photos["Pictures/2019"])
    assert names(folder_view.folders_in(owner, "Pictures/2019")) == [("Lisbon", 2)]
    assert folder_view.folders_in(owner, LISBON) == []
    assert [step.path for step in folder_view.way_to(LISBON)] == ["Pictures", "Pictures/2019", LISBON]


def test_all_folders_with_photos(owner: User, stranger: User, photos: dict[str, list[Photo]]) -> None:
    assert folder_view.paths_of(owner) == {LISBON, "Pictures/2019", ANNA, "Pictures2/other", "pictures/2019"}
    assert folder_view.paths_of(stranger) == set()


def test_the_photos_right_in_a_folder(owner: User, photos: dict[str, list[Photo]]) -> None:
    for folder in (LISBON, "Pictures/2019", ANNA):
        found = timeline_of(owner, folder_view.list_name(folder))
        assert {photo.pk for photo in found.photos()} == {photo.pk for photo in photos[folder]}


@pytest.mark.parametrize("name", ["folder.", "folder.!", "folder.w4", "folder.UGljdA", "folder.AAAA"])
def test_lists_of_no_folder(owner: User, photos: dict[str, list[Photo]], name: str) -> None:
    with pytest.raises(Http404):
        timeline_of(owner, name)


def test_pages(client: Client, owner: User, stranger: User, photos: dict[str, list[Photo]]) -> None:
    assert client.get("/folders/").status_code == 302
    client.force_login(owner)
    top = client.get("/folders/").content.decode()
    assert 'href="/folders/Pictures/"' in top
    assert "4 photos" in top
    address = folder_view.Folder(ANNA).address
    page = client.get(address)
    assert page.status_code == 200
    assert photos[ANNA][0].key in page.content.decode()
    assert 'href="/folders/Pictures/"' in page.content.decode()
    middle = client.get("/folders/Pictures/").content.decode()
    assert "Pictures2" not in middle
    assert photos[ANNA][0].key not in middle.replace(f"/media/{photos[ANNA][0].key}/small.webp", "")
    assert client.get("/folders/Nothing/").status_code == 404
    assert "No folders yet" not in top
    fragment = client.get(folder_view.Folder(LISBON).address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    client.force_login(stranger)
    assert client.get("/folders/Pictures/").status_code == 404
    assert "No folders yet" in client.get("/folders/").content.decode()


def test_more_folders_take_as_many_queries(
    client: Client, owner: User, photos: Any, make_shown: Maker, django_assert_max_num_queries: Any
) -> None:
    client.force_login(owner)
    client.get("/folders/Pictures/")
    with django_assert_max_num_queries(40) as few:
        client.get("/folders/Pictures/")
    for number in range(5):
        make_shown(folder=f"Pictures/more {number}")
    with django_assert_max_num_queries(len(few)):
        client.get("/folders/Pictures/")


def test_the_folders_are_read_once_a_page_and_not_for_more_tiles(
    client: Client, owner: User, photos: dict[str, list[Photo]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    folders_in = folder_view.folders_in

    def noting(user: User, path: str = "") -> list[folder_view.Folder]:
        read.append(path)
        return folders_in(user, path)

    monkeypatch.setattr(folder_view, "folders_in", noting)
    client.force_login(owner)
    client.get("/folders/Pictures/2019/")
    assert read == ["Pictures/2019"]
    address = folder_view.Folder(LISBON).address
    tiles = client.get(address, {"before": "0.0"}, headers={"HX-Request": "true"})
    assert tiles.status_code == 200
    timeline_of(owner, folder_view.list_name(LISBON))
    assert read == ["Pictures/2019"]


def test_a_month_without_photos_is_no_missing_folder(
    client: Client, owner: User, photos: dict[str, list[Photo]]
) -> None:
    client.force_login(owner)
    assert client.get(folder_view.Folder(LISBON).address, {"at": "1950-01"}).status_code == 200
