"""Photos over the API: lists, edits, the trash; for the owner and for a stranger."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from albums.models import Album, AlbumItem, Share
from people.models import Face, Person
from photos.gallery import looks
from photos.models import Photo, RawMetadata
from tags.models import PhotoTag, Tag

Maker = Callable[..., Photo]


def test_pages_hold_every_photo_once(ask: Any, make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 3)
    made = [make_photo() for _ in range(7)]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = ask("GET", f"/photos?cursor={cursor}").json()
        seen += [photo["key"] for photo in page["photos"]]
        cursor = page["next"]
    assert seen == [photo.key for photo in reversed(made)]


def test_lists_are_those_of_the_gallery(ask: Any, make_photo: Maker) -> None:
    make_photo()
    loved, archived = make_photo(favourite=True), make_photo(archived=True)
    assert [photo["key"] for photo in ask("GET", "/photos?list=favourites").json()["photos"]] == [loved.key]
    assert [photo["key"] for photo in ask("GET", "/photos?list=archive").json()["photos"]] == [archived.key]


@pytest.mark.parametrize("query", ["cursor=nonsense", "list=nothing", "cursor=9e99.1", "query=(", "list=album.../.."])
def test_invalid_input_is_refused_with_a_reason(ask: Any, query: str) -> None:
    response = ask("GET", f"/photos?{query}")
    assert response.status_code == 422
    assert isinstance(response.json()["detail"], str)


def test_searches_find_what_the_search_box_finds(ask: Any, make_photo: Maker) -> None:
    make_photo(title="Mountain")
    boat, old = make_photo(title="Boat", rating=5), make_photo(title="Boat", archived=True)
    assert [photo["key"] for photo in ask("GET", "/photos?query=boat").json()["photos"]] == [old.key, boat.key]
    assert [photo["key"] for photo in ask("GET", "/photos?query=rating:5").json()["photos"]] == [boat.key]
    assert len(ask("GET", "/photos?query=").json()["photos"]) == 3
    assert "character" in ask("GET", "/photos?query=%28boat").json()["detail"]


def test_a_list_costs_the_same_queries_however_long(ask: Any, make_photo: Maker) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask("GET", "/photos")
        return len(queries)

    ask("GET", "/photos")  # notes the token's first use
    make_photo()
    few = count()
    for _ in range(10):
        make_photo()
    assert count() == few


def test_one_photo_with_everything_that_is_known(ask: Any, make_photo: Maker) -> None:
    photo = make_photo(title="A boat", latitude=59.9, longitude=10.7, camera_model="X100")
    told = ask("GET", f"/photos/{photo.key}").json()
    assert told["title"] == "A boat"
    assert told["taken_local"] == "2024-05-01T12:01:00"
    assert (told["tags"], told["albums"], told["people"], told["edited"]) == ([], [], [], [])
    assert told["camera_model"] == "X100"


def test_albums_and_people_are_told_to_the_owner_only(
    ask: Any, program: Any, owner: User, stranger: User, make_photo: Maker
) -> None:
    photo, person = make_photo(), Person.objects.create(owner=owner, name="Anna")
    Face.objects.create(photo=photo, person=person, x=0.1, y=0.1, width=0.2, height=0.3, assignment="confirmed")
    AlbumItem.objects.create(album=Album.objects.create(owner=owner, name="Norway"), photo=photo, position=1)
    PhotoTag.objects.create(photo=photo, tag=Tag.objects.create(owner=owner, name="boat", path="boat"))
    Share.objects.create(owner=owner, user=stranger, album=None)
    told, theirs = (one("GET", f"/photos/{photo.key}").json() for one in (ask, program(stranger)))
    assert (told["tags"], told["albums"], [face["person"] for face in told["people"]]) == (
        ["boat"], ["Norway"], [person.key],
    )  # fmt: skip
    assert (theirs["tags"], theirs["albums"], theirs["people"]) == (["boat"], [], [])


def test_edits_override_the_file_and_can_be_reset(ask: Any, make_photo: Maker) -> None:
    photo = make_photo()
    body = {
        "title": "Harbour", "rating": 4, "favourite": True, "archived": True,
        "taken": {"local": "2020-02-03T04:05:06", "offset": 60}, "position": {"latitude": 1, "longitude": 2},
    }  # fmt: skip
    told = ask("PATCH", f"/photos/{photo.key}", json=body).json()
    assert (told["title"], told["rating"], told["favourite"], told["archived"]) == ("Harbour", 4, True, True)
    assert told["taken_local"] == "2020-02-03T04:05:06"
    assert told["taken_at"] == "2020-02-03T03:05:06Z"
    assert (told["latitude"], told["longitude"]) == (1, 2)
    assert told["edited"] == ["position", "rating", "taken", "title"]
    told = ask("PATCH", f"/photos/{photo.key}", json={"position": None, "reset": ["title"]}).json()
    assert told["latitude"] is None
    assert "title" not in told["edited"]


def test_fields_left_out_of_an_edit_stay(ask: Any, make_photo: Maker) -> None:
    photo = make_photo(title="Kept")
    assert ask("PATCH", f"/photos/{photo.key}", json={"rating": 3}).json()["title"] == "Kept"


def test_trash_and_back(ask: Any, make_photo: Maker) -> None:
    photo = make_photo()
    assert ask("DELETE", f"/photos/{photo.key}").status_code == 204
    assert ask("GET", "/photos").json()["photos"] == []
    assert ask("POST", "/photos/actions/restore", json={"keys": [photo.key]}).json() == {"keys": [photo.key]}
    assert ask("POST", "/photos/actions/restore", json={"keys": [photo.key]}).json() == {"keys": []}


def test_a_stranger_finds_nothing(program: Any, stranger: User, make_photo: Maker) -> None:
    photo = make_photo()
    ask = program(stranger)
    assert ask("GET", "/photos").json()["photos"] == []
    assert ask("GET", f"/photos/{photo.key}").status_code == 404
    assert ask("PATCH", f"/photos/{photo.key}", json={"title": "mine"}).status_code == 404
    assert ask("DELETE", f"/photos/{photo.key}").status_code == 404
    assert ask("POST", "/photos/actions/trash", json={"keys": [photo.key]}).json() == {"keys": []}
    assert ask("GET", f"/photos/{photo.key}/original").status_code == 404
    photo.refresh_from_db()
    assert (photo.title, photo.trashed_at) == ("", None)


def test_a_name_that_nobody_has_comes_with_a_suggestion(ask, owner, make_photo):
    Person.objects.create(owner=owner, name="Anna")
    make_photo()
    told = ask("GET", "/photos?query=person:Ana").json()
    assert told["photos"] == []
    assert told["notices"] == [{"message": "Nobody is named “Ana”.", "suggestion": "person:Anna", "choices": []}]
    assert ask("GET", "/photos").json()["notices"] == []


def test_plain_words_mean_what_they_mean_on_the_page(ask, owner, make_photo):
    april = Person.objects.create(owner=owner, name="April")
    photo = make_photo(taken=datetime(2023, 4, 2), kind="video")
    make_photo(taken=datetime(2023, 4, 3))
    told = ask("GET", "/photos?query=videos from april").json()
    assert [one["key"] for one in told["photos"]] == [photo.key]
    assert told["notices"][0]["choices"] == [
        {"label": "only the person", "search": f"videos from person:={april.name}"},
        {"label": "only the date", "search": 'videos from date:"april"'},
    ]


def test_a_picture_is_rotated_and_goes_back_to_its_file(ask: Any, make_photo: Maker) -> None:
    photo = make_photo()
    RawMetadata.objects.create(photo=photo, fields={"title": None})
    assert ask("PATCH", f"/photos/{photo.key}", {"turn": "left"}).json()["width"] == 300
    assert ask("PATCH", f"/photos/{photo.key}", {"turn": "upside"}).status_code == 422
    again = ask("PATCH", f"/photos/{photo.key}", {"reset": ["turn"]}).json()
    assert (again["width"], again["height"]) == (400, 300)


def test_an_edit_of_an_outdated_version_is_refused(ask, make_photo):
    photo = make_photo(title="Old")
    path = f"/photos/{photo.key}"
    seen = ask("GET", path).headers["ETag"]
    first = ask("PATCH", path, json={"title": "First"}, headers={"If-Match": seen})
    assert (first.status_code, first.headers["ETag"] != seen) == (200, True)
    late = ask("PATCH", path, json={"title": "Second"}, headers={"If-Match": seen})
    assert (late.status_code, late.json()["detail"][:27]) == (412, "The photo has changed since")
    assert ask("GET", path).json()["title"] == "First"
    for header in ("*", f'"other", {first.headers["ETag"]}'):
        assert ask("PATCH", path, json={"title": "First"}, headers={"If-Match": header}).status_code == 200
    assert ask("PATCH", path, json={"title": "Second"}).json()["title"] == "Second"


def test_why_a_photo_was_found(ask: Any, owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    called, seen = make_photo(title="Beach party"), make_photo()
    monkeypatch.setattr(looks, "can_find", lambda user: True)
    monkeypatch.setattr(looks, "find", lambda user, words: [seen.pk])
    told = ask("GET", "/photos?query=beach").json()["photos"]
    assert {photo["key"]: photo["found_by"] for photo in told} == {
        called.key: "Named “beach”",
        seen.key: "Looks like “beach”",
    }
    assert [photo["found_by"] for photo in ask("GET", "/photos").json()["photos"]] == ["", ""]


def test_a_picture_is_edited_and_goes_back_to_its_original(ask: Any, make_photo: Maker) -> None:
    photo = make_photo()
    RawMetadata.objects.create(photo=photo, fields={"title": None})
    edit = {"version": 1, "operations": [{"op": "turn", "by": 6}, {"op": "exposure", "amount": 0.25}]}
    told = ask("PATCH", f"/photos/{photo.key}", {"picture_edit": edit}).json()
    assert (told["turn"], told["picture_edit"]["operations"]) == (6, [{"op": "exposure", "amount": 0.25}])
    assert told["edited"] == ["picture_edit", "turn"]
    wrong = ask("PATCH", f"/photos/{photo.key}", {"picture_edit": {"version": 1, "operations": [{"op": "sparkle"}]}})
    assert (wrong.status_code, "does not know the operation sparkle" in wrong.json()["detail"]) == (422, True)
    newer = ask("PATCH", f"/photos/{photo.key}", {"picture_edit": {"version": 7, "operations": []}})
    assert (newer.status_code, "newer Mirage" in newer.json()["detail"]) == (422, True)
    again = ask("PATCH", f"/photos/{photo.key}", {"picture_edit": None, "reset": ["turn"]}).json()
    assert (again["turn"], again["picture_edit"], again["edited"]) == (1, None, [])


def test_a_copy_of_a_photo(ask: Any, make_photo: Maker) -> None:
    photo = make_photo(width=400, height=300)
    edit = {"version": 1, "operations": [{"op": "exposure", "amount": 0.25}]}
    made = ask("POST", f"/photos/{photo.key}/copies", {"picture_edit": edit})
    assert (made.status_code, made.json()["copy_number"], made.json()["picture_edit"]) == (201, 1, edit)
    assert made.json()["sha256"] == photo.sha256
    assert ask("POST", f"/photos/{photo.key}/copies", {}).json()["picture_edit"] is None
    assert ask("GET", f"/photos/{photo.key}").json()["picture_edit"] is None
    wrong = {"version": 1, "operations": [{"op": "sparkle"}]}
    assert ask("POST", f"/photos/{photo.key}/copies", {"picture_edit": wrong}).status_code == 422
    Photo.objects.filter(pk=photo.pk).trash()
    assert ask("POST", f"/photos/{photo.key}/copies", {}).status_code == 422
