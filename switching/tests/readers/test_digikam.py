"""digiKam: internal tags, proposed faces, damaged trees, turned pictures."""

from pathlib import Path

import pytest

from switching.readers import digikam
from switching.stream import Asset, Library, Unreadable
from switching.tests.samples import sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return sqlite.digikam(make_family(10))


def more(found: Tables, table: str, *rows: tuple[object, ...]) -> Tables:
    """The tables with more rows in one of them."""
    columns, held = found[table]
    return {**found, table: (columns, [*held, *rows])}


def read(path: Path, found: Tables) -> tuple[Library, dict[str, Asset]]:
    with digikam.read(sqlite.write(path / "digikam4.db", found), "") as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_albums_are_folders(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    [album] = library.albums
    assert (album.name, album.folders, len(album.assets)) == ("Rome", ("2024",), 10)
    assert assets["IMG_0000.jpg"].path == "/2024/Rome/IMG_0000.jpg"
    assert library.version == "(database 14)"


def test_internal_tags_and_people_are_no_tags(tmp_path: Path) -> None:
    found = more(tables(), "Tags", (52, 50, "Pick Label Rejected"), (53, 50, "Pick Label Accepted"))
    found = more(found, "ImageTags", (2, 52), (3, 53))
    library, assets = read(tmp_path, found)
    assert (assets["IMG_0001.jpg"].rating, assets["IMG_0002.jpg"].rating) == (-1, None)
    assert (assets["IMG_0003.jpg"].label, assets["IMG_0000.jpg"].tags) == ("Red", ("travel/italy", "sun"))
    assert library.lost["pick labels Accepted and Pending"] == 1


def test_a_proposed_face_is_not_sure(tmp_path: Path) -> None:
    rect = sqlite.digikam_rect((0.5, 0.5, 0.1, 0.1))
    found = more(tables(), "ImageTagProperties", (2, 100, "autodetectedPerson", rect), (2, 100, "other", rect))
    _, assets = read(tmp_path, found)
    assert [(face.person, face.sure) for face in assets["IMG_0001.jpg"].faces] == [("100", False)]


@pytest.mark.parametrize("value", ["", "<rect/>", '<rect x="1"', '<rect x="a" width="b"/>', None, b"\0", "<rect x=1>"])
def test_a_wrong_region_is_no_face(tmp_path: Path, value: object) -> None:
    _, assets = read(tmp_path, more(tables(), "ImageTagProperties", (2, 100, "tagRegion", value)))
    assert assets["IMG_0001.jpg"].faces == ()


def test_a_turned_picture_is_upright(tmp_path: Path) -> None:
    found = tables()
    found["ImageInformation"] = (found["ImageInformation"][0], [(1, 3, None, 6, 4000, 3000)])
    found["ImageTagProperties"] = (
        found["ImageTagProperties"][0],
        [(1, 100, "tagRegion", '<rect x="300" y="400" width="300" height="400"/>')],
    )
    _, assets = read(tmp_path, found)
    assert assets["IMG_0000.jpg"].faces[0].box == pytest.approx((0.1, 0.1, 0.1, 0.1))


def test_a_tree_that_leads_back_to_itself_ends(tmp_path: Path) -> None:
    found = more(tables(), "Tags", (70, 71, "a"), (71, 70, "b"))
    _, assets = read(tmp_path, more(found, "ImageTags", (2, 70)))
    assert assets["IMG_0001.jpg"].tags[0].endswith("b/a")


def test_another_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="the table Images is missing"):
        read(tmp_path, {"Tags": (("id", "pid", "name"), [])})


def test_faces_of_nobody_and_proposals_as_digikam_keeps_them(tmp_path: Path) -> None:
    """Unknown and unconfirmed faces have tags that are persons too; a proposal is there twice, by both its tags."""
    found = more(tables(), "Tags", (200, 1, "Unknown"), (201, 1, "Unconfirmed"))
    nobody = [(200, "person", None), (200, "unknownPerson", None), (201, "person", None)]
    found = more(found, "TagProperties", *nobody, (201, "unconfirmedPerson", None))
    rect, other = (sqlite.digikam_rect((x, 0.5, 0.1, 0.1)) for x in (0.5, 0.2))
    found = more(
        found, "ImageTagProperties",
        (2, 200, "autodetectedFace", other),
        (2, 100, "autodetectedFace", rect),
        (2, 201, "autodetectedPerson", f"100,autodetectedFace,{rect}"),
    )  # fmt: skip
    found = more(found, "ImageTags", (2, 200), (2, 201))
    library, assets = read(tmp_path, found)
    assert not {"Unknown", "Unconfirmed"} & {person.name for person in library.people.values()}
    assert [(face.person, face.sure) for face in assets["IMG_0001.jpg"].faces] == [("100", False)]
    assert assets["IMG_0001.jpg"].tags == ()


def test_a_dump_of_its_server(tmp_path: Path) -> None:
    """MySQL on Windows writes the names of tables without capitals; the tag above all has a row there."""
    found = tables()
    columns, held = found["Tags"]
    found["Tags"] = columns, [*[(0, -1, "_Digikam_root_tag_")], *held]
    path = tmp_path / "digikam.sql"
    path.write_text(sqlite.as_mariadb({name.lower(): table for name, table in found.items()}), encoding="utf-8")
    with digikam.read(path, "") as library:
        assets = {asset.name: asset for asset in library.assets()}
    _, expected = read(tmp_path, tables())
    assert library.count == 10
    assert assets == expected


def test_somebody_with_a_region_is_a_person_without_being_called_one(tmp_path: Path) -> None:
    rect = sqlite.digikam_rect((0.5, 0.5, 0.1, 0.1))
    found = more(more(tables(), "Tags", (200, 1, "Lady")), "ImageTagProperties", (2, 200, "tagRegion", rect))
    library, assets = read(tmp_path, more(found, "ImageTags", (2, 200)))
    assert library.people["200"].name == "Lady"
    assert [(face.person, face.sure) for face in assets["IMG_0001.jpg"].faces] == [("200", True)]
    assert assets["IMG_0001.jpg"].tags == ()
