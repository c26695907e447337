"""The second reader of containers: what it adds, and that it may fail, hang or lie."""

import os
import signal
import struct
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
CODECS = {"avi": "mpeg4", "wmv": "wmv2", "flv": "flv", "rm": "rv10", "mkv": "mpeg4"}
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
        with av.open(str(path), "w", format={"wmv": "asf"}.get(extension)) as container:
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
        monkeypatch.setattr(hachoir, "COMMAND", ("/bin/sh", "-c", script))

    return make


def added(path: Path, mime: str = "video/x-msvideo") -> Layer:
    layer = Layer("container")
    hachoir.add_to(layer, path, mime)
    return layer


@pytest.mark.parametrize("extension", ["avi", "wmv", "rm", "flv"])
def test_words_of_old_containers(make_old: Callable[..., Path], extension: str) -> None:
    found = read(make_old(extension, **WORDS, author="Oma"), MIMES[extension])
    assert (found.title, found.author, found.copyright) == ("Ferien", "Oma", "© Oma")
    assert found.description == "Am Meer"
    assert (found.width, found.height) == (176, 144)


@pytest.mark.parametrize("extension", ["avi", "wmv", "flv", "rm"])
def test_hachoirs_output_is_parsed(make_old: Callable[..., Path], extension: str) -> None:
    found = read(make_old(extension), MIMES[extension])
    assert any(name.startswith("Hachoir.") for name in found.raw)
    assert found.notes == []


def ogg_page(number: int, packet: bytes) -> bytes:
    """A page of one packet of less than 255 bytes."""

    def page(checksum: int) -> bytes:
        first = 2 if number == 0 else 0
        return struct.pack("<4sBBqIIIBB", b"OggS", 0, first, 0, 1, number, checksum, 1, len(packet)) + packet

    checksum = 0
    for byte in page(0):
        checksum ^= byte << 24
        for _ in range(8):
            checksum = (checksum << 1 ^ (0x04C11DB7 if checksum >> 31 else 0)) & 0xFFFFFFFF
    return page(checksum)


def test_words_and_size_of_ogg(tmp_path: Path) -> None:
    theora = bytes([3, 2, 1]) + struct.pack(">HH", 11, 9) + bytes([0, 0, 176, 0, 0, 144, 0, 0])
    theora += struct.pack(">II", 25, 1) + bytes(12)
    words = [f"{name}={value}".encode() for name, value in {"TITLE": "Zürich", "ARTIST": "Oma"}.items()]
    comments = b"".join(struct.pack("<I", len(word)) + word for word in [b"Xiph"])
    comments += struct.pack("<I", len(words)) + b"".join(struct.pack("<I", len(word)) + word for word in words)
    path = tmp_path / "a.ogv"
    path.write_bytes(ogg_page(0, b"\x80theora" + theora) + ogg_page(1, b"\x81theora" + comments))
    fields = added(path, "video/ogg").fields
    assert (fields["title"], fields["author"]) == ("Zürich", "Oma")
    assert (fields["width"], fields["height"]) == (176, 144)


@pytest.mark.parametrize(("extension", "length"), [("mkv", 700), ("wmv", 900), ("rm", 400)])
def test_a_file_that_ffmpeg_cannot_open(
    make_old: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, extension: str, length: int
) -> None:
    """Its beginning is enough for hachoir."""
    path = make_old(extension, **WORDS)
    path.write_bytes(path.read_bytes()[:length])

    def refuse(*_: object, **__: object) -> None:
        raise av.error.InvalidDataError(1, "damaged")

    monkeypatch.setattr(av, "open", refuse)
    found = read(path, MIMES[extension])
    assert found.notes == ["video could not be opened: damaged"]
    if extension == "rm":
        assert (found.title, found.copyright, found.description) == ("Ferien", "© Oma", "Am Meer")
    else:
        assert (found.width, found.height) == (176, 144)


@pytest.mark.parametrize(
    "content", [b"MThd\0\0\0\x06\0\1\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0", b"\0" * 5000, b"", b"PK\3\4"]
)
def test_strays_add_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stray.avi"
    path.write_bytes(content)
    assert added(path).fields == {}


def test_output_for_another_type_is_ignored(make_old: Callable[..., Path]) -> None:
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


