"""Weights where DeepFace looks for them, and a model that lists too many inputs."""

from pathlib import Path

import pytest
from pytest_django import Settings

from vision import weights
from vision.faces import deepface_home
from vision.faces.deepface_home import MissingWeights, with_one_input
from vision.faces.onnx_bytes import as_varint


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    """The folder of weights that DeepFace reads; those that were fetched lie in `models` beside the data."""
    settings.MIRAGE_MODELS, settings.MIRAGE_DATA = tmp_path / "models", tmp_path / "data"
    settings.MIRAGE_MODELS.mkdir()
    return deepface_home.configuration().deepface / ".deepface" / "weights"


def fetch(settings: Settings, name: str, content: bytes = b"weights") -> Path:
    path: Path = settings.MIRAGE_MODELS / weights.by_name(name).placed_as
    path.write_bytes(content)
    return path


def test_weights_are_linked_under_the_name_that_deepface_asks_for(home: Path, settings: Settings) -> None:
    source = fetch(settings, "yunet-int8")
    assert deepface_home.place("yunet") == home.parent.parent
    (placed,) = home.iterdir()
    assert placed.name == "face_detection_yunet_2023mar.onnx"
    assert placed.resolve() == source


def test_existing_weights_stay(home: Path, settings: Settings) -> None:
    fetch(settings, "yunet-int8")
    deepface_home.place("yunet")
    (placed,) = home.iterdir()
    before = placed.lstat().st_ino
    (home / f".{placed.name}.123").write_bytes(b"half")  # of a process that was killed
    deepface_home.place("yunet")
    assert placed.lstat().st_ino == before


def test_the_int8_sface_is_written_with_one_input(home: Path, settings: Settings) -> None:
    graph = field(1, b"node") + field(11, b"data") + field(11, b"weight")
    source = fetch(settings, "sface-int8", field(7, graph))
    deepface_home.place("SFace")
    (placed,) = home.iterdir()
    assert not placed.is_symlink()
    assert placed.read_bytes() == field(7, field(1, b"node") + field(11, b"data"))
    assert source.read_bytes() == field(7, graph)  # which is only read


def test_weights_of_other_models_are_left_to_deepface(home: Path) -> None:
    assert deepface_home.place("ArcFace") == home.parent.parent
    assert list(home.iterdir()) == []


def test_missing_weights_are_reported(settings: Settings, tmp_path: Path) -> None:
    settings.MIRAGE_MODELS = settings.MIRAGE_DATA = tmp_path  # neither there, nor placed earlier
    with pytest.raises(
        MissingWeights, match=r"The model sface-int8 is missing\. `manage.py fetch_models` fetches it\."
    ):
        deepface_home.place("SFace")


def field(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2, len(body)]) + body


def test_a_graph_keeps_only_its_first_input_and_everything_else() -> None:
    graph = field(1, b"node") + field(11, b"data") + field(11, b"weight") + field(12, b"out") + bytes([13 << 3, 5])
    model = bytes([8, 6]) + field(7, graph) + field(8, b"opset")
    kept = field(1, b"node") + field(11, b"data") + field(12, b"out") + bytes([13 << 3, 5])
    assert with_one_input(model) == bytes([8, 6]) + field(7, kept) + field(8, b"opset")


def test_fields_of_every_kind_are_kept_as_they_are() -> None:
    long = b"x" * 300
    number, eight, four = bytes([2 << 3, 0xAC, 2]), bytes([3 << 3 | 1]) + bytes(8), bytes([4 << 3 | 5]) + bytes(4)
    text = bytes([5 << 3 | 2, 0xAC, 2]) + long
    assert with_one_input(number + eight + four + text) == number + eight + four + text


@pytest.mark.parametrize("size", [0, 127, 128, 300, 70_000])
def test_a_graph_of_any_length(size: int) -> None:
    node = b"x" * size
    inner = bytes([1 << 3 | 2]) + as_varint(size) + node
    graph = inner + field(11, b"data") + field(11, b"weight")
    kept = inner + field(11, b"data")

    def model(graph: bytes) -> bytes:
        return bytes([7 << 3 | 2]) + as_varint(len(graph)) + graph

    assert with_one_input(model(graph)) == model(kept)
