"""Immich's dump: every generation of its schema, accounts, versions, external libraries, Live Photos and wrong rows."""

from pathlib import Path

import pytest

from switching.readers import immich
from switching.stream import Asset, Library, Unreadable
from switching.tests.samples.immich import ANNA, BEN, Dump

SUM = "ab" * 20
GENERATIONS = ["1.106.1", "1.132.3", "1.133.0", "2.5.0", "3.2.2"]


def read(dump: Dump, path: Path, account: str = "anna@example.org") -> tuple[Library, list[Asset]]:
    with immich.read(dump.write(path / "dump.sql.gz"), account) as library:
        return library, list(library.assets())


@pytest.mark.parametrize("version", GENERATIONS)
def test_an_asset_with_all_that_is_known(tmp_path: Path, version: str) -> None:
    dump = Dump(version)
    exif = {"description": "Say\t\\x41\n'hi'", "rating": 3, "fileSizeInByte": 4711}
    key = dump.asset("a.jpg", SUM, exif=exif, isFavorite=True, archived=True)
    person = dump.person("Emma", isHidden=True, birthDate="1980-02-03", faceAssetId="f")
    dump.face(key, person, (0.1, 0.2, 0.3, 0.4), id="f")
    dump.tagged(key, "a/b")
    album = dump.album("Trip", [key], {BEN: "editor"}, order="desc", albumThumbnailAssetId=key)
    library, [asset] = read(dump, tmp_path)
    assert (library.program, library.version, library.count) == ("Immich", version, 1)
    assert (asset.sha1, asset.size, asset.rating, asset.name) == (SUM, 4711, 3, "a.jpg")
    assert asset.description == "Say\t\\x41\n'hi'"
    assert (asset.favourite, asset.archived, asset.trashed, asset.tags) == (True, True, False, ("a/b",))
    assert asset.faces[0].box == pytest.approx((0.1, 0.2, 0.3, 0.4), abs=0.001)
    emma = library.people[asset.faces[0].person]
    assert (emma.name, emma.hidden, emma.cover, emma.birthday.isoformat()) == ("Emma", True, "f", "1980-02-03")
    [found] = library.albums
    assert (found.key, found.name, found.assets, found.newest_first, found.cover) == (album, "Trip", (key,), True, key)
    assert [(share.account, share.may_add) for share in found.shares] == [("ben@example.org", True)]


def test_the_account_is_named_guessed_or_asked_for(tmp_path: Path) -> None:
    dump = Dump()
    dump.asset("a.jpg", SUM)
    dump.asset("b.jpg", "cd" * 20, owner=BEN)
    path = dump.write(tmp_path / "dump.sql")
    for account, hints in (("BEN@example.org", ()), ("ben", ()), ("", ("nobody", "ben@example.org"))):
        with immich.read(path, account, hints) as library:
            assert [asset.name for asset in library.assets()] == ["b.jpg"]
    with pytest.raises(Unreadable, match=r"several accounts in it\. Choose one of these: anna@example\.org, ben"):
        read(dump, tmp_path, "")
    with pytest.raises(Unreadable, match="There is no account mallory"):
        read(dump, tmp_path, "mallory")


@pytest.mark.parametrize(("version", "words"), [("1.90.0", "update first"), ("4.0.1", "does not know yet")])
def test_a_version_that_mirage_does_not_know_is_refused_by_name(tmp_path: Path, version: str, words: str) -> None:
    with pytest.raises(Unreadable, match=f"Immich {version}.*{words}"):
        read(Dump(version), tmp_path)


def test_a_dump_without_a_version_is_read(tmp_path: Path) -> None:
    dump = Dump()
    dump.tables["version_history"] = []
    dump.asset("a.jpg", SUM)
    library, assets = read(dump, tmp_path)
    assert (library.version, len(assets)) == ("", 1)


def test_a_dump_of_something_else_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    dump = Dump()
    with pytest.raises(Unreadable, match="the table asset is missing"):
        read(dump, tmp_path)


def test_the_sum_of_an_external_library_is_of_its_path(tmp_path: Path) -> None:
    dump = Dump()
    dump.asset("a.jpg", SUM, isExternal=True, libraryId="l", originalPath="/mnt/photos/2024/a.jpg")
    _, [asset] = read(dump, tmp_path)
    assert (asset.sha1, asset.path) == ("", "/mnt/photos/2024/a.jpg")


def test_the_video_of_a_live_photo_is_no_photo(tmp_path: Path) -> None:
    dump = Dump()
    video = dump.asset("a.mov", "cd" * 20, visibility="hidden")
    dump.asset("a.heic", SUM, livePhotoVideoId=video)
    library, assets = read(dump, tmp_path)
    assert ([asset.name for asset in assets], library.count) == (["a.heic"], 1)


def test_the_trash_and_the_locked_folder(tmp_path: Path) -> None:
    dump = Dump()
    dump.asset("a.jpg", SUM, status="trashed", deletedAt="2026-01-01 00:00:00+00")
    dump.asset("b.jpg", "cd" * 20, visibility="locked")
    library, assets = read(dump, tmp_path)
    found = {asset.name: (asset.trashed, asset.archived) for asset in assets}
    assert found == {"a.jpg": (True, False), "b.jpg": (False, True)}
    assert library.lost == {"photos of the locked folder (they are in the archive here)": 1}


