"""Tiles as HTML: what they say and link to, and that nothing a file is called ever becomes markup."""

from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pytest
from django.test import Client

from accounts.models import User
from albums.models import Album, AlbumItem
from albums.public import links
from albums.public.links import Terms
from photos import vectors
from photos.gallery.tiles import aspect_class, clock, tiles_html
from photos.models import Embedding, Photo
from vision import embeddings

NASTY = """<script>alert("1")</script> & 'so' it"s"""


class Read(HTMLParser):
    """The elements with their attributes, and the text, of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def only(self, tag: str) -> dict[str, str | None]:
        (found,) = [attributes for name, attributes in self.elements if name == tag]
        return found


def test_a_tile_says_what_it_is_and_links_to_its_page(make_photo: Callable[..., Photo]) -> None:
    photo = make_photo(title="Sea", place="Lisbon", favourite=True, thumbhash=b"\x01\x02", width=300, height=400)
    read = Read(tiles_html([photo], "favourites"))
    figure, link, picture, check = (read.only(name) for name in ("figure", "a", "img", "input"))
    assert figure == {
        "class": f"tile {aspect_class(photo)} favourite", "id": f"p-{photo.key}", "data-key": photo.key,
        "data-hash": "AQI=",
    }  # fmt: skip
    assert link["href"] == f"/photo/{photo.key}/?in=favourites"
    assert link["aria-label"] == "Sea, 1 May 2024, 12:01, Lisbon"
    small, medium = f"/media/{photo.key}/small.webp", f"/media/{photo.key}/medium.webp"
    assert (picture["src"], picture["srcset"]) == (small, f"{small} 300w, {medium} 360w")
    assert picture["sizes"] == "auto, (width < 700px) 20vw, 11vw"
    assert picture["alt"] == ""
    assert (check["value"], check["form"]) == (photo.key, "selection")
    assert Read(tiles_html([photo], "timeline")).only("a")["href"] == f"/photo/{photo.key}/"


def test_videos_and_stacks_have_their_badges(make_photo: Callable[..., Photo]) -> None:
    video, stack = make_photo(kind="video", duration=75.0), make_photo()
    stack.stack_count = 3  # type: ignore[attr-defined]
    assert Read(tiles_html([video], "timeline")).text.split() == ["1:15"]
    read = Read(tiles_html([stack], "timeline"))
    assert (read.text.split(), read.only("span")["aria-label"]) == (["3"], "Stack of 3")


@pytest.mark.parametrize("displayable", [True, False])
def test_no_name_becomes_markup(make_photo: Callable[..., Photo], displayable: bool) -> None:
    photo = make_photo(title=NASTY, name=NASTY, place=NASTY, displayable=displayable)
    photo.address_of = lambda page: f'/s/"><script>/{page}'  # type: ignore[attr-defined]
    read = Read(tiles_html([photo], '"><script>'))
    assert "script" not in {name for name, _ in read.elements}
    assert read.only("a")["aria-label"] == f"{NASTY}, 1 May 2024, 12:01, {NASTY}"
    assert read.only("a")["href"] == '/s/"><script>/photo?in="><script>'
    assert read.only("input")["aria-label"] == f"Select {NASTY}"
    assert displayable or read.text.strip() == NASTY


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (7.4, "0:07"), (754, "12:34"), (3723, "1:02:03"), (-1, "0:00")]
)
def test_durations(seconds: float | None, text: str) -> None:
    assert clock(seconds) == text


@pytest.fixture
def pages(owner: User, make_photo: Callable[..., Photo]) -> dict[str, str]:
    """The address of each page of tiles with a photo of a nasty name, for guests too."""
    photos = [make_photo(title=NASTY, name=NASTY, place=NASTY, country=NASTY, favourite=True) for _ in range(2)]
    vector = vectors.pack(np.eye(1, embeddings.DIMENSION, dtype=np.float32)[0])
    for photo in photos:
        Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vector)
    manual = Album.objects.create(owner=owner, name=NASTY)
    smart = Album.objects.create(owner=owner, name=NASTY, kind=Album.Kind.SMART, query="is:favourite")
    for place, photo in enumerate(photos):
        AlbumItem.objects.create(album=manual, photo=photo, position=place, added_by=owner)
    shown = links.make(owner, Terms(show_place=True), album=manual)
    hidden = links.make(owner, Terms(show_metadata=False), album=manual)
    return {
        "timeline": "/",
        "favourites": "/favourites/",
        "search": "/search/?q=is:favourite",
        "search in another order": "/search/?q=is:favourite+sort:largest",
        "album": f"/albums/album/{manual.key}/",
        "smart album": f"/albums/album/{smart.key}/",
        "similar": f"/photo/{photos[0].key}/similar/",
        "guest": f"/s/{links.token_of(shown)}/",
        "guest, nothing told": f"/s/{links.token_of(hidden)}/",
    }  # fmt: skip


def test_no_page_of_tiles_lets_a_name_become_markup(client: Client, owner: User, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        if name.startswith("guest"):
            client.logout()
        else:
            client.force_login(owner)
        html = client.get(address, follow=True).content.decode()
        figures = [attributes for tag, attributes in Read(html).elements if tag == "figure"]
        assert figures, name
        assert "<script>alert" not in html, name
        labels = [attributes.get("aria-label") for tag, attributes in Read(html).elements if tag == "a"]
        told = [label for label in labels if label and label.startswith(NASTY)]
        assert bool(told) == (name != "guest, nothing told"), name
        assert any(figure["class"].startswith("tile r") for figure in figures), name
