"""Zips that are written while they are sent."""

import io
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.storage import zipstream
from photos.storage.zipstream import Entry, SourceChanged, length, stream, unique_names

WHEN = datetime(2024, 5, 6, 7, 8, 10, tzinfo=UTC)


def entry(name: str, content: bytes = b"x", wall_clock: datetime = WHEN) -> Entry:
    return Entry(name, content, len(content), wall_clock, WHEN)


def test_names_contents_and_dates_come_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a" * (zipstream.BLOCK + 1))
    from_file = Entry("Größe.jpg", tmp_path / "a", zipstream.BLOCK + 1, WHEN, WHEN)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(stream([from_file, entry("b.jpg")]))))
    assert archive.testzip() is None
    assert archive.namelist() == ["Größe.jpg", "b.jpg"]
    assert archive.read("Größe.jpg") == b"a" * (zipstream.BLOCK + 1)
    info = archive.getinfo("Größe.jpg")
    assert info.date_time == (2024, 5, 6, 7, 8, 10)
    assert info.compress_type == zipfile.ZIP_STORED
    assert struct.unpack("<HHBi", info.extra)[3] == WHEN.timestamp()


def test_dates_outside_the_zips_clock() -> None:
    old = entry("old", wall_clock=datetime(1899, 1, 1, tzinfo=UTC))
    assert zipfile.ZipFile(io.BytesIO(b"".join(stream([old])))).getinfo("old").date_time[0] == 1980


@given(
    st.lists(
        st.tuples(st.text(min_size=1).filter(lambda t: "\0" not in t and t.isprintable()), st.binary()),
        unique_by=lambda file: file[0],
    )
)
def test_length_is_known_beforehand(files: list[tuple[str, bytes]]) -> None:
    entries = [entry(name, content) for (name, content) in files]
    assert length(entries) == sum(len(block) for block in stream(entries))


def test_length_beyond_zip64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the limits brought down to where a test can reach them: large members, far members, a far directory."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 3000)
    monkeypatch.setattr(zipstream, "ZIP64_FROM", int(3000 / 1.05))
    entries = [entry("small", b"s"), entry("between", b"m" * 2900), entry("large", b"l" * 5000), entry("far", b"f")]
    content = b"".join(stream(entries))
    assert length(entries) == len(content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 10)
    entries = [entry(f"{number}") for number in range(11)]
    assert length(entries) == len(b"".join(stream(entries)))


@pytest.mark.parametrize("size", [3, 5])
def test_a_file_that_changed_breaks_the_download(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    with pytest.raises(SourceChanged):
        list(stream([Entry("a", tmp_path / "a", size, WHEN, WHEN)]))


def test_no_block_is_large(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(20 * zipstream.BLOCK)
    blocks = stream([Entry("a", tmp_path / "a", 20 * zipstream.BLOCK, WHEN, WHEN)])
    assert max(len(block) for block in blocks) <= zipstream.BLOCK


def test_unique_names() -> None:
    assert unique_names(["a.jpg", "A.jpg", "a.jpg", "a (2).jpg", "b"]) == [
        "a.jpg",
        "A (2).jpg",
        "a (3).jpg",
        "a (2) (2).jpg",
        "b",
    ]
