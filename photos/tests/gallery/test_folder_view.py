"""The folders that photos came from: counts, covers, the way up, and who sees them."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client

from accounts.models import User
from photos.gallery import folder_view
from photos.gallery.lists import timeline_of
from photos.models import FolderCover, Photo

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


def covers(user: User, path: str = "") -> dict[str, str]:
    return {folder.path: folder.cover.key for folder in folder_view.folders_in(user, path) if folder.cover}


def undo_in(toast: str) -> str:
    """The address of its button Undo."""
    found = re.search(r'action="(/folder-cover/[^"]+)"', toast)
    assert found
    return unescape(found[1])


def test_a_cover_is_chosen_and_undone(client: Client, owner: User, photos: dict[str, list[Photo]]) -> None:
    client.force_login(owner)
    first, last = photos[LISBON]
    assert covers(owner, "Pictures/2019") == {LISBON: last.key}
    page = client.get(folder_view.Folder(LISBON).address).content.decode()
    assert all(f'value="{path}"' in page for path in ("Pictures", "Pictures/2019", LISBON))
    answer = client.post("/folder-cover/", {"folder": "Pictures", "keys": first.key}, headers={"HX-Request": "true"})
    assert "It is the cover of Pictures now." in answer.content.decode()
    assert covers(owner)["Pictures"] == first.key
    assert covers(owner, "Pictures/2019") == {LISBON: last.key}
    again = client.post("/folder-cover/", {"folder": "Pictures", "keys": last.key}, headers={"HX-Request": "true"})
    assert covers(owner)["Pictures"] == last.key
    undo = undo_in(again.content.decode())
    assert client.post(undo, {"undo": "yes"}, headers={"HX-Request": "true"}).status_code == 200
    assert covers(owner)["Pictures"] == first.key
    client.post(undo_in(answer.content.decode()), {"undo": "yes"})
    assert covers(owner)["Pictures"] != first.key


def test_a_cover_that_is_hidden_or_has_moved_is_none(owner: User, photos: dict[str, list[Photo]]) -> None:
    first, last = photos[LISBON]
    folder_view.choose_cover(owner, first, LISBON)
    for values in ({"archived": True}, {"archived": False, "folder": "Pictures/2019"}):
        Photo.objects.filter(pk=first.pk).update(**values)
        assert covers(owner, "Pictures/2019") == {LISBON: last.key}
    Photo.objects.filter(pk=first.pk).update(folder=LISBON)
    assert covers(owner, "Pictures/2019") == {LISBON: first.key}


def test_covers_of_others_and_of_elsewhere_are_refused(
    client: Client, owner: User, stranger: User, photos: dict[str, list[Photo]], make_shown: Maker
) -> None:
    first, last = photos[LISBON]
    post = {"folder": "Pictures", "keys": first.key}
    assert client.post("/folder-cover/", post).status_code == 302
    client.force_login(stranger)
    assert client.post("/folder-cover/", post).status_code == 404
    client.force_login(owner)
    assert client.get("/folder-cover/").status_code == 405
    htmx = {"HX-Request": "true"}
    for wrong, status in (
        ({"folder": "Pictures2"}, 422), ({"folder": "Pict"}, 422), ({"folder": ""}, 404), ({"folder": "a\0"}, 404),
        ({"keys": ""}, 422), ({"keys": f"{first.key},{last.key}"}, 422), ({"keys": "nobody"}, 404),
    ):  # fmt: skip
        assert client.post("/folder-cover/", {**post, **wrong}, headers=htmx).status_code == status, wrong
    assert not FolderCover.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole, and knows when")
def test_a_folder_is_found_in_its_index(owner: User, django_assert_num_queries: Any) -> None:
    shown = folder_view.timeline_of_folder(owner, folder_view.folder_at("Pictures/2019")).photos()[:101].explain()
    assert "INDEX photo_folder (owner_id=? AND folder=?)" in shown
    assert "TEMP B-TREE" not in shown
    with django_assert_num_queries(2) as asked:
        folder_view.folders_in(owner, "Pictures/2019")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        assert "(owner_id=? AND folder>? AND folder<?)" in str(cursor.fetchall())


def test_folders_whose_names_begin_alike(owner: User, make_photo: Callable[..., Photo]) -> None:
    for folder in ("A", "A/one", "A/two/deep", "a/three", "A0/four", "A-/five", "Ab/six", "A/日本"):
        make_photo(folder=folder)
    assert [folder.path for folder in folder_view.folders_in(owner, "A")] == ["A/one", "A/two", "A/日本"]
    assert [folder.path for folder in folder_view.folders_in(owner, "A0")] == ["A0/four"]
