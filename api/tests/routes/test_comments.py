"""Comments over the API."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from albums.models import Album, Share
from photos.models import Comment

Ask = Callable[..., Any]


def test_comments_are_written_changed_and_deleted(ask: Ask, program: Any, stranger: User, album: Album) -> None:
    photo = album.items.first().photo
    made = ask("POST", f"/photos/{photo.key}/comments", json={"text": " Fine\0 "})
    assert (made.status_code, made.json()["text"], made.json()["author"]) == (201, "Fine", "anna")
    assert ask("POST", f"/photos/{photo.key}/comments", json={"text": "  "}).status_code == 422
    assert ask("PATCH", f"/comments/{made.json()['id']}", json={"text": "Finer"}).json()["edited_at"]
    others = program(stranger)
    assert others("POST", f"/photos/{photo.key}/comments", json={"text": "x"}).status_code == 404
    Share.objects.create(owner=photo.owner, user=stranger, album=album)
    theirs = others("POST", f"/photos/{photo.key}/comments", json={"text": "Where?"}).json()
    assert others("DELETE", f"/comments/{made.json()['id']}").status_code == 404
    told = ask("GET", f"/photos/{photo.key}/comments").json()["comments"]
    assert [one["text"] for one in told] == ["Finer", "Where?"]
    assert ask("DELETE", f"/comments/{theirs['id']}").status_code == 204
    assert Comment.objects.get().text == "Finer"
