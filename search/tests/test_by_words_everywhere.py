"""Words find pictures wherever a query is taken: by the real encoder and maps, on vectors that fit known texts."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.test import Client
from numpy.typing import NDArray
from pytest_django import Settings

from accounts.models import User
from accounts.security import tokens
from albums.models import Album
from albums.public import links
from albums.public.links import Terms
from mirage.testing.weights import place_or_skip
from photos import vectors
from photos.models import DetectedObject, Embedding, Photo
from photos.vectors.words import shelf
from search.results import timeline
from tags.models import Tag
from vision import embeddings
from vision.words import encoder, maps

pytestmark = pytest.mark.models

SHOWN = {  # a photo's name: what it shows, when, and whether Anna is in it
    "walk": ("a woman walks along the sandy beach by the ocean", 2019, True),
    "dog": ("a dog at a sandy beach by the ocean", 2019, True),
    "later": ("waves at a sandy beach by the ocean", 2021, True),
    "alone": ("an empty sandy beach by the ocean", 2019, False),
    "skiing": ("a skier on a snowy mountain", 2019, True),
}
FAR = 0.5  # from the middle of all pictures; further, and an embedding would be longer than 1
OTHERS = """
a red bus in the city; a plate of pasta; a man plays the guitar; a cat sleeps on a sofa; children play football;
a bicycle leans on a wall; a baby laughs in a chair; a train at the station; two horses in a field; a bowl of fruit;
people ride on motorcycles; a laptop on a desk; a bird on a branch; a church in the old town; a boy climbs up a rock;
a kitchen with a stove; a street at night with lights; a girl blows out candles on a cake; a crowd at a concert
"""


@cache
def unseen() -> NDArray[np.float32]:
    """A direction that the maps do not see."""
    known = maps.shipped()
    matrix = np.concatenate([known.picture_sentences.matrix, known.picture_names.matrix], axis=1)
    return np.asarray(np.linalg.svd(matrix)[0][:, -1], np.float32)


@cache
def embedding_of(text: str) -> NDArray[np.float32]:
    """What a picture's embedding, which has length 1, would have to be for the maps to see just this text in it."""
    known, said = maps.shipped(), encoder.encode([text])
    sides = [(known.picture_sentences, known.text_sentences), (known.picture_names, known.text_names)]
    matrix = np.concatenate([picture.matrix for picture, _ in sides], axis=1)
    wanted = np.concatenate([FAR * words(said)[0] + picture.centre @ picture.matrix for picture, words in sides])
    shortest = np.linalg.lstsq(matrix.T, wanted, rcond=None)[0]
    return np.asarray(shortest + np.sqrt(1 - shortest @ shortest) * unseen(), np.float32)


@pytest.fixture
def photos(
    settings: Settings, make_photo: Callable[..., Photo], name_face: Callable[..., Any], client: Client, owner: User
) -> dict[str, Photo]:
    place_or_skip(settings, [encoder.MODEL, encoder.VOCABULARY])
    client.force_login(owner)
    told = SHOWN | {f"other{at}": (text, 2019, True) for at, text in enumerate(OTHERS.split(";"))}
    made = {}
    for number, (name, (text, year, with_anna)) in enumerate(told.items()):
        where = {"latitude": 38.7, "longitude": -9.1}
        made[name] = make_photo(name=f"IMG_{number}.jpg", taken=datetime(year, 7, 1 + number), **where)
        packed = vectors.pack(embedding_of(text.strip()))
        Embedding.objects.create(photo=made[name], kind=embeddings.KIND, model=embeddings.MODEL, vector=packed)
        if with_anna:
            name_face(made[name], "Anna")
    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test"}
    DetectedObject.objects.create(photo=made["dog"], label="dog", score=0.9, **box)
    shelf.cache_clear()
    return made


def names(photos: dict[str, Photo], found: Any) -> set[str]:
    by_key = {photo.key: name for name, photo in photos.items()}
    return {by_key[key] for key in found}


BEACHES = {"walk", "dog", "later", "alone"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sandy beach", BEACHES),
        ("anna sandy beach", {"walk", "dog", "later"}),
        ("anna sandy beach 2019", {"walk", "dog"}),
        ("anna sandy beach 2019 -dog", {"walk"}),
        ("sandy beach -anna", {"alone"}),
        ("Anna am Strand 2019 -Hund", {"walk"}),
    ],
)
def test_names_years_and_exclusions_come_first(
    photos: dict[str, Photo], owner: User, text: str, shown: set[str]
) -> None:
    found = timeline.find(owner, text)
    assert names(photos, found.photos.values_list("key", flat=True)) == shown
    assert found.by_looks


def test_like_this_one_but_as_words_say(photos: dict[str, Photo], owner: User) -> None:
    """A dog on a beach, and snow: the sum of both vectors."""
    found = timeline.find(owner, f"like:{photos['alone'].key} snow")
    first = timeline.of_found(owner, found).older().days[0].photos
    alone = timeline.of_found(owner, timeline.find(owner, f"like:{photos['alone'].key}")).older().days[0].photos
    place = [photo.pk for photo in first].index(photos["skiing"].pk)
    assert place < [photo.pk for photo in alone].index(photos["skiing"].pk)
    assert names(photos, [photo.key for photo in alone[:3]]) == BEACHES - {"alone"}


QUERY, ANSWER = "anna sandy beach 2019 -dog", {"walk"}


def test_a_smart_album_and_a_guests_link(photos: dict[str, Photo], owner: User, client: Client) -> None:
    album = Album.objects.create(owner=owner, name="Sea", kind="smart", query=QUERY)
    link = links.make(owner, Terms(), album=album)
    of_search = links.make(owner, Terms(), query=QUERY)
    addresses = [f"/s/{links.token_of(one)}/" for one in (link, of_search)]
    pages = [client.get(album.get_absolute_url()), *map(Client().get, addresses)]
    for page in pages:
        text = page.content.decode()
        assert {name for name, photo in photos.items() if photo.key in text} == ANSWER


def test_the_map(photos: dict[str, Photo], client: Client) -> None:
    where = client.get("/search/", {"q": QUERY, "on": "map"}).headers["Location"].partition("in=")[2]
    listed = client.get(f"/map/photos/?box=-180,-90,180,90&in={where}", headers={"HX-Request": "true"}).content.decode()
    assert {name for name, photo in photos.items() if photo.key in listed} == ANSWER


def test_a_program_and_the_shell(photos: dict[str, Photo], owner: User, capsys: pytest.CaptureFixture[str]) -> None:
    _, secret = tokens.issue(owner, "test", set(tokens.SCOPES) - {"admin"})
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    told = program.get("/api/v1/photos", {"query": QUERY}).json()["photos"]
    assert names(photos, [one["key"] for one in told]) == ANSWER
    assert told[0]["found_by"] == "Looks like “sandy beach”"
    call_command("search", QUERY, owner=owner.username, json=True)
    found = json.loads(capsys.readouterr().out)["photos"]
    assert [one["name"] for one in found] == [photos["walk"].original_name]


def test_teaching_a_tag_begins_with_what_looks_like_its_name(
    photos: dict[str, Photo], owner: User, client: Client
) -> None:
    tag = Tag.objects.create(owner=owner, name="sandy beach", path="sandy beach")
    asked = set()
    for _ in BEACHES:
        photo = client.get(f"/teach/{tag.pk}/").context["photo"]
        asked.add(photo.key)
        client.post(f"/teach/{tag.pk}/{photo.key}/no/")
    assert names(photos, asked) == BEACHES
