"""Fetching a CLIP of somebody's own: only what was listed, only with the right sum, and whole or not at all."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from mirage.runtime import fetching_clip
from mirage.runtime.fetching import CannotFetch

FILES = {"visual/model.onnx": b"sees", "textual/model.onnx": b"reads", "config.json": b"{}"}


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = tmp_path / "ViT-B-32__openai"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in FILES.items()]
    (folder / "SHA256SUMS").write_text("".join(lines))
    (folder / "not listed").write_bytes(b"x")
    return folder


@pytest.fixture
def address(origin: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(origin.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{origin.name}"
    server.shutdown()


def placed(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_from_a_folder(origin: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert fetching_clip.fetch(str(origin), None, models) == models / "clip/ViT-B-32__openai"
    assert placed(models / "clip/ViT-B-32__openai") == FILES
    assert fetching_clip.fetch(str(origin), None, models)  # again


def test_from_an_address(origin: Path, address: str, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert placed(fetching_clip.fetch(address, origin / "SHA256SUMS", models)) == FILES
    with pytest.raises(CannotFetch, match="could not be fetched"):
        fetching_clip.fetch(f"{address}x", origin / "SHA256SUMS", models)


def test_a_file_that_differs_is_refused_and_what_was_there_stays(origin: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    fetching_clip.fetch(str(origin), None, models)
    (origin / "textual/model.onnx").write_bytes(b"another")
    with pytest.raises(CannotFetch, match=r"textual/model.onnx is not the file"):
        fetching_clip.fetch(str(origin), None, models)
    assert placed(models / "clip/ViT-B-32__openai") == FILES


@pytest.mark.parametrize("line", [f"{'0' * 64}  ../escaped", f"{'0' * 64}  /etc/passwd", "nonsense", "", "\n"])
def test_lists_that_are_none(origin: Path, tmp_path: Path, line: str) -> None:
    (origin / "SHA256SUMS").write_text(line)
    with pytest.raises(CannotFetch):
        fetching_clip.fetch(str(origin), None, tmp_path / "models")


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://huggingface.co/immich-app/ViT-B-32__openai/resolve/main", "ViT-B-32__openai"),
        ("https://example.org/a%20b/", "a-20b"),
        ("/srv/models/siglip", "siglip"),
        ("https://example.org/", "model"),
        ("https://example.org/..", "model"),
    ],
)
def test_what_it_is_called(origin: str, name: str) -> None:
    assert fetching_clip.name_of(origin) == name


@pytest.mark.parametrize("origin", [".", "../siglip"])
def test_a_folder_here_is_called_by_its_name(origin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, the folder of all models would be replaced."""
    (tmp_path / "siglip").mkdir()
    monkeypatch.chdir(tmp_path / "siglip")
    assert fetching_clip.name_of(origin) == "siglip"


def test_the_command_says_how_to_switch_it_on(
    origin: Path, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MIRAGE_MODELS = tmp_path / "models"
    call_command("fetch_models", "clip", origin=str(origin))
    assert f"MIRAGE_CLIP={tmp_path}/models/clip/ViT-B-32__openai" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Say where"):
        call_command("fetch_models", "clip")
    with pytest.raises(CommandError, match="Say which files"):
        call_command("fetch_models", "clip", origin="https://example.org/model")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("fetch_models", "clip", origin="https://example.org/model", sums=tmp_path / "none")
