"""Free text over pictures with a model that the user supplies: here a tiny one, made on the spot, that sees colours."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from photos.gallery import clip_search
from photos.models import Embedding, Photo
from photos.pipeline import similarity
from photos.storage import paths
from search.compile import select
from search.language.grammar import parse
from search.ranking import ranked_lists
from vision import clip
from vision.clip_tokens import END, START, Tokens

WORDS = ["red", "green", "blue"]
MERGES = ["r e", "re d</w>", "g re", "e n</w>", "gre en</w>", "b l", "bl u", "blu e</w>"]
PARTS = [START, END, "red</w>", "green</w>", "blue</w>", "r", "e", "d</w>", "re", "g", "gre", "n</w>", "en</w>"]


def save(path, nodes, given, wanted, weights=()):
    shape = [helper.make_tensor_value_info(name, kind, dims) for name, kind, dims in (given, wanted)]
    graph = helper.make_graph(nodes, "tiny", shape[:1], shape[1:], list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


@pytest.fixture
def model(tmp_path, settings):
    """A folder as Hugging Face's exports have it. A picture is its mean colour, a word the colour it names."""
    folder = tmp_path / "tiny-clip"
    (folder / "onnx").mkdir(parents=True)
    mean = helper.make_node("ReduceMean", ["pixel_values"], ["image_embeds"], axes=[2, 3], keepdims=0)
    pixels = ("pixel_values", TensorProto.FLOAT, ["n", 3, 8, 8])
    save(folder / "onnx/vision_model.onnx", [mean], pixels, ("image_embeds", TensorProto.FLOAT, ["n", 3]))
    table = np.zeros((len(PARTS), 3), np.float32)
    for place, word in enumerate(WORDS):
        table[PARTS.index(f"{word}</w>"), place] = 1
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["text_embeds"], axes=[1], keepdims=0),
    ]
    ids = ("input_ids", TensorProto.INT64, ["n", "length"])
    out = ("text_embeds", TensorProto.FLOAT, ["n", 3])
    save(folder / "onnx/text_model.onnx", nodes, ids, out, [numpy_helper.from_array(table, "table")])
    vocab = {part: number for number, part in enumerate(PARTS)}
    tokenizer = {"model": {"type": "BPE", "vocab": vocab, "merges": MERGES}}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    how = {"crop_size": {"height": 8, "width": 8}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(how))
    settings.MIRAGE_CLIP = str(folder)
    clip_search._vector.cache_clear()
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
    assert list(select(Photo.objects.all(), owner, '"a green"')) == [photos[1]]
    assert photos[1].pk not in set(select(Photo.objects.all(), owner, "red").values_list("pk", flat=True))
    assert [photos[2].pk] in ranked_lists(parse("blue"), owner)


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
def test_what_is_missing_is_said_and_words_go_on_finding_words(photos, model, owner, gone):
    (model / gone).unlink()
    clip_search._vector.cache_clear()
    assert gone.rpartition("/")[2] in clip.problem()
    assert not select(Photo.objects.all(), owner, "green").exists()


def test_it_is_off_without_a_folder(settings, make_photo):
    assert not clip.is_on()
    assert clip_search.find("red", Photo.objects.all()) == []
    make_photo()


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_words_become_byte_pairs(model):
    tokens = Tokens.read(model / "tokenizer.json")
    assert tokens.ids("Red  green") == [0, PARTS.index("red</w>"), PARTS.index("green</w>"), 1]
    assert tokens.joined("gred") == ["g", "red</w>"]
    assert tokens.ids("") == [0, 1]
    assert len(tokens.ids("red " * 200)) == 77
    assert tokens.ids("🐶 ü \x00") == [0, 1]


def test_a_tokenizer_of_another_kind_is_refused(model):
    (model / "tokenizer.json").write_text(json.dumps({"model": {"type": "Unigram", "vocab": [], "merges": []}}))
    clip._tokens.cache_clear()
    assert "byte pairs" in clip.problem()


def test_the_middle_of_a_picture_is_seen():
    wide = Image.new("RGB", (60, 20), "red")
    wide.paste(Image.new("RGB", (20, 20), "blue"), (20, 0))
    seen = clip.prepare(wide, clip.Seeing(8, (0, 0, 0), (1, 1, 1)))
    assert seen.shape == (3, 8, 8)
    assert seen[2, 4, 4] == pytest.approx(1, abs=0.01)
    assert seen[0, 4, 4] == pytest.approx(0, abs=0.01)
