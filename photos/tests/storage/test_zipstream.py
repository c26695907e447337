"""Zips that are written while they are sent."""

import io
import shutil
import struct
import subprocess
import unicodedata
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.storage import zipstream
from photos.storage.zipstream import Entry, SourceChanged, Zip, unique_names

WHEN = datetime(2024, 5, 6, 7, 8, 10, tzinfo=UTC)


def entry(name: str, content: bytes = b"x", wall_clock: datetime = WHEN) -> Entry:
    return Entry(name, content, len(content), wall_clock, WHEN)


def test_names_contents_and_dates_come_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a" * (zipstream.BLOCK + 1))
    from_file = Entry("Größe.jpg", tmp_path / "a", zipstream.BLOCK + 1, WHEN, WHEN)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(Zip([from_file, entry("b.jpg")]).blocks())))
    assert archive.testzip() is None
    assert archive.namelist() == ["Größe.jpg", "b.jpg"]
    assert archive.read("Größe.jpg") == b"a" * (zipstream.BLOCK + 1)
    info = archive.getinfo("Größe.jpg")
    assert info.date_time == (2024, 5, 6, 7, 8, 10)
    assert info.compress_type == zipfile.ZIP_STORED
    assert struct.unpack("<HHBi", info.extra)[3] == WHEN.timestamp()


def test_dates_outside_the_zips_clock() -> None:
    old = entry("old", wall_clock=datetime(1899, 1, 1, tzinfo=UTC))
    assert zipfile.ZipFile(io.BytesIO(b"".join(Zip([old]).blocks()))).getinfo("old").date_time[0] == 1980


@given(
    st.lists(
        st.tuples(st.text(min_size=1).filter(lambda t: "\0" not in t and t.isprintable()), st.binary()),
        unique_by=lambda file: file[0],
    )
)
def test_length_is_known_beforehand(files: list[tuple[str, bytes]]) -> None:
    entries = [entry(name, content) for (name, content) in files]
    assert Zip(entries).length == sum(len(block) for block in Zip(entries).blocks())


def test_length_beyond_zip64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the limits brought down to where a test can reach them: large members, far members, a far directory."""
    monkeypatch.setattr(zipstream, "LARGE", 3000)
    entries = [entry("small", b"s"), entry("between", b"m" * 2900), entry("large", b"l" * 5000), entry("far", b"f")]
    content = b"".join(Zip(entries).blocks())
    assert Zip(entries).length == len(content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipstream, "MOST_MEMBERS", 10)
    entries = [entry(f"{number}") for number in range(11)]
    content = b"".join(Zip(entries).blocks())
    assert Zip(entries).length == len(content)
    assert b"PK\6\6" in content


@pytest.mark.parametrize("size", [3, 5])
def test_a_file_that_changed_breaks_the_download(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    with pytest.raises(SourceChanged):
        list(Zip([Entry("a", tmp_path / "a", size, WHEN, WHEN)]).blocks())


def test_no_block_is_large(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(20 * zipstream.BLOCK)
    blocks = Zip([Entry("a", tmp_path / "a", 20 * zipstream.BLOCK, WHEN, WHEN)]).blocks()
    assert max(len(block) for block in blocks) <= zipstream.BLOCK


def test_unique_names() -> None:
    assert unique_names(["a.jpg", "A.jpg", "a.jpg", "a (2).jpg", "b"]) == [
        "a.jpg",
        "A (2).jpg",
        "a (3).jpg",
        "a (2) (2).jpg",
        "b",
    ]


def test_many_equal_names_take_as_long_as_there_are_names() -> None:
    """Counting what is looked up: trying 2, 3, 4 … for every name would take millions of lookups."""

    class Counted(str):
        looks = 0

        def __hash__(self) -> int:
            Counted.looks += 1
            return super().__hash__()

    names = [*["image.jpg"] * 3000, *["image (7).jpg"] * 50, *["IMAGE.JPG"] * 50]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipstream, "_folded", lambda name: Counted(name.casefold()))
        found = unique_names(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert found[2999] == "image (3000).jpg"
    assert Counted.looks < 12 * len(names)


@given(st.lists(st.sampled_from(["a.jpg", "A.jpg", "a (2).jpg", "a (3).jpg", "b", "b (2)", "é", "e\u0301", ".x"])))
def test_names_are_told_apart_for_every_system(names: list[str]) -> None:
    found = unique_names(names)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in found}) == len(names)
    for name, given_name in zip(found, names, strict=True):
        assert name == given_name or name.startswith(PurePosixPath(given_name).stem + " (")


# --- resuming ---------------------------------------------------------------------------------------------------------

SOME = [entry("a.jpg", b"first" * 20), entry("b.jpg", b""), entry("c.jpg", b"third" * 30)]


@given(st.data())
def test_any_part_is_the_same_as_of_the_whole(data: st.DataObject) -> None:
    whole = b"".join(Zip(SOME).blocks())
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, len(whole)))
    assert b"".join(Zip(SOME).blocks(start, stop)) == whole[start:stop]


def test_earlier_members_are_not_read_again(tmp_path: Path) -> None:
    """Checksums are remembered by content; without them the file would be read for the directory."""
    file = tmp_path / "a"
    file.write_bytes(b"a" * 1000)
    entries = [Entry("a.jpg", file, 1000, WHEN, WHEN, content="sum-of-a"), entry("b.jpg", b"b" * 100)]
    sums: dict[str, int] = {}
    whole = b"".join(Zip(entries, sums).blocks())
    assert sums == {"sum-of-a": zlib.crc32(b"a" * 1000)}
    file.unlink()
    assert b"".join(Zip(entries, sums).blocks(1200)) == whole[1200:]
    with pytest.raises(FileNotFoundError):
        b"".join(Zip(entries).blocks(1200))


def test_the_tag_tells_zips_apart() -> None:
    tag = Zip(SOME).tag
    assert tag == Zip(SOME).tag
    others = [SOME[:2], [entry("x.jpg", b"first" * 20), *SOME[1:]], [replace(SOME[0], content="other"), *SOME[1:]]]
    assert tag not in {Zip(each).tag for each in others}


@pytest.mark.parametrize("program", [["unzip", "-t"], ["bsdtar", "-tf"], ["7z", "t"]])
def test_other_programs_read_it(tmp_path: Path, program: list[str]) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    path = tmp_path / "a.zip"
    path.write_bytes(b"".join(Zip([*SOME, entry("Größe 好.jpg", b"x" * 300)]).blocks()))
    subprocess.run([*program, str(path)], check=True, capture_output=True)
