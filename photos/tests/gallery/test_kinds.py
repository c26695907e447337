"""Screenshots, documents, receipts, memes and blurred pictures: looks, and what speaks for them or against them."""

from collections.abc import Callable

import numpy as np
import pytest

from accounts.models import User
from photos import vectors
from photos.gallery import kinds
from photos.models import Embedding, Photo, PhotoText
from photos.vectors import words as mapped
from vision import embeddings
from vision import kinds as models

Maker = Callable[..., Photo]
RECEIPT = "CORNER SHOP\nMilk 1.20\nBread 2,50\nTotal 3.70\nCash 5.00"


@pytest.fixture
def look(make_photo: Maker, monkeypatch: pytest.MonkeyPatch, owner: User) -> Callable[..., Photo]:
    """A photo that looks like these kinds, with that written in it."""
    likely: dict[str, list[int]] = {name: [] for name in kinds.NAMES}
    monkeypatch.setattr(kinds, "likely_of", lambda user, name: likely[name])

    def make(*names: str, text: str = "", **fields: object) -> Photo:
        photo = make_photo(**{"width": 1000, "height": 800, **fields})
        for name in names:
            likely[name].append(photo.pk)
        if text:
            PhotoText.objects.create(photo=photo, text=text, lines=[], model="test")
        return photo

    return make


def found(user: User, name: str) -> set[Photo]:
    return set(Photo.objects.filter(kinds.of_kind(user, name)))


def test_screenshots(look: Callable[..., Photo], owner: User) -> None:
    named = look(name="Screenshot_2023-01-02.jpg", camera_model="Pixel 8")
    sized = look(name="a.png", media_type="image/png", width=1170, height=2532)
    lying = look(name="b.png", media_type="image/png", width=2532, height=1170)
    seen = look("screenshot", name="c.jpg")
    look("screenshot", name="d.jpg", camera_model="Canon EOS 5D")  # a photo of a screen
    look("screenshot", name="e.jpg", width=120, height=60)  # a logo
    look(name="f.jpg", width=1170, height=2532)
    look(name="screenshot.mp4", kind="video")
    assert found(owner, "screenshot") == {named, sized, lying, seen}


def test_documents_and_receipts_have_words(look: Callable[..., Photo], owner: User) -> None:
    page = look("document", text="Dear Anna, thank you for your letter of 3 May.", camera_model="Pixel 8")
    receipt = look("document", "receipt", text=RECEIPT)
    look("document")
    look("document", text="EXIT")
    look(text=RECEIPT)
    look("receipt", text="Chapter 1.20: the total of all things, in many words")
    assert found(owner, "document") == {page, receipt}
    assert found(owner, "receipt") == {receipt}
    PhotoText.objects.update(rejected=True)
    assert found(owner, "document") == set()


def test_memes_have_words_and_no_camera(look: Callable[..., Photo], owner: User) -> None:
    meme = look("meme", text="ONE DOES NOT SIMPLY")
    look("meme")
    look("meme", text="ONE", camera_make="Canon")
    assert found(owner, "meme") == {meme}


def test_blurred_pictures(look: Callable[..., Photo], owner: User) -> None:
    blurred = look("blurred", camera_make="Canon")
    look("blurred", width=100, height=75)  # a thumbnail
    look("blurred", text="words that could be read are in focus")
    look("blurred", kind="video")
    assert found(owner, "blurred") == {blurred}


def test_who_wants_no_automatic_labels_has_what_says_so_itself(look: Callable[..., Photo], owner: User) -> None:
    named = look("screenshot", name="Bildschirmfoto 2023.png")
    look("screenshot"), look("blurred")
    owner.automatic_labels = False
    assert found(owner, "screenshot") == {named}
    assert found(owner, "blurred") == set()


@pytest.mark.parametrize("name", kinds.NAMES)
def test_any_number_of_photos_may_look_so(
    look: Callable[..., Photo], owner: User, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """More than a query may have parameters."""
    photo = look(text="" if name == "blurred" else RECEIPT)
    monkeypatch.setattr(kinds, "likely_of", lambda seen, name: list(range(1, photo.pk + 300_000)))
    assert found(owner, name) == {photo}


@pytest.mark.parametrize("name", ["document", "receipt", "meme", "blurred"])
def test_only_words_in_photos_that_look_so_are_read(look: Callable[..., Photo], owner: User, name: str) -> None:
    look(name), look()
    sql = str(Photo.objects.filter(kinds.of_kind(owner, name)).query)
    words = sql[sql.index("photos_phototext") :]
    assert "json_each" in words or "unnest" in words


def test_looks_are_those_of_the_embeddings(make_photo: Maker, owner: User, stranger: User) -> None:
    """An embedding that each model is surest of is of its kind; another's photo is not."""
    weights = models.shipped().weights[:, :-1]
    made = {}
    for name, row in zip(kinds.NAMES, weights, strict=True):
        for user in (owner, stranger):
            photo = make_photo(owner=user)
            vector = vectors.pack((row / np.linalg.norm(row)).astype(np.float32))
            Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vector)
            made[name, user.pk] = photo.pk
    mapped.shelf.cache_clear()
    for name in kinds.NAMES:
        likely = kinds.likely_of(mapped.shelf().seen({owner.pk}), name)
        assert made[name, owner.pk] in likely
        assert made[name, stranger.pk] not in likely
    assert kinds.likely_of(mapped.shelf().seen({stranger.pk}), "meme")
