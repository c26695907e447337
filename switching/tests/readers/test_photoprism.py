"""PhotoPrism: what it made itself does not come; files, markers and albums that are gone; MariaDB's dump."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from switching.readers import mariadb, photoprism
from switching.stream import Asset, Library, Unreadable
from switching.tests.readers.test_digikam import more
from switching.tests.samples import sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return sqlite.photoprism(make_family())


def read(path: Path, found: Tables) -> tuple[Library, dict[str, Asset]]:
    with photoprism.read(sqlite.write(path / "index.db", found), "") as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_titles_and_labels_of_its_own_do_not_come(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    assert (assets["IMG_0000.jpg"].title, assets["IMG_0001.jpg"].title) == ("", "Title 1")
    assert assets["IMG_0000.jpg"].tags == ("travel/italy", "sun")
    assert library.lost == {"labels that PhotoPrism guessed": 1}
    assert [album.name for album in library.albums] == ["Summer", "Rome; '2024'"]


def test_the_files_of_a_photo_become_a_stack(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    assert [(stack.assets, stack.cover) for stack in library.stacks] == [
        (("f41", "f42"), "f41"),
        (("f43", "f44", "f45"), "f43"),
    ]
    assert assets["IMG_0043.jpg"].description == assets["IMG_0042.jpg"].description != ""


def test_sidecars_deleted_files_and_wrong_markers_do_not_come(tmp_path: Path) -> None:
    found = more(
        tables(), "files",
        ("s1", "p2", 2, "2024/Rome/IMG_0001.xmp", "/", "x", 1, 0, 1, 0, None),
        ("s2", "p2", 2, "2024/Rome/IMG_0001-old.jpg", "/", "x", 1, 0, 0, 0, "2025-01-01"),
        ("s3", "p2", 2, "2024/Rome/IMG_0001.heic.jpg", "sidecar", "x", 1, 0, 0, 0, None),
    )  # fmt: skip
    found = more(
        found, "markers",
        ("x1", "f2", "face", "j100", 0.1, 0.1, 0.1, 0.1, 1), ("x2", "f2", "label", "j100", 0.1, 0.1, 0.1, 0.1, 0),
        ("x3", "f2", "face", "", 0.1, 0.1, 0.1, 0.1, 0), ("x4", "f2", "face", "j100", 5, "x", 0.1, 0.1, 0),
    )  # fmt: skip
    library, assets = read(tmp_path, found)
    assert len(assets) == 60
    assert assets["IMG_0001.jpg"].faces == ()
    assert library.lost["faces whose boxes cannot be read"] == 1


def test_a_sum_that_is_none_is_left_out(tmp_path: Path) -> None:
    found = tables()
    columns, rows = found["files"]
    wrong = (*rows[0][:5], "../../etc/passwd", *rows[0][6:])
    _, assets = read(tmp_path, {**found, "files": (columns, [wrong, *rows[1:]])})
    assert (assets["IMG_0000.jpg"].sha1, len(assets["IMG_0001.jpg"].sha1)) == ("", 40)


@pytest.mark.parametrize(
    ("values", "row"),
    [
        (b"(1,'a','b')", ["1", "a", "b"]),
        (b"(NULL,'it\\'s','''')", [None, "it's", "'"]),
        (b"(-1.5e3,'a),(b','\\\\')", ["-1.5e3", "a),(b", "\\"]),
        (b"(0x41,_binary 'x','\\n')", ["A", "x", "\n"]),
        ("(1,'Łódź','🌊')".encode(), ["1", "Łódź", "🌊"]),
    ],
)
def test_rows_of_mariadb(values: bytes, row: list[str | None]) -> None:
    line = b"INSERT INTO `t` VALUES " + values + b"," + values + b";\n"
    assert list(mariadb.rows_of(line, iter([]))) == [row, row]


def open_dump(folder: Path) -> AbstractContextManager[Library]:
    return photoprism.read(folder / "cut.sql", "")


def test_a_cut_dump_of_mariadb_is_refused(tmp_path: Path) -> None:
    whole = sqlite.as_mariadb(tables())
    for length in (len(whole) - 60, len(whole) // 2, len(whole) // 3):
        (tmp_path / "cut.sql").write_text(whole[:length])
        with pytest.raises(Unreadable, match=r"cut off|cannot be read|is missing"), open_dump(tmp_path) as library:
            list(library.assets())


def test_an_empty_library_of_mariadb_is_one(tmp_path: Path) -> None:
    found = {**tables(), "photos": (tables()["photos"][0], []), "files": (tables()["files"][0], [])}
    (tmp_path / "photoprism.sql").write_text(sqlite.as_mariadb(found))
    with photoprism.read(tmp_path / "photoprism.sql", "") as library:
        assert (library.count, list(library.assets())) == (0, [])
