"""Free text over pictures with a model that the user supplies: here a tiny one, made on the spot, that sees colours."""

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from PIL import Image

from accounts.models import User
from photos import pipeline
from photos.gallery.alike import clip_search
from photos.models import Embedding, Photo, StageRun
from photos.pipeline import Stage, similarity
from photos.storage import paths
from search.compile import find, select
from search.language.grammar import parse
from search.results.ranking import ranked_lists
from vision import clip, embeddings
from vision.tests import tiny_clip
from vision.tests.tiny_clip import WORDS


@pytest.fixture
def model(tmp_path, settings):
    folder = tiny_clip.make(tmp_path / "tiny-clip")
    settings.MIRAGE_CLIP = str(folder)
    clip_search._vector.cache_clear()
    cache.clear()
    return folder


@pytest.fixture
def add(make_photo):
    def make(colour):
        photo = make_photo()
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True)
        Image.new("RGB", (40, 20), colour).save(folder / "large.webp", lossless=True)
        return photo

    return make


@pytest.fixture
def photos(model, add):
    made = [add(colour) for colour in ("#e01010", "#10e010", "#1010e0")]
    assert similarity.embed_for_words([photo.pk for photo in made]) == {}
    return made


def test_words_find_the_pictures_that_they_fit(photos, owner):
    assert clip.problem() == ""
    assert [clip_search.find(word, Photo.objects.all()) for word in WORDS] == [[photo.pk] for photo in photos]
    assert list(select(Photo.objects.all(), owner, "a green")) == [photos[1]]
    assert photos[1].pk not in set(select(Photo.objects.all(), owner, "red").values_list("pk", flat=True))
    assert [photos[2].pk] in ranked_lists(find(Photo.objects.all(), owner, parse("blue")), owner)


def test_what_is_left_out_is_left_out_by_its_words_alone(photos, owner):
    assert select(Photo.objects.all(), owner, "-red").count() == 3


def test_only_the_users_own_and_shared_photos_are_found(photos, stranger):
    assert not select(Photo.objects.filter(owner=stranger), stranger, "red").exists()


def test_again_makes_no_second_row_and_another_model_other_rows(photos, model):
    similarity.embed_for_words([photo.pk for photo in photos])
    assert Embedding.objects.filter(kind="clip").count() == 3
    before = clip.model_name()
    (model / "onnx/vision_model.onnx").open("ab").write(b"\0")
    assert clip.model_name() != before


@pytest.mark.parametrize("gone", ["onnx/vision_model.onnx", "onnx/text_model.onnx", "tokenizer.json"])
def test_missing_weights_are_reported_and_words_still_match(photos, model, owner, gone):
    (model / gone).unlink()
    clip_search._vector.cache_clear()
    assert gone.rpartition("/")[2] in clip.problem()
    assert not select(Photo.objects.all(), owner, "green").exists()


@pytest.mark.parametrize("name", ["preprocessor_config.json", "tokenizer.json", "config.json"])
def test_a_damaged_file_stops_no_page(photos, model, owner, client, name):
    """It was whole when the model was found ready."""
    assert clip_search.is_ready()
    (model / name).write_text("{")
    for cached in (clip._json, clip._tokens, clip_search._vector):
        cached.cache_clear()
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    client.force_login(owner)
    assert client.get("/search/", {"q": "a green house"}).status_code == 200
    assert client.get("/search/", {"q": f"like:{photos[0].key} green"}).status_code == 200
    assert f"MIRAGE_CLIP: {name}" in client.get(reverse("operations:dashboard")).content.decode()
    assert clip_search.is_ready() == (name == "preprocessor_config.json")  # texts are read as before


def test_it_is_off_without_a_folder(settings, make_photo):
    assert not clip.is_on()
    assert clip_search.find("red", Photo.objects.all()) == []
    make_photo()


def test_until_it_knows_nearly_all_photos_searches_go_on_without_it(photos, add, model):
    """A model that was just named: the maps answer until the background is through."""
    assert clip_search.is_ready()
    cache.clear()
    for photo in (*photos, add("#fff")):
        Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=b"\0\0" * 384)
    assert not clip_search.is_ready()  # three of four
    assert similarity.embed_for_words([Photo.objects.latest("pk").pk]) == {}
    assert not clip_search.is_ready()  # remembered for a minute
    cache.clear()
    assert clip_search.is_ready()


def test_another_model_embeds_all_again_and_then_the_old_vectors_go(photos, model, monkeypatch):
    stage = Stage("clip", "photos.pipeline.similarity.embed_for_words", "idle", "Matching", "thumbnails")
    monkeypatch.setitem(pipeline.STAGES._entries, "clip", stage)
    for photo in photos:
        StageRun.objects.create(photo=photo, stage="thumbnails", status=StageRun.Status.DONE)
        StageRun.objects.create(photo=photo, stage="clip", status=StageRun.Status.DONE)
    assert clip_search.keep_up() == 0
    renamed = model.rename(model.with_name("another"))
    with override_settings(MIRAGE_CLIP=str(renamed)):
        assert not clip_search.is_ready()
        assert clip_search.keep_up() == 3
        assert Embedding.objects.filter(model__startswith="tiny-clip").count() == 3  # kept until the new one answers
        pipeline.drain()
        cache.clear()
        assert clip_search.is_ready()
        assert clip_search.keep_up() == 0
        assert set(Embedding.objects.values_list("model", flat=True)) == {clip.model_name()}


def test_without_a_model_nothing_is_kept_up(settings, make_photo):
    make_photo()
    assert not clip_search.is_ready()
    assert clip_search.keep_up() == 0