@pytest.mark.parametrize(
    ("value", "mime"),
    [
        ("1970-01-01 00:00:00", "video/x-ms-wmv"),
        ("1601-01-01 00:00:00", "video/x-ms-wmv"),
        ("1904-01-01 00:00:00", "video/quicktime"),
        ("2007-04-28 06:47:11", "video/x-flv"),
        ("yesterday", "video/x-msvideo"),
    ],
)
def test_no_dates(tmp_path: Path, make_program: Callable[[str], None], value: str, mime: str) -> None:
    told = next(iter(hachoir.TYPES[mime]))
    make_program(printed(f"creation_date: {value}", f"mime_type: {told}"))
    assert added(tmp_path, mime).moments == []


def test_latin_words_are_utf8_where_they_can_be(tmp_path: Path, make_program: Callable[[str], None]) -> None:
    lines = ("mime_type: video/x-msvideo", "title: Z\u00c3\u00bcrich", "artist: M\u00f6we", "copyright: \u4e1c")
    make_program(printed(*lines))
    fields = added(tmp_path).fields
    assert (fields["title"], fields["author"], fields["copyright"]) == ("Zürich", "Möwe", "东")


def test_attributes_of_asf_are_no_description(tmp_path: Path, make_program: Callable[[str], None]) -> None:
    lines = (
        "mime_type: video/x-ms-wmv",
        "comment: Genre=Story",
        "comment: Description=Am Meer",
        "comment: Is seekable",
    )
    make_program(printed(*lines))
    assert added(tmp_path, "video/x-ms-wmv").fields == {"description": "Am Meer"}


def test_its_own_remarks_are_no_description_and_what_is_known_stays(
    tmp_path: Path, make_program: Callable[[str], None]
) -> None:
    remarks = ("Has audio/video index (40 bytes)", "Is seekable", "Am Meer", "E=mc²")
    lines = [f"comment: {remark}" for remark in remarks]
    make_program(printed("mime_type: video/x-msvideo", "title: New", "duration: 1 day, 0:00:01.5", "width: x", *lines))
    layer = Layer("container", {"title": "Old"})
    hachoir.add_to(layer, tmp_path, "video/x-msvideo")
    assert layer.fields == {"title": "Old", "duration": 86401.5, "description": "Am Meer\nE=mc²"}


@pytest.mark.parametrize("script", ["exit 3", "kill -SEGV $$", "echo nonsense", "printf '\\xff\\xfe'", ""])
def test_a_program_that_fails_adds_nothing(tmp_path: Path, make_program: Callable[[str], None], script: str) -> None:
    make_program(script)
    assert (added(tmp_path).fields, added(tmp_path).moments) == ({}, [])


def test_a_program_that_is_not_there_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hachoir, "COMMAND", (str(tmp_path / "none"),))
    assert added(tmp_path).notes[0].startswith("hachoir: FileNotFoundError")


def listen(path: Path) -> int:
    """A pipe at this path: the program may not write files."""
    os.mkfifo(path)
    return os.open(path, os.O_RDWR)


def test_a_program_that_hangs_or_never_ends_is_ended(
    tmp_path: Path, make_program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hachoir, "SECONDS", 1.0)
    pipe = listen(tmp_path / "pid")
    make_program(f"echo $$ > {tmp_path}/pid; exec sleep 600")
    added(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(int(os.read(pipe, 20)), 0)
    os.close(pipe)
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
    """A child that is killed takes the program along."""
    with Sandbox() as sandbox:
        found: Metadata = sandbox.call("media.metadata.reading:read", Path(__file__), "video/x-msvideo")
        assert found.raw == {}
    pipe = listen(tmp_path / "pid")
    process = os.fork()
    if process == 0:
        hachoir.COMMAND = ("/bin/sh", "-c", f"echo $$ > {tmp_path}/pid; exec sleep 600")
        added(tmp_path)
        os._exit(0)
    program = Path("/proc", os.read(pipe, 20).decode().strip(), "cmdline")
    os.close(pipe)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    deadline = time.monotonic() + 60
    while program.exists() and program.read_bytes():  # nothing in it: ended, and not yet waited for
        assert time.monotonic() < deadline
        time.sleep(0.01)
