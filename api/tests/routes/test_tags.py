"""Tags over the API."""

from typing import Any

import pytest

from tags.keywords import keywords_of
from tags.models import PhotoTag, Tag


def test_tags_are_added_and_removed(ask: Any, make_photo: Any) -> None:
    photo = make_photo()
    body = {"keys": [photo.key], "add": ["travel/japan", "food"]}
    assert ask("POST", "/tags/change", json=body).json() == {"count": 1}
    assert keywords_of(photo) == ["food", "travel/japan"]
    counts = {one["path"]: one["photos"] for one in ask("GET", "/tags").json()["tags"]}
    assert counts == {"food": 1, "travel": 0, "travel/japan": 1}
    ask("POST", "/tags/change", json={"keys": [photo.key], "remove": ["food"]})
    assert ask("GET", f"/photos/{photo.key}").json()["tags"] == ["travel/japan"]


def test_only_own_photos_are_tagged(ask: Any, program: Any, stranger: Any, make_photo: Any) -> None:
    photo = make_photo()
    body = {"keys": [photo.key], "add": ["mine"]}
    assert program(stranger)("POST", "/tags/change", json=body).json() == {"count": 0}
    assert keywords_of(photo) == []
    assert program(stranger)("GET", "/tags").json() == {"tags": []}
    assert ask("GET", "/tags").json() == {"tags": []}


def test_photos_in_the_trash_are_not_counted(ask: Any, make_photo: Any) -> None:
    photos = [make_photo(), make_photo()]
    ask("POST", "/tags/change", json={"keys": [photo.key for photo in photos], "add": ["food"]})
    ask("DELETE", f"/photos/{photos[0].key}")
    assert [(one["path"], one["photos"]) for one in ask("GET", "/tags").json()["tags"]] == [("food", 1)]


@pytest.mark.parametrize("tag", ["", "x" * 401])
def test_a_tag_name_has_a_maximum_length(ask: Any, make_photo: Any, tag: str) -> None:
    answer = ask("POST", "/tags/change", json={"keys": [make_photo().key], "add": [tag]})
    assert (answer.status_code, "add" in answer.json()["detail"]) == (422, True)


def test_tags_that_mirage_only_learned_are_not_counted(ask: Any, make_photo: Any) -> None:
    """The page of tags does not count them either."""
    given, learned = make_photo(), make_photo()
    ask("POST", "/tags/change", json={"keys": [given.key], "add": ["food"]})
    PhotoTag.objects.create(photo=learned, tag=Tag.objects.get(), source=PhotoTag.Source.LEARNT)
    assert [(one["path"], one["photos"]) for one in ask("GET", "/tags").json()["tags"]] == [("food", 1)]
