"""The whole picture has a say about animals, whichever of the two stages comes second."""

import numpy as np
import pytest

from photos import vectors
from photos.models import DetectedObject, Embedding
from photos.pipeline import objects, plausibility, similarity
from photos.pipeline.plausibility import take_back_doubtful
from vision import embeddings, inference
from vision.tests.test_objects import seen


@pytest.fixture(autouse=True)
def bears_are_doubtful(monkeypatch):
    monkeypatch.setattr(plausibility, "doubtful", lambda found, vector: [label == "bear" for label, _ in found])


def embed(photo):
    vector = np.ones(384, np.float32) / np.sqrt(384)
    return Embedding.objects.create(
        photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(vector)
    )


def labels(photo):
    return sorted(photo.detected_objects.values_list("label", flat=True))


def test_what_the_picture_contradicts_is_taken_back(make_photo):
    photo, other = make_photo(), make_photo()
    for each in (photo, other):
        objects.record({each.pk: [seen("bear", 0.1), seen("dog", 0.5), seen("cup", 0.7)]})
    embed(photo)
    take_back_doubtful([photo.pk, other.pk])
    assert labels(photo) == ["cup", "dog"]
    assert labels(other) == ["bear", "cup", "dog"]  # without an embedding nothing speaks against it


def test_what_the_owner_decided_and_what_a_video_shows_stay(make_photo):
    photo, video = make_photo(), make_photo(kind="video")
    for each in (photo, video):
        embed(each)
    objects.record({photo.pk: [seen("bear", 0.1)], video.pk: [seen("bear", 0.5, at=3.0)]})
    photo.detected_objects.update(state=DetectedObject.State.ACCEPTED)
    take_back_doubtful([photo.pk, video.pk])
    assert labels(photo) == labels(video) == ["bear"]


def test_without_the_text_model_all_stay(make_photo, monkeypatch):
    photo = make_photo()
    embed(photo)
    objects.record({photo.pk: [seen("bear", 0.1)]})

    def missing(found, vector):
        raise inference.MissingWeights("minilm")

    monkeypatch.setattr(plausibility, "doubtful", missing)
    take_back_doubtful([photo.pk])
    assert labels(photo) == ["bear"]


@pytest.mark.parametrize("stage", [objects.find_objects, similarity.embed])
def test_both_stages_ask(stage, make_photo, monkeypatch):
    asked = []
    for module in (objects, similarity):
        monkeypatch.setattr(module, "take_back_doubtful", asked.extend)
    monkeypatch.setattr(objects, "pictures_of", lambda photo, frames: [])
    monkeypatch.setattr("vision.objects.detect", lambda images: [])
    monkeypatch.setattr(similarity, "_take", lambda ids, *rest: {})
    photo = make_photo()
    assert stage([photo.pk]) == {}
    assert asked == [photo.pk]
