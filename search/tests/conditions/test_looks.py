"""A photo as a part of the query: what is like it, and as words say."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from accounts.models import User
from photos import vectors
from photos.gallery import looks
from photos.models import Embedding, Photo
from photos.vectors import words as mapped
from search.compile import find
from search.language.grammar import parse
from search.results import timeline
from vision import embeddings
from vision.words import maps
from vision.words.query import Query

Maker = Callable[..., Photo]


@pytest.fixture
def photos(make_photo: Maker, owner: User, monkeypatch: pytest.MonkeyPatch) -> dict[str, Photo]:
    """Four photos: `day` and `dusk` are nearly alike, `night` a little, `other` not at all. “dark” is what night is."""
    random = np.random.default_rng(5)
    basis = np.linalg.qr(random.normal(size=(embeddings.DIMENSION, 3)))[0].T
    spread = {"day": (1, 0, 0), "dusk": (0.95, 0.3, 0), "night": (0.55, 0.83, 0), "other": (0, 0, 1)}
    made = {}
    for name, parts in spread.items():
        made[name] = make_photo(name=f"{name}.jpg", width=1000, height=800)
        vector = sum(part * row for part, row in zip(parts, basis, strict=True))
        packed = vectors.pack((vector / np.linalg.norm(vector)).astype(np.float32))
        Embedding.objects.create(photo=made[name], kind=embeddings.KIND, model=embeddings.MODEL, vector=packed)
    mapped.shelf.cache_clear()
    dark = maps.shipped().pictures(basis[1][None].astype(np.float32))[0]

    def read(text: str) -> Query:
        assert text == "dark"
        return Query(dark, 0.45)

    monkeypatch.setattr(looks, "_read", read)
    return made


def names(photos: dict[str, Photo], ids: Sequence[int]) -> list[str]:
    return [name for pk in ids for name, photo in photos.items() if photo.pk == pk]


def test_words_turn_what_is_like_a_photo(photos: dict[str, Photo], owner: User) -> None:
    alone = looks.find_like(owner, photos["day"], [])
    assert alone is not None
    assert names(photos, alone)[0] == "dusk"
    dark = looks.find_like(owner, photos["day"], ["dark"])
    assert dark is not None
    assert names(photos, dark)[0] == "night"
    assert photos["day"].pk not in dark


def test_in_a_search_the_words_are_not_asked_for_again(photos: dict[str, Photo], owner: User, name_face: Any) -> None:
    found = timeline.find(owner, f"like:{photos['day'].key} dark")
    listed = timeline.of_found(owner, found).older().days
    assert [day.heading for day in listed] == ["Looks like that photo, “dark”"]
    assert listed[0].photos[0] == photos["night"]
    alone = timeline.of_found(owner, timeline.find(owner, f"like:{photos['day'].key}")).older().days
    assert (alone[0].heading, alone[0].photos[0]) == ("Looks like that photo", photos["dusk"])


def test_names_and_other_keys_narrow_it_down(photos: dict[str, Photo], owner: User, name_face: Any) -> None:
    name_face(photos["dusk"], "Anna")
    key = photos["day"].key
    assert set(timeline.find(owner, f"like:{key} Anna dark").photos) == {photos["dusk"]}
    assert set(timeline.find(owner, f"like:{key} dark file:night").photos) == {photos["night"]}
    assert photos["dusk"] not in set(timeline.find(owner, f"like:{key} dark -Anna").photos)
    assert timeline.find(owner, f"-like:{key}").descriptions == []


def test_what_cannot_be_found_is_told(photos: dict[str, Photo], owner: User, stranger: User, make_photo: Maker) -> None:
    def told(user: User, text: str) -> list[str]:
        return [notice.message for notice in find(Photo.objects.all(), user, parse(text)).notices]

    assert told(owner, "like:nothing dark") == ["There is no photo with the key “nothing”."]
    assert told(stranger, f"like:{photos['day'].key}") == [f"There is no photo with the key “{photos['day'].key}”."]
    new = make_photo(name="new.jpg")
    assert "not known yet" in told(owner, f"like:{new.key}")[0]
