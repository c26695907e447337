"""Every operation of the API, requested without a token, by a stranger, and by tokens without its scope.

The operations come from the schema, so new ones are tested without another line here.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.security import tokens
from albums.models import Album, AlbumItem, Share, ShareLink
from albums.public import links
from api.v1 import api
from duplicates.models import DuplicateGroup, DuplicateMember
from people.kept import counts
from people.models import Face, Person
from photos.gallery import comments
from photos.gallery.stacking import stacks
from photos.models import Comment, Photo, Stack, Upload
from search.models import SavedSearch
from tags.keywords import ensure_tags
from tags.models import Tag

pytestmark = pytest.mark.once  # by whom a row is seen is said in Django's ORM; the access matrix asks each database
OPEN = {("post", "/api/v1/tokens")}  # where one signs in
SCHEMA: dict[str, Any] = api.get_openapi_schema()


def operations() -> Iterator[tuple[str, str]]:
    for path, methods in SCHEMA["paths"].items():
        for method in methods:
            yield method, path
    for method in ("post", "patch", "head", "delete"):  # tus is not in the schema
        yield method, "/api/v1/uploads/tus" + ("" if method == "post" else "/{key}")


OPERATIONS = sorted(set(operations()) - OPEN)


def address(path: str, keys: dict[str, str]) -> str:
    """The path with the owner's keys; other parameters get their first allowed value."""
    kind = path.removeprefix("/api/v1/").partition("/")[0]
    own = keys.get(
        {"uploads": "upload", "albums": "album", "people": "person", "duplicates": "group", "links": "link"}.get(
            kind, "photo"
        )
    )
    filled = {
        "{size}": "small",
        "/files/{action}": "/files/write",
        "{action}": "trash",
        "{tag}": keys["tag"],
        "{photo}": keys["photo"],
        "{key}": own or "",
        "{share_id}": keys["share"],
        "{comment}": keys["comment"],
        "{search}": keys["search"],
        "{change}": keys["change"],
    }
    for name, value in filled.items():
        path = path.replace(name, value)
    assert "{" not in path, f"say with what {path} is filled"
    return path


@pytest.fixture
def keys(owner: User, make_photo: Callable[..., Photo]) -> dict[str, str]:
    photo = make_photo(title="Secretword", name="secretword.jpg")
    upload = Upload.objects.create(owner=owner, name="secretword.jpg", size=3)
    album = Album.objects.create(owner=owner, name="Secretword")
    AlbumItem.objects.create(album=album, photo=photo, position=1)
    person = Person.objects.create(owner=owner, name="Secretword")
    Face.objects.create(photo=photo, person=person, x=0, y=0, width=1, height=1)
    group = DuplicateGroup.objects.create(owner=owner, tier="same")
    for one in (photo, make_photo(name="secretword-2.jpg")):
        DuplicateMember.objects.create(group=group, photo=one, role="copy", similarity=1)
    share = Share.objects.create(owner=owner, user=User.objects.create_user("viewer"), album=album)
    link = links.make(owner, links.Terms(name="Secretword"), album=album)
    tag = ensure_tags(owner.pk, ["Secretword"])["secretword"]
    stacks.make(list(Photo.objects.all()), photo)
    comments.add(photo, owner, "Secretword")
    change = stacks.note(owner, owner, "stacked", {"stack": 0, "before": {}, "decided": []})
    search = SavedSearch.objects.create(owner=owner, name="Secretword", query="secretword")
    return {
        "comment": str(photo.comments.get().pk), "search": str(search.pk), "change": str(change.pk),
        "photo": photo.key, "upload": upload.key, "album": album.key, "person": person.key, "group": group.key,
        "share": str(share.pk), "link": link.key, "tag": str(tag.pk),
    }  # fmt: skip


def ask(method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    client = Client(headers={"Tus-Resumable": "1.0.0", **headers})
    response = client.generic(method.upper(), path, json.dumps(body or {}), "application/json")
    if response.streaming:
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_needs_a_token(keys: dict[str, str], owner: User, method: str, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer mirage_x"}, {"Authorization": "Basic YTpi"}, {"Authorization": "x"}):
        assert ask(method, address(path, keys), headers).status_code == 401
    browser = Client()
    browser.force_login(owner)
    assert browser.generic(method.upper(), address(path, keys)).status_code == 401


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_token_without_scopes_is_refused(keys: dict[str, str], owner: User, method: str, path: str) -> None:
    _, secret = tokens.issue(owner, "none", [])
    assert ask(method, address(path, keys), {"Authorization": f"Bearer {secret}"}).status_code == 403


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_stranger_sees_and_changes_nothing(keys: dict[str, str], stranger: User, method: str, path: str) -> None:
    _, secret = tokens.issue(stranger, "all", tokens.SCOPES)
    before = everything()
    bodies: list[Any] = [
        {},
        {"keys": [keys["photo"]]},
        {"sha256": [Photo.objects.first().sha256]},
        {"title": "taken"},
        {"people": [keys["person"]]},
        {"faces": [Face.objects.get().pk]},
        {"text": "taken"},
        {"pinned": True},
        {"photo": keys["photo"], "said": "yes"},
        {"above": 0.9},
    ]
    for body in bodies:
        response = ask(method, address(path, keys), {"Authorization": f"Bearer {secret}"}, body)
        shown = b"" if response.streaming else response.content
        assert b"ecretword" not in shown
        if "{" in path and "{action}" not in path:
            assert response.status_code in (404, 412, 422, 400), response.content
    assert everything() == before


def everything() -> list[Any]:
    models = (
        Photo,
        Upload,
        Album,
        AlbumItem,
        Person,
        Face,
        DuplicateGroup,
        DuplicateMember,
        Tag,
        Share,
        ShareLink,
        Comment,
        SavedSearch,
        Stack,
    )
    counts.catch_up()  # how many photos people are in is counted when somebody asks
    return [row for model in models for row in model._default_manager.order_by("pk").values_list()]
