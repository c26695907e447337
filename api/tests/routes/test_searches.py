"""Saved searches over the API."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from search.models import SavedSearch

Ask = Callable[..., Any]


def test_searches_are_saved(ask: Ask, owner: User) -> None:
    made = ask("POST", "/searches", json={"name": "Sun", "query": "place:Porto  sun"}).json()
    assert SavedSearch.objects.get().owner == owner
    assert ask("POST", "/searches", json={"name": "Sun", "query": "rain"}).status_code == 422
    assert "no key" in ask("POST", "/searches", json={"name": "Bad", "query": "tga:x"}).json()["detail"]
    assert ask("PATCH", f"/searches/{made['id']}", json={"pinned": True}).json()["pinned"] is True
    assert ask("GET", "/searches").json()["searches"][0]["query"] == made["query"]
    assert ask("DELETE", f"/searches/{made['id']}").status_code == 204


def test_pinned_searches_come_first(ask: Ask) -> None:
    for name, pinned in (("Sun", False), ("Rain", True)):
        ask("POST", "/searches", json={"name": name, "query": name, "pinned": pinned})
    assert [one["name"] for one in ask("GET", "/searches").json()["searches"]] == ["Rain", "Sun"]


def test_fields_left_out_of_a_change_stay(ask: Ask) -> None:
    made = ask("POST", "/searches", json={"name": "Sun", "query": "sun", "pinned": True}).json()
    told = ask("PATCH", f"/searches/{made['id']}", json={"query": "sunset", "name": None}).json()
    assert (told["name"], told["query"], told["pinned"]) == ("Sun", "sunset", True)
    assert ask("PATCH", f"/searches/{made['id']}", json={"query": "("}).status_code == 422
    assert SavedSearch.objects.get().query == "sunset"


def test_others_searches_are_404(ask: Ask, program: Any, stranger: User) -> None:
    made = ask("POST", "/searches", json={"name": "Sun", "query": "sun"}).json()
    other = program(stranger)
    assert other("GET", "/searches").json() == {"searches": []}
    assert other("PATCH", f"/searches/{made['id']}", json={"name": "Mine"}).status_code == 404
    assert other("DELETE", f"/searches/{made['id']}").status_code == 404
    assert other("POST", "/searches", json={"name": "Sun", "query": "sun"}).status_code == 201  # names are one's own
