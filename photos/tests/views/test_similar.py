"""Similar photos as a list of the gallery, narrowed down, and the search by a picture that is not kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from albums.models import Album, AlbumItem
from media.sandbox import UnreadableFile
from people.models import Face, Person
from photos import upkeep, vectors
from photos.gallery.alike import similar
from photos.gallery.stacking import stacks
from photos.models import Embedding, Photo, PictureSearch
from vision import embeddings, inference

Adder = Callable[..., Photo]
NOON = datetime(2024, 5, 1, 12)


def vector_at(angle: float) -> Any:
    vector = np.zeros(embeddings.DIMENSION, np.float32)
    vector[:2] = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return vectors.pack(vector)


@pytest.fixture
def add(make_photo: Adder) -> Adder:
    """Photos in the plane of two axes: `add(20)` looks like `add(0)`, and more so than `add(40)`."""

    def make(angle: float, **fields: Any) -> Photo:
        photo = make_photo(**fields)
        Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vector_at(angle))
        return photo

    return make


@pytest.fixture
def anna(owner: User, client: Client) -> Client:
    client.force_login(owner)
    return client


def listed(client: Client, address: str, **query: str) -> list[Photo]:
    days = client.get(address, query).context["page"].days
    return [photo for day in days for photo in day.photos]


def test_most_alike_first_in_sections(anna: Client, add: Adder) -> None:
    photo, far, near = add(0), add(50), add(10)
    answer = anna.get(reverse("photos:similar", args=[photo.key]))
    days = answer.context["page"].days
    assert [(day.heading, day.photos) for day in days] == [("Nearly the same", [near]), ("Very much alike", [far])]
    assert f"?in=similar.{photo.key}".encode() in answer.content
    fragment = anna.get(reverse("photos:similar", args=[photo.key]), headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content


def test_the_viewer_goes_on_in_that_order(anna: Client, add: Adder) -> None:
    photo, far, near = add(0), add(50), add(10)
    query = {"in": f"similar.{photo.key}"}
    context = anna.get(reverse("photos:photo", args=[near.key]), query).context
    assert (context["newer"], context["older"]) == (None, far)
    assert context["back"].startswith(reverse("photos:similar", args=[photo.key]))
    assert anna.get(reverse("photos:photo", args=[far.key]), query).context["newer"] == near
    keys = anna.get(reverse("photos:keys"), {**query, "from": far.key, "to": near.key}).json()["keys"]
    assert keys == [near.key, far.key]


def test_trash_and_stacks(anna: Client, add: Adder) -> None:
    photo, one, other, gone = add(0), add(10), add(12), add(5)
    stacks.make([one, other], other)
    Photo.objects.filter(pk=gone.pk).trash()
    assert listed(anna, reverse("photos:similar", args=[photo.key])) == [other]


def test_narrowed_down(anna: Client, owner: User, stranger: User, add: Adder) -> None:
    photo, first, second = add(0), add(10, taken=NOON), add(20, taken=NOON + timedelta(days=30))
    ida = Person.objects.create(owner=owner, name="Ida")
    Face.objects.create(photo=first, person=ida, x=0.1, y=0.1, width=0.2, height=0.2, score=1.0)
    album = Album.objects.create(owner=owner, name="Trip")
    AlbumItem.objects.create(album=album, photo=second, position=1.0)
    theirs = Album.objects.create(owner=stranger, name="Theirs")
    AlbumItem.objects.create(album=theirs, photo=second, position=1.0)
    address = reverse("photos:similar", args=[photo.key])
    assert listed(anna, address, person=ida.key) == [first]
    assert listed(anna, address, album=album.key) == [second]
    assert listed(anna, address, album=theirs.key) == []
    assert listed(anna, address, since="2024-05-02") == [second]
    assert listed(anna, address, until="2024-05-01") == [first]
    context = anna.get(address, {"person": ida.key}).context
    assert context["choices"] == {"people": [(ida.key, "Ida")], "albums": [(album.key, "Trip")]}
    viewer = anna.get(reverse("photos:photo", args=[first.key]), {"in": context["listing"].slug}).context
    assert viewer["older"] is None
    assert f"person={ida.key}" in viewer["back"]


@pytest.mark.parametrize("query", [{"since": "yesterday"}, {"person": "no key!"}, {"until": "2024-13-01"}])
def test_nonsense_is_404(anna: Client, add: Adder, query: dict[str, str]) -> None:
    photo = add(0)
    assert anna.get(reverse("photos:similar", args=[photo.key]), query).status_code == 404
    (name, value), *_ = query.items()
    slug = f"similar.{photo.key}.{name}~{value}"
    assert anna.get(reverse("photos:photo", args=[photo.key]), {"in": slug}).status_code == 404


def test_not_yet_known(anna: Client, make_photo: Adder) -> None:
    answer = anna.get(reverse("photos:similar", args=[make_photo().key]))
    assert answer.status_code == 200
    assert b"Try again" in answer.content


def test_nothing_alike(anna: Client, add: Adder) -> None:
    assert b"No similar photos" in anna.get(reverse("photos:similar", args=[add(0).key])).content


def test_strangers(client: Client, stranger: User, add: Adder, owner: User) -> None:
    photo = add(0)
    add(10)
    search = PictureSearch.objects.create(owner=owner, vector=vector_at(0))
    client.force_login(stranger)
    assert client.get(reverse("photos:similar", args=[photo.key])).status_code == 404
    assert client.get(reverse("photos:picture", args=[search.key])).status_code == 404
    mine = add(0, owner=stranger)
    assert listed(client, reverse("photos:similar", args=[mine.key])) == []


def test_queries_do_not_grow(anna: Client, add: Adder) -> None:
    photo = add(0)
    address = reverse("photos:similar", args=[photo.key])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            anna.get(address)
        return len(queries)

    add(10), add(70)
    few = count()
    for angle in range(20):
        add(angle)
    assert count() == few


# --- a picture that is brought ----------------------------------------------------------------------------------------


def bring(client: Client, data: bytes = b"picture") -> Any:
    file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    return client.post(reverse("photos:search_by_picture"), {"picture": file})


def test_found_by_a_picture(anna: Client, owner: User, add: Adder, monkeypatch: pytest.MonkeyPatch) -> None:
    far, near = add(40), add(10)

    def remember(user: User, path: Path) -> PictureSearch:
        assert path.read_bytes() == b"picture"
        return PictureSearch.objects.create(owner=user, vector=vector_at(0))

    monkeypatch.setattr(similar, "remember", remember)
    answer = bring(anna)
    assert listed(anna, answer.headers["Location"]) == [near, far]
    slug = f"picture.{PictureSearch.objects.get().key}"
    assert anna.get(reverse("photos:photo", args=[near.key]), {"in": slug}).context["older"] == far


@pytest.mark.parametrize("error", [UnreadableFile("It is damaged."), inference.MissingWeights("No model.")])
def test_problems_are_reported(anna: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def remember(*_: object) -> PictureSearch:
        raise error

    monkeypatch.setattr(similar, "remember", remember)
    answer = bring(anna)
    assert answer.status_code == 422
    assert str(error).encode() in answer.content


def test_no_picture(anna: Client) -> None:
    answer = anna.post(reverse("photos:search_by_picture"), {})
    assert (answer.status_code, b"Choose a picture first." in answer.content) == (422, True)


def test_forgotten_after_a_day(owner: User) -> None:
    old, fresh = (PictureSearch.objects.create(owner=owner, vector=vector_at(0)) for _ in range(2))
    PictureSearch.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2))
    upkeep.tidy()
    assert list(PictureSearch.objects.all()) == [fresh]


@pytest.mark.models
def test_a_real_picture_through_the_sandbox(
    owner: User, make_picture: Callable[..., Path], real_models: Path, settings: Settings
) -> None:
    settings.MIRAGE_MODELS = real_models
    path = make_picture(size=(640, 480))
    search = similar.remember(owner, path)
    assert np.linalg.norm(vectors.unpack(search.vector)) == pytest.approx(1.0, abs=0.01)
    path.write_bytes(b"no picture at all")
    with pytest.raises(UnreadableFile):
        similar.remember(owner, path)
