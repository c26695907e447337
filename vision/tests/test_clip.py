"""A model that the user supplies: what of it is missing, how it sees, and the vectors it makes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pytest_django import Settings

from vision import clip, clip_tokens
from vision.clip import Seeing, UnusableClip
from vision.clip_tokens import Tokens
from vision.tests import tiny_clip
from vision.tests.tiny_clip import PARTS, WORDS


@pytest.fixture
def model(tmp_path: Path, settings: Settings) -> Path:
    folder = tiny_clip.make(tmp_path / "tiny-clip")
    settings.MIRAGE_CLIP = str(folder)
    for cached in (clip._json, clip._tokens):
        cached.cache_clear()
    return folder


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


def test_it_is_on_where_a_folder_is_named(settings: Settings, model: Path) -> None:
    assert clip.is_on()
    assert clip.folder() == model
    settings.MIRAGE_CLIP = ""
    assert not clip.is_on()


def test_a_whole_folder_has_no_problem(model: Path) -> None:
    assert clip.problem() == ""
    assert clip.dimension() == 3
    assert clip.model_name() == f"tiny-clip:{(model / 'onnx/vision_model.onnx').stat().st_size}"


@pytest.mark.parametrize("name", ["text_model.onnx", "text_model_quantized.onnx", "text_model_fp16.onnx"])
@pytest.mark.parametrize("place", ["", "onnx"])
def test_where_a_part_may_lie_and_what_it_may_be_called(model: Path, name: str, place: str) -> None:
    target = model / place / name
    (model / "onnx/text_model.onnx").rename(target)
    assert clip.file_of("text_model") == target


def test_a_model_without_vectors_of_texts_is_refused(model: Path) -> None:
    (model / "onnx/text_model.onnx").write_bytes((model / "onnx/vision_model.onnx").read_bytes())
    assert "no output text_embeds" in clip.problem()
    with pytest.raises(UnusableClip):
        clip.dimension()


@pytest.mark.parametrize(
    ("told", "seeing"),
    [
        ({}, Seeing()),
        ({"crop_size": {"height": 8, "width": 8}}, Seeing(8)),
        ({"size": {"shortest_edge": 16}}, Seeing(16)),
        ({"crop_size": 32}, Seeing(32)),
        ({"image_mean": [0, 0, 0], "image_std": [1, 1, 1]}, Seeing(224, (0, 0, 0), (1, 1, 1))),
    ],
)
def test_how_pictures_are_to_be_laid_before_it(model: Path, told: dict[str, Any], seeing: Seeing) -> None:
    (model / "preprocessor_config.json").write_text(json.dumps(told))
    assert clip.seeing() == seeing


def test_without_that_file_they_are_laid_as_clips_own(model: Path) -> None:
    (model / "preprocessor_config.json").unlink()
    assert clip.seeing() == Seeing()


@pytest.mark.parametrize("size", [(60, 20), (20, 60), (8, 8), (3, 500)])
def test_every_picture_becomes_a_square(size: tuple[int, int]) -> None:
    how = Seeing(8, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    seen = clip.prepare(Image.new("L", size, 255), how)
    assert seen.shape == (3, 8, 8)
    assert seen.dtype == np.float32
    assert seen == pytest.approx(np.ones((3, 8, 8)), abs=1e-5)


def test_a_word_is_like_the_picture_it_names(model: Path) -> None:
    pictures = clip.of_pictures([Image.new("RGB", (20, 20), colour) for colour in ("#f00", "#0f0", "#00f")])
    texts = np.stack([clip.of_text(word) for word in WORDS])
    assert np.linalg.norm(pictures, axis=1) == pytest.approx(np.ones(3))
    assert texts @ pictures.T == pytest.approx(np.eye(3), abs=1e-3)


def test_more_pictures_than_go_in_at_once(model: Path) -> None:
    many = [Image.new("RGB", (9, 9), (value, 10, 10)) for value in range(100, 100 + 2 * clip.AT_ONCE + 1)]
    one_by_one = np.concatenate([clip.of_pictures([image]) for image in many])
    assert clip.of_pictures(many) == pytest.approx(one_by_one, abs=1e-6)
    assert clip.of_pictures([]).shape == (0, 3)


@pytest.mark.parametrize("words", ["pairs", "pieces"])
def test_a_model_in_immichs_cache_is_read(tmp_path: Path, settings: Settings, words: str) -> None:
    folder = tiny_clip.make_immich(tmp_path / "clip/ViT-B-32__openai", words)
    settings.MIRAGE_CLIP = str(folder)
    assert clip.problem() == ""
    assert clip.told().startswith("ViT-B-32__openai, from Immich’s model cache: pictures of 8 pixels, ")
    assert clip.dimension() == 3
    assert clip.seeing() == Seeing(8, (0, 0, 0), (1, 1, 1), squeezed=words == "pieces")
    pictures = clip.of_pictures([Image.new("RGB", (20, 20), colour) for colour in ("#f00", "#0f0", "#00f")])
    texts = np.stack([clip.of_text(f"{word.title()} ") for word in WORDS])
    assert (texts @ pictures.T).argmax(axis=1).tolist() == [0, 1, 2]
    if words == "pieces":
        assert (pictures @ clip.of_text("rot!")).argmax() == 0  # in another language


def test_the_only_model_of_a_cache_is_found_and_several_are_not_guessed(tmp_path: Path, settings: Settings) -> None:
    cache = tmp_path / "clip"
    first = tiny_clip.make_immich(cache / "one")
    settings.MIRAGE_CLIP = str(cache)
    assert clip.folder() == first
    tiny_clip.make_immich(cache / "two")
    assert clip.folder() == cache
    assert "there is no vision_model.onnx or visual/model.onnx" in clip.problem()


def test_texts_are_of_one_length_where_the_model_wants_that(tmp_path: Path, settings: Settings) -> None:
    settings.MIRAGE_CLIP = str(tiny_clip.make_immich(tmp_path / "pieces", "pieces", longest=6))
    ids, attended = clip.tokenised("red", clip.reading())
    assert ids.tolist() == [[0, 4, 2, 1, 1, 1]]
    assert attended.tolist() == [[1, 1, 1, 0, 0, 0]]
    ids, _ = clip.tokenised("red " * 30, clip.reading())
    assert ids.tolist() == [[0, 4, 4, 4, 4, 2]]


def test_siglip_as_hugging_face_has_it(model: Path) -> None:
    """Its vectors are called pooler_output, texts have 64 tokens and pictures are squeezed."""
    (model / "config.json").write_text(json.dumps({"model_type": "siglip"}))
    (model / "preprocessor_config.json").write_text(
        json.dumps({"size": {"height": 8, "width": 8}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3})
    )
    assert clip.reading() == clip.Reading(64, 0, plain=True)
    assert clip.seeing() == Seeing(8, (0.5,) * 3, (0.5,) * 3, squeezed=True)


def test_a_file_that_is_no_model_is_told(model: Path) -> None:
    (model / "onnx/text_model.onnx").write_bytes(b"<html>")
    assert "text_model.onnx cannot be loaded" in clip.problem()


BROKEN = [
    *(("preprocessor_config.json", text) for text in ("{", "[1]", '{"size": {"height": "x"}}', '{"crop_size": [8]}')),
    *(("preprocessor_config.json", text) for text in ('{"image_mean": [0]}', '{"image_std": [0, 1, 1]}')),
    *(("preprocessor_config.json", text) for text in ('{"size": -8}', '{"size": 100000}', "\udcff")),
    *(("tokenizer.json", text) for text in ("{", "[]", '{"model": 3}', '{"model": {"vocab": []}}', "null")),
    *(("config.json", text) for text in ("{", '{"text_config": 3}', '{"model_type": "siglip", "text_config": []}')),
    ("tokenizer_config.json", "not found"),
]


@pytest.mark.parametrize(("name", "text"), BROKEN)
def test_a_damaged_file_is_told(model: Path, name: str, text: str) -> None:
    (model / name).write_text(text, errors="surrogateescape")
    assert clip.problem().startswith("MIRAGE_CLIP: ")
    assert name in clip.problem()


def test_a_model_that_does_not_take_the_tokens_is_told(model: Path) -> None:
    """Its table is shorter than the vocabulary says."""
    told = json.loads((model / "tokenizer.json").read_text())
    told["model"]["vocab"][clip_tokens.END] = 4_000
    (model / "tokenizer.json").write_text(json.dumps(told))
    assert "text_model.onnx cannot be used" in clip.problem()


@pytest.mark.parametrize(
    ("name", "text"), [("visual/preprocess_cfg.json", '{"size": []}'), ("config.json", '{"text_cfg": 5}')]
)
def test_a_damaged_file_of_immichs_is_told(tmp_path: Path, settings: Settings, name: str, text: str) -> None:
    folder = tiny_clip.make_immich(tmp_path / "clip/ViT")
    settings.MIRAGE_CLIP = str(folder)
    (folder / name).write_text(text)
    assert Path(name).name in clip.problem()


def test_a_squeezed_picture_is_seen_whole() -> None:
    wide = Image.new("RGB", (60, 20), "red")
    wide.paste(Image.new("RGB", (20, 20), "blue"), (40, 0))
    seen = clip.prepare(wide, Seeing(9, (0, 0, 0), (1, 1, 1), squeezed=True))
    assert seen[0, 4, 1] == pytest.approx(1, abs=0.01)
    assert seen[2, 4, 8] == pytest.approx(1, abs=0.01)
