"""Apple Photos: numbered tables of every version, folders, times, hidden faces."""

from datetime import datetime
from pathlib import Path

import pytest

from switching.readers import apple
from switching.stream import Asset, Library, Unreadable
from switching.tests.readers.test_digikam import more
from switching.tests.samples import servers, sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return servers.apple(make_family(30))


def read(path: Path, found: Tables) -> tuple[Library, dict[str, Asset]]:
    with apple.read(sqlite.write(path / "Photos.sqlite", found), "") as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_a_photo_and_its_album(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    asset = assets["IMG_0000.jpg"]
    assert (asset.taken, asset.size, asset.tags) == (datetime(2024, 5, 1, 12), 100_000, ("travel-italy", "sun"))
    assert asset.path == "originals/A/U1.jpeg"
    assert asset.faces[0].box == pytest.approx((0.2, 0.2033, 0.1, 0.1333), abs=0.001)
    assert [(album.name, album.folders) for album in library.albums] == [
        ("Summer", ("Travels",)),
        ("Rome; '2024'", ("Travels",)),
        ("Shared", ()),
    ]
    assert library.lost == {"shares of iCloud (the albums come: share them here again)": 1}


def test_older_versions_call_their_tables_otherwise(tmp_path: Path) -> None:
    found = tables()
    found["ZGENERICASSET"] = found.pop("ZASSET")
    found["Z_26ASSETS"] = (("Z_26ALBUMS", "Z_34ASSETS"), found.pop("Z_28ASSETS")[1] and [(10, 1)])
    faces = found["ZDETECTEDFACE"]
    renamed = [{"ZASSETFORFACE": "ZASSET", "ZPERSONFORFACE": "ZPERSON"}.get(name, name) for name in faces[0]]
    found["ZDETECTEDFACE"] = (renamed, faces[1])
    library, assets = read(tmp_path, found)
    assert library.albums[0].assets == ("1",)
    assert len(assets["IMG_0000.jpg"].faces) == 2


def edited(column: str, wide: int) -> Tables:
    """The first photo was edited and is so wide now."""
    found = tables()
    columns, rows = found["ZASSET"]
    renamed = [column if name == "ZADJUSTMENTSSTATE" else name for name in columns]
    first = (*rows[0][:8], wide, 3000, 1)
    added, more = found["ZADDITIONALASSETATTRIBUTES"]
    added = (*added, "ZORIGINALWIDTH", "ZORIGINALHEIGHT", "ZORIGINALORIENTATION")
    more = [(*row, 4000, 3000, 1) for row in more]
    return {**found, "ZASSET": (renamed, [first, *rows[1:]]), "ZADDITIONALASSETATTRIBUTES": (added, more)}


@pytest.mark.parametrize("column", ["ZADJUSTMENTSSTATE", "ZHASADJUSTMENTS"])  # from macOS 15 on, and before
def test_an_edited_photo_is_a_stack_with_its_rendered_file(tmp_path: Path, column: str) -> None:
    library, assets = read(tmp_path, edited(column, 4000))
    rendered = assets["IMG_0000_edited"]
    assert (rendered.path, rendered.optional, rendered.size) == ("resources/renders/A/U1_1_201_a", True, None)
    assert rendered.faces == assets["IMG_0000.jpg"].faces
    assert [(stack.assets, stack.cover) for stack in library.stacks] == [(("edited:1", "1"), "edited:1")]
    assert library.albums[0].assets[:3] == ("edited:1", "1", "2")
    assert library.count == 30


def test_faces_of_a_cut_photo_are_only_a_guess_in_the_original(tmp_path: Path) -> None:
    _, assets = read(tmp_path, edited("ZADJUSTMENTSSTATE", 2000))
    assert {face.sure for face in assets["IMG_0000_edited"].faces} == {True}
    assert {face.sure for face in assets["IMG_0000.jpg"].faces} == {False}


def test_the_order_of_an_album(tmp_path: Path) -> None:
    found = tables()
    columns, rows = found["ZGENERICALBUM"]
    sorts = {10: (1, 0), 11: (0, 1)}
    rows = [(*row, *sorts.get(row[0], (1, 1))) for row in rows]
    found["ZGENERICALBUM"] = ((*columns, "ZCUSTOMSORTKEY", "ZCUSTOMSORTASCENDING"), rows)
    library, _ = read(tmp_path, found)
    assert [(album.arranged, album.newest_first) for album in library.albums[:2]] == [(False, True), (True, False)]


def test_faces_that_do_not_come(tmp_path: Path) -> None:
    found = more(
        tables(), "ZDETECTEDFACE",
        (90, 2, 100, 0.5, 0.5, 0.1, 1, 4000, 3000), (91, 2, 99, 0.5, 0.5, 0.1, 0, 4000, 3000),
        (92, 2, 100, "x", 0.5, 0.1, 0, 4000, 3000), (93, 2, 100, 0.5, 0.5, 0, 0, 0, 0),
    )  # fmt: skip
    _, assets = read(tmp_path, found)
    assert assets["IMG_0001.jpg"].faces == ()


def test_times_out_of_range_are_none() -> None:
    assert apple.taken(1e30, 0) is None
    assert apple.taken("x", 0) is None
    assert apple.taken(-1e9, None) == datetime(1969, 4, 24, 22, 13, 20)


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"), apple.read(tmp_path, ""):
        pass
