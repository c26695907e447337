"""The second reader of containers: what it adds, and that it may fail, hang and lie."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from media.metadata.fields import Layer, Metadata
from media.metadata.formats import hachoir
from media.metadata.reading import read
from media.sandbox import Sandbox

WORDS = {"title": "Ferien", "artist": "Oma", "copyright": "© Oma", "comment": "Am Meer"}
CODECS = {"avi": "mpeg4", "wmv": "wmv2", "flv": "flv", "ogv": "libtheora", "rm": "rv10", "mkv": "mpeg4"}
MIMES = {
    "avi": "video/x-msvideo",
    "wmv": "video/x-ms-wmv",
    "flv": "video/x-flv",
    "ogv": "video/ogg",
    "rm": "video/vnd.rn-realvideo",
    "mkv": "video/x-matroska",
}


@pytest.fixture
def make_old(tmp_path: Path) -> Callable[..., Path]:
    """`make_old("wmv", title="…")`: half a second in an old container."""

    def make(extension: str, **metadata: str) -> Path:
        path = tmp_path / f"a.{extension}"
        with av.open(str(path), "w", format={"ogv": "ogg", "wmv": "asf"}.get(extension)) as container:
            container.metadata.update(metadata)
            stream = container.add_stream(CODECS[extension], rate=25)
            stream.width, stream.height, stream.pix_fmt = 176, 144, "yuv420p"
            for _ in range(12):
                picture = np.full((144, 176, 3), 128, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            container.mux(stream.encode())
        return path

    return make


@pytest.fixture
def make_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a shell script take the place of hachoir."""

    def make(script: str) -> None:
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(hachoir, "PROGRAM", program)

    return make


def added(path: Path, mime: str = "video/x-msvideo") -> Layer:
    layer = Layer("container")
    hachoir.add_to(layer, path, mime)
    return layer


@pytest.mark.parametrize("extension", ["avi", "wmv", "rm"])
def test_words_of_old_containers(make_old: Callable[..., Path], extension: str) -> None:
    found = read(make_old(extension, **WORDS, author="Oma"), MIMES[extension])
    assert (found.title, found.author, found.copyright) == ("Ferien", "Oma", "© Oma")
    assert found.description == ("Am Meer" if extension != "wmv" else None)
    assert (found.width, found.height) == (176, 144)


@pytest.mark.parametrize("extension", ["avi", "wmv", "flv", "rm", "ogv"])
def test_what_hachoir_says_is_told_apart(make_old: Callable[..., Path], extension: str) -> None:
    found = read(make_old(extension), MIMES[extension])
    assert any(name.startswith("Hachoir.") for name in found.raw)
    assert found.notes == []


def test_a_file_that_ffmpeg_cannot_open(make_old: Callable[..., Path]) -> None:
    path = make_old("mkv", title="Ferien")
    path.write_bytes(path.read_bytes()[:700])
    found = read(path, MIMES["mkv"])
    if not any("could not be opened" in note for note in found.notes):
        pytest.skip("this FFmpeg opens it")
    assert (found.width, found.height) == (176, 144)


@pytest.mark.parametrize(
    "content", [b"MThd\0\0\0\x06\0\1\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0", b"\0" * 5000, b"", b"PK\3\4"]
)
def test_strays_add_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stray.avi"
    path.write_bytes(content)
    assert added(path).fields == {}


def test_another_type_than_the_file_is_known_as_is_refused(make_old: Callable[..., Path]) -> None:
    path = make_old("avi", title="Ferien")
    assert added(path).fields["title"] == "Ferien"
    assert added(path, "video/x-flv").fields == {}
    assert added(path, "video/mp2t").fields == {}


def printed(*lines: str) -> str:
    return "cat <<'END'\nCommon:\n" + "\n".join(f"- {line}" for line in lines) + "\nEND"


