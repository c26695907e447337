"""The history and undo over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from photos.models import Photo

Ask = Callable[..., Any]
Maker = Callable[..., Photo]


def test_an_edit_is_undone(ask: Ask, make_photo: Maker, program: Any, stranger: User) -> None:
    photo = make_photo(title="Before")
    ask("PATCH", f"/photos/{photo.key}", json={"title": "After"})
    change = ask("GET", "/changes").json()["changes"][0]["id"]
    assert program(stranger)("POST", f"/changes/{change}/undo").status_code == 404
    assert program(stranger)("GET", "/changes").json() == {"changes": [], "next": None}
    assert ask("POST", f"/changes/{change}/undo").status_code == 200
    assert Photo.objects.get().title == "Before"


def test_changes_are_paged_and_described(ask: Ask, make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.routes.changes.PAGE", 2)
    photo = make_photo()
    for title in ("One", "Two", "Three"):
        ask("PATCH", f"/photos/{photo.key}", json={"title": title})
    first = ask("GET", "/changes").json()
    second = ask("GET", f"/changes?cursor={first['next']}").json()
    assert (len(first["changes"]), len(second["changes"]), second["next"]) == (2, 1, None)
    ids = [one["id"] for one in first["changes"] + second["changes"]]
    assert ids == sorted(ids, reverse=True)
    newest = first["changes"][0]
    assert (newest["by"], newest["can_undo"], newest["undone_at"]) == ("anna", True, None)
    assert newest["sentence"]
    assert ask("GET", "/changes?cursor=x").status_code == 422


def test_a_change_is_undone_once(ask: Ask, make_photo: Maker) -> None:
    photo = make_photo()
    ask("PATCH", f"/photos/{photo.key}", json={"title": "After"})
    change = ask("GET", "/changes").json()["changes"][0]["id"]
    undone = ask("POST", f"/changes/{change}/undo").json()
    assert (undone["can_undo"], undone["undone_at"] is None) == (False, False)
    again = ask("POST", f"/changes/{change}/undo")
    assert (again.status_code, "undone already" in again.json()["detail"]) == (409, True)
    assert ask("POST", "/changes/999999/undo").status_code == 404
    assert ask("POST", "/changes/0/undo").status_code == 422


def test_a_change_that_cannot_be_undone_is_refused(ask: Ask) -> None:
    ask("POST", "/albums", json={"name": "Norway"})
    (change,) = ask("GET", "/changes").json()["changes"]
    assert change["can_undo"] is False
    assert ask("POST", f"/changes/{change['id']}/undo").status_code == 409