def test_faces_without_a_name_deleted_or_wrong_do_not_come(tmp_path: Path) -> None:
    dump = Dump()
    key = dump.asset("a.jpg", SUM)
    emma, nobody, bens = dump.person("Emma"), dump.person(""), dump.person("Zoe", ownerId=BEN)
    dump.face(key, nobody, (0.1, 0.1, 0.1, 0.1))
    dump.face(key, bens, (0.1, 0.1, 0.1, 0.1))
    dump.face(key, None, (0.1, 0.1, 0.1, 0.1))
    dump.face(key, emma, (0.1, 0.1, 0.1, 0.1), deletedAt="2026-01-01")
    dump.face(key, emma, (0.1, 0.1, 0.1, 0.1), isVisible=False)
    dump.face(key, emma, (0.1, 0.1, 0.1, 0.1), imageWidth=0)
    dump.face(key, emma, (0.2, 0.1, 0.1, 0.1), boundingBoxX1="many")
    dump.face(key, emma, (5, 5, 1, 1))
    for row in dump.tables["face"]:
        row.setdefault("isVisible", True)
    library, [asset] = read(dump, tmp_path)
    assert asset.faces == ()
    assert library.lost["faces whose boxes cannot be read"] == 3
    assert library.lost["people without a name (Mirage finds its own groups)"] == 1


def test_stacks_and_what_is_lost(tmp_path: Path) -> None:
    dump = Dump()
    stack = dump.add("stack", id="5", primaryAssetId="2", ownerId=ANNA)
    for number in "123":
        dump.asset(f"{number}.jpg", number * 40, id=number, stackId=stack if number < "3" else None)
    dump.add("link", id="l", userId=ANNA, albumId=None)
    dump.add("link", id="m", userId=BEN, albumId=None)
    library, _ = read(dump, tmp_path)
    assert [(found.assets, found.cover) for found in library.stacks] == [(("1", "2"), "2")]
    assert library.lost == {"public links (make new ones: their addresses cannot stay)": 1}


def test_faces_in_an_unknown_form_are_told(tmp_path: Path) -> None:
    dump = Dump("3.9.0")
    key = dump.asset("a.jpg", SUM)
    dump.person("Emma")
    dump.add("face", id="f", assetId=key, faceClusterId="c")
    library, [asset] = read(dump, tmp_path)
    assert asset.faces == ()
    assert "keeps faces in a form" in library.notes[0]


def test_people_in_groups_are_those_of_the_account(tmp_path: Path) -> None:
    dump = Dump("3.2.2", groups=True)
    key = dump.asset("a.jpg", SUM)
    emma = dump.person("Emma")
    dump.person("Her name for Emma", id=emma, ownerId=BEN)
    dump.face(key, emma, (0.1, 0.2, 0.3, 0.4))
    library, [asset] = read(dump, tmp_path)
    assert [person.name for person in library.people.values()] == ["Emma"]
    assert [library.people[face.person].name for face in asset.faces] == ["Emma"]
    assert library.notes == []


SIZE = {"exifImageWidth": 4000, "exifImageHeight": 3000, "orientation": "1"}
CROP = ("crop", {"x": 1000, "y": 300, "width": 2000, "height": 1500})


def test_a_crop_and_turns_come(tmp_path: Path) -> None:
    dump = Dump("2.5.0")
    for name, exif, edits in (
        ("a.jpg", SIZE, [CROP, ("rotate", {"angle": 90}), ("mirror", {"axis": "horizontal"})]),
        ("b.jpg", {**SIZE, "orientation": "6"}, [CROP]),
        ("c.jpg", SIZE, [("rotate", {"angle": 270}), ("rotate", {"angle": 180})]),
        ("d.jpg", SIZE, []),
    ):
        dump.edited(dump.asset(name, SUM, exif=exif), *edits)
    library, assets = read(dump, tmp_path)
    named = {asset.name: asset for asset in assets}
    assert named["a.jpg"].picture_edit == {
        "version": 1, "operations": [{"op": "crop", "x": 0.25, "y": 0.1, "width": 0.5, "height": 0.5}],
    }  # fmt: skip
    assert named["a.jpg"].turn == 5  # turned right and mirrored: EXIF's transposed picture
    upright = named["b.jpg"].picture_edit
    assert upright is not None
    assert upright["operations"][0]["x"] == pytest.approx(1 / 3, abs=1e-4)
    assert (named["c.jpg"].turn, named["c.jpg"].picture_edit) == (6, None)
    assert (named["d.jpg"].turn, named["d.jpg"].picture_edit) == (1, None)
    assert library.lost == {}


@pytest.mark.parametrize(
    ("edit", "exif"),
    [
        (("crop", {"x": "a", "y": None}), SIZE),
        (("crop", {"x": -5, "y": 0, "width": 10, "height": 10}), SIZE),
        (("crop", {"x": 3900, "y": 0, "width": 2000, "height": 10}), SIZE),
        (CROP, {}),
        (("rotate", {"angle": "x"}), SIZE),
        (("rotate", {"angle": 45}), SIZE),
        (("mirror", {"axis": 5}), SIZE),
        (("paint", {}), SIZE),
    ],
)
def test_an_edit_that_does_not_fit_is_none(tmp_path: Path, edit: tuple[str, object], exif: dict[str, object]) -> None:
    dump = Dump("2.5.0")
    dump.edited(dump.asset("a.jpg", SUM, exif={"exifImageWidth": None, "exifImageHeight": None, **exif}), edit)  # type: ignore[arg-type]
    library, [asset] = read(dump, tmp_path)
    assert (asset.picture_edit, asset.turn) == (None, 1)
    assert sum(library.lost.values()) == (edit[0] in ("crop", "paint"))