@pytest.mark.parametrize(
    ("value", "mime", "local", "instant", "precision"),
    [
        ("2003-03-10 15:04:43", "video/x-msvideo", datetime(2003, 3, 10, 15, 4, 43), None, "time"),
        ("2003-03-10", "video/x-msvideo", datetime(2003, 3, 10), None, "day"),
        ("2005-01-01", "video/x-msvideo", datetime(2005, 1, 1), None, "year"),
        ("2003-06-16 07:57:23.5", "video/x-ms-wmv", None, datetime(2003, 6, 16, 7, 57, 23, 500_000, UTC), "time"),
    ],
)
def test_dates(
    tmp_path: Path,
    make_program: Callable[[str], None],
    value: str,
    mime: str,
    local: datetime | None,
    instant: datetime | None,
    precision: str,
) -> None:
    make_program(printed(f"creation_date: {value}", f"mime_type: {mime}"))
    (moment,) = added(tmp_path, mime).moments
    assert (moment.local, moment.instant, moment.precision) == (local, instant, precision)


def test_its_own_remarks_are_no_description_and_what_is_known_stays(
    tmp_path: Path, make_program: Callable[[str], None]
) -> None:
    remarks = ("Has audio/video index (40 bytes)", "Is seekable", "Genre=Photo Story", "Am Meer")
    lines = [f"comment: {remark}" for remark in remarks]
    make_program(printed("mime_type: video/x-msvideo", "title: New", "duration: 1 day, 0:00:01.5", "width: x", *lines))
    layer = Layer("container", {"title": "Old"})
    hachoir.add_to(layer, tmp_path, "video/x-msvideo")
    assert layer.fields == {"title": "Old", "duration": 86401.5, "description": "Am Meer"}


@pytest.mark.parametrize("script", ["exit 3", "kill -SEGV $$", "echo nonsense", "printf '\\xff\\xfe'", ""])
def test_a_program_that_fails_adds_nothing(tmp_path: Path, make_program: Callable[[str], None], script: str) -> None:
    make_program(script)
    assert (added(tmp_path).fields, added(tmp_path).moments) == ({}, [])


def test_a_program_that_is_not_there_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hachoir, "PROGRAM", tmp_path / "none")
    assert added(tmp_path).notes[0].startswith("hachoir: FileNotFoundError")


def test_a_program_that_hangs_or_never_ends_is_ended(
    tmp_path: Path, make_program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hachoir, "SECONDS", 1.0)
    make_program(f"echo $$ > {tmp_path}/pid; exec sleep 600")
    added(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    make_program("exec yes '- title: much'")
    assert added(tmp_path).fields == {}


def test_it_has_limits_and_nothing_of_our_environment(
    tmp_path: Path, make_program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIRAGE_SECRET", "secret")
    make_program(
        "echo 'Common:'; echo '- mime_type: video/x-msvideo'; "
        'echo "- title: $(ulimit -v) $(ulimit -t) $MIRAGE_SECRET."'
    )
    assert added(tmp_path).fields["title"] == f"{hachoir.MEMORY // 1024} 10 ."


def test_it_ends_with_the_sandbox(tmp_path: Path) -> None:
    """A child that is killed takes along what it has started."""
    with Sandbox() as sandbox:
        found: Metadata = sandbox.call("media.metadata.reading:read", Path(__file__), "video/x-msvideo")
        assert found.raw == {}
    pid = tmp_path / "pid"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 600\n")
    program.chmod(0o755)
    process = os.fork()
    if process == 0:
        hachoir.PROGRAM = program
        added(tmp_path)
        os._exit(0)
    while not pid.exists():
        time.sleep(0.01)
    os.kill(process, 9)
    os.waitpid(process, 0)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{pid.read_text().strip()}/cmdline").exists():
        if not Path(f"/proc/{pid.read_text().strip()}/cmdline").read_bytes():
            break  # ended, and not yet waited for
        time.sleep(0.01)
    assert time.monotonic() < deadline
