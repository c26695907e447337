"""Lightroom: collections in their sets, flags, virtual copies, rejected faces."""

from pathlib import Path

import pytest

from switching.readers import lightroom
from switching.stream import Asset, Library, Unreadable
from switching.tests.readers.test_digikam import more
from switching.tests.samples import sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return sqlite.lightroom(make_family(30))


def read(path: Path, found: Tables) -> tuple[Library, dict[str, Asset]]:
    with lightroom.read(sqlite.write(path / "My.lrcat", found), "") as library:
        return library, {asset.name + ("*" if asset.copy_of else ""): asset for asset in library.assets()}


def test_collections_keep_their_sets_and_their_order(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    album = library.albums[0]
    assert (album.name, album.folders, album.arranged, album.assets[0]) == ("Summer", ("Travels",), True, "20")
    assert assets["IMG_0000.jpg"].path == "/home/anna/Pictures/2024/Rome/IMG_0000.jpg"
    assert assets["IMG_0000.jpg"].tags == ("travel/italy", "sun")


def test_what_is_lost_is_named(tmp_path: Path) -> None:
    library, _ = read(tmp_path, tables())
    assert library.lost == {
        "photos with develop settings, which stay in Lightroom": 1,
        "smart collections": 1,
    }
    assert library.count == 30


def test_a_virtual_copy_comes_after_its_photo_with_its_own_words(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    copy = assets["IMG_0000.jpg*"]
    assert list(assets)[-1] == "IMG_0000.jpg*"
    assert (copy.copy_of, copy.rating, copy.label, copy.favourite, copy.faces) == ("1", 2, "Blue", True, ())
    assert "900" in library.albums[0].assets


def test_flags(tmp_path: Path) -> None:
    found = tables()
    columns, rows = found["Adobe_images"]
    first = (*rows[0][:3], 5, -1, *rows[0][5:])
    _, assets = read(tmp_path, {**found, "Adobe_images": (columns, [first, *rows[1:]])})
    assert assets["IMG_0000.jpg"].rating == -1
    assert assets["IMG_0009.jpg"].favourite


def test_a_rejected_face_does_not_come_and_a_proposed_one_is_not_sure(tmp_path: Path) -> None:
    faces = (90, 2, 0.1, 0.1, 0.2, 0.2), (91, 2, 0.5, 0.5, 0.6, 0.6), (92, 2, None, 0, 1, 1)
    found = more(tables(), "AgLibraryFace", *faces)
    found = more(found, "AgLibraryKeywordFace", (90, 100, 0, 1), (91, 100, 0, 0), (92, 100, 1, 0))
    _, assets = read(tmp_path, found)
    assert [(face.key, face.sure) for face in assets["IMG_0001.jpg"].faces] == [("91", False)]


def test_another_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Adobe_images is missing"):
        read(tmp_path, {"Tags": (("id",), [])})
