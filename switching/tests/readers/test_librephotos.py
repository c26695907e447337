"""LibrePhotos: accounts, its own guesses, photos without a size."""

from pathlib import Path

import pytest

from switching.readers import librephotos
from switching.stream import Asset, Library, Unreadable
from switching.tests.readers.test_digikam import more
from switching.tests.samples import servers, sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return servers.librephotos(make_family(10))


def read(path: Path, found: Tables, account: str = "Anna") -> tuple[Library, dict[str, Asset]]:
    (path / "dump.sql").write_text(sqlite.as_postgres(found))
    with librephotos.read(path / "dump.sql", account) as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_only_the_account_and_its_people(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    assert (len(assets), library.count) == (10, 10)
    assert {person.name for person in library.people.values()} == set(make_family(1).named())
    assert assets["IMG_0000.jpg"].path == "/home/anna/Pictures/2024/Rome/IMG_0000.jpg"
    assert assets["IMG_0000.jpg"].faces[0].box == pytest.approx((0.2, 0.2, 0.1, 0.14), abs=0.001)


def test_a_favourite_is_a_photo_with_enough_stars(tmp_path: Path) -> None:
    _, assets = read(tmp_path, tables())
    assert [(asset.rating, asset.favourite) for asset in assets.values() if asset.rating] == [
        (1, False), (5, True), (4, True),
    ]  # fmt: skip


def test_a_deleted_face_and_one_without_a_size(tmp_path: Path) -> None:
    found = more(tables(), "api_face", (90, "h2", 100, 1, 2, 3, 4, "t"), (91, "h2", 100, None, 2, 3, 4, "f"))
    library, assets = read(tmp_path, found)
    assert assets["IMG_0001.jpg"].faces == ()
    assert library.lost == {"faces in photos whose size LibrePhotos does not keep": 1}


@pytest.mark.parametrize(
    ("size", "shape", "thumbnail"),
    [
        ((4000, 3000), 1.33, (1440, 1080)),
        ((4000, 3000), 0.75, (810, 1080)),  # stored lying, and upright
        ((4000, 3000), None, (1440, 1080)),
        ((640, 480), 1.33, (640, 480)),  # never enlarged
        ((0, 0), 1.5, (1620, 1080)),
        ((0, None), None, None),
    ],
)
def test_boxes_are_in_pixels_of_the_thumbnail(
    tmp_path: Path, size: tuple[int, int], shape: float | None, thumbnail: tuple[int, int] | None
) -> None:
    found = tables()
    columns, rows = found["api_photo"]
    found["api_photo"] = columns, [(*row[:-2], *size) for row in rows]
    found["api_thumbnail"] = ("photo_id", "aspect_ratio"), [("h2", shape)]
    wide, high = thumbnail or (1, 1)
    face = (90, "h2", 100, round(high * 0.2), round(high * 0.4), round(wide * 0.5), round(wide * 0.6), "f")
    _, assets = read(tmp_path, more(found, "api_face", face))
    boxes = [face.box for face in assets["IMG_0001.jpg"].faces]
    assert boxes == ([pytest.approx((0.5, 0.2, 0.1, 0.2), abs=0.002)] if thumbnail else [])


def test_whose_library_must_be_clear(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="accounts: anna, ben"):
        read(tmp_path, tables(), "")
    with pytest.raises(Unreadable, match="accounts: anna, ben"):
        read(tmp_path, tables(), "mallory")
