"""The stages that compare pictures: with the real models, and while their weights are missing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from accounts.models import User
from photos import pipeline, vectors
from photos.models import Embedding, Photo, StageRun
from photos.pipeline import draining, similarity
from photos.pipeline.pictures import NO_THUMBNAIL
from photos.storage import paths
from vision import embeddings, fingerprints, inference, weights
from vision.tests.test_matching import jpeg, on_a_screen, scene

Maker = Callable[..., Photo]
FAKE = 512


@pytest.fixture
def add(make_photo: Maker, library: Path) -> Maker:
    """A photo with its large thumbnail."""

    def make(image: Image.Image, **fields: object) -> Photo:
        photo = make_photo(**fields)
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True)
        image.save(folder / "large.webp")
        return photo

    return make


@pytest.fixture
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fingerprint that is the picture's colour."""

    def compute(images: list[Image.Image]) -> np.ndarray:
        means = [np.resize(np.asarray(image).mean(axis=(0, 1)) + 1, FAKE) for image in images]
        return fingerprints.normalised(np.array(means, np.float32).reshape(len(images), FAKE))

    monkeypatch.setattr(fingerprints, "compute", compute)


# --- rows -------------------------------------------------------------------------------------------------------------


def test_a_vector_for_each_photo(add: Maker, fake_model: None) -> None:
    photos = [add(Image.new("RGB", (64, 48), colour)) for colour in ("red", "blue")]
    assert similarity.take_fingerprints([photo.pk for photo in photos]) == {}
    rows = {row.photo_id: vectors.unpack(row.vector) for row in Embedding.objects.filter(kind="fingerprints")}
    assert set(rows) == {photo.pk for photo in photos}
    assert np.linalg.norm(rows[photos[0].pk]) == pytest.approx(1, abs=1e-2)


def test_two_vectors_for_a_photo_with_borders(add: Maker, fake_model: None) -> None:
    photo = add(on_a_screen(scene(1)))
    similarity.take_fingerprints([photo.pk])
    rows = Embedding.objects.filter(photo=photo, kind="fingerprints").order_by("frame")
    assert [row.frame for row in rows] == [0, 1]
    assert rows[0].vector != rows[1].vector


def test_again_makes_a_new_row(add: Maker, fake_model: None) -> None:
    """Indexes know what is new by its id."""
    photo = add(Image.new("RGB", (64, 48), "red"))
    similarity.take_fingerprints([photo.pk])
    before = Embedding.objects.get().pk
    similarity.take_fingerprints([photo.pk])
    assert Embedding.objects.get().pk > before


def test_missing_thumbnail_is_refused_in_words(add: Maker, fake_model: None, make_photo: Maker) -> None:
    photo, bare = add(Image.new("RGB", (64, 48), "red")), make_photo()
    refused = similarity.take_fingerprints([photo.pk, bare.pk, 10**9])
    assert refused == {bare.pk: NO_THUMBNAIL}
    assert list(Embedding.objects.values_list("photo_id", flat=True)) == [photo.pk]


# --- missing weights --------------------------------------------------------------------------------------------------


def test_rows_wait_while_weights_are_missing(
    owner: User, make_photo: Maker, settings: Settings, tmp_path: Path
) -> None:
    settings.MIRAGE_MODELS = tmp_path
    stage = pipeline.STAGES["fingerprint"]
    StageRun.objects.create(photo=make_photo(), stage=stage.name)
    assert stage.missing_weights()
    assert pipeline.drain() == 0
    assert draining.pending(StageRun.objects.all()) == 0  # --wait does not wait for it
    run = StageRun.objects.get()
    assert (run.status, run.attempts) == ("waiting", 0)
    weight = weights.by_name("sscd-distilled")
    with (tmp_path / weight.placed_as).open("wb") as file:
        file.truncate(weight.bytes)
    assert not stage.missing_weights()
    assert [claimed.pk for claimed in pipeline.claim(stage)] == [run.pk]


def test_model_without_weights_says_how_they_come(settings: Settings, tmp_path: Path) -> None:
    settings.MIRAGE_MODELS = tmp_path
    with pytest.raises(inference.MissingWeights, match=r"The model sscd-distilled is missing\."):
        fingerprints.compute([scene(1)])


# --- the real ones ----------------------------------------------------------------------------------------------------


@pytest.mark.models
def test_fingerprints_of_copies_are_alike(real_models: Path, settings: Settings) -> None:
    settings.MIRAGE_MODELS = real_models
    original = scene(1)
    computed = fingerprints.compute([original, jpeg(original, 30), original.resize((160, 120)), scene(2), scene(3)])
    similarity = computed @ computed[0]
    assert computed.shape == (5, fingerprints.DIMENSION)
    assert similarity[1:3].min() > 0.9
    assert similarity[3:].max() < 0.85  # drawn scenes are more alike than photos


@pytest.mark.models
def test_a_batch_gives_what_single_pictures_give(real_models: Path, settings: Settings) -> None:
    settings.MIRAGE_MODELS = real_models
    pictures = [scene(seed) for seed in range(3)]
    for model in (fingerprints, embeddings):
        together = model.compute(pictures)
        alone = np.concatenate([model.compute([picture]) for picture in pictures])
        assert np.allclose(together, alone, atol=2e-3)
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
        assert model.compute([]).shape == (0, model.DIMENSION)
