"""osxphotos: exports with edited photos, JSON of its queries, older versions, cut and hostile files."""

import json
from pathlib import Path
from typing import Any

import pytest

from switching.readers import apple, osxphotos
from switching.stream import Asset, Library, Unreadable
from switching.tests.samples import osxphotos as sample
from switching.tests.samples import sqlite
from switching.tests.samples.family import make_family

FAMILY = make_family(12)


def photo(number: int = 0, **more: Any) -> dict[str, Any]:
    return sample.photo(FAMILY.shots[number], FAMILY, **more)


def read(path: Path) -> tuple[Library, dict[str, Asset]]:
    with apple.read(path, "") as library:
        return library, {asset.path.rpartition("/")[2]: asset for asset in library.assets()}


def export(folder: Path, *files: str, config: str = "", **more: Any) -> tuple[Library, dict[str, Asset]]:
    """The export of one photo as these files."""
    rows = [("UUID-0", f"2024/{name}", 100 + n) for n, name in enumerate(files)]
    return read(sample.write_export(folder, [photo(**more)], rows, config))


def test_an_edited_photo_is_a_stack_with_the_edited_one_on_top(tmp_path: Path) -> None:
    library, assets = export(tmp_path, "a.jpg", "a_edited.jpeg", "a.jpg.xmp", hasadjustments=True)
    assert list(assets) == ["a_edited.jpeg", "a.jpg"]
    assert assets["a.jpg"].title == assets["a_edited.jpeg"].title
    (stack,) = library.stacks
    assert stack.assets == ("UUID-0:2024/a_edited.jpeg", "UUID-0:2024/a.jpg")
    assert stack.cover == "UUID-0:2024/a_edited.jpeg"
    assert library.albums[0].assets == stack.assets
    assert library.count == 2


def test_faces_of_a_cut_photo_are_sure_in_the_edited_version_alone(tmp_path: Path) -> None:
    _, assets = export(tmp_path, "a.jpg", "a_edited.jpeg", hasadjustments=True, width=2000)
    assert [face.sure for face in assets["a_edited.jpeg"].faces] == [True, True]
    assert [face.sure for face in assets["a.jpg"].faces] == [False, False]
    _, assets = export(tmp_path / "b", "a.jpg", "a_edited.jpeg", hasadjustments=True)
    assert all(face.sure for face in assets["a.jpg"].faces)


def test_a_turned_photo_was_not_cut(tmp_path: Path) -> None:
    turned = {"original_width": 3000, "original_height": 4000, "original_orientation": 6}
    _, assets = export(tmp_path, "a.jpg", "a_edited.jpeg", hasadjustments=True, **turned)
    assert all(face.sure for face in assets["a.jpg"].faces)


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("", "a_edited (1).jpeg"),
        ('[export]\nedited_suffix = "_bearbeitet"\n', "a_bearbeitet.heic"),
        ('[export]\nedited_suffix = "{created.year}"\n', "a_edited.heic"),
        ("no toml [[[", "a_edited.heic"),
    ],
)
def test_how_edited_files_are_called(tmp_path: Path, config: str, name: str) -> None:
    library, assets = export(tmp_path, "a.jpg", name, config=config, hasadjustments=True)
    assert next(iter(assets)) == name
    assert library.stacks[0].cover.endswith(name)


def test_films_of_live_photos_and_previews_are_left_out(tmp_path: Path) -> None:
    library, assets = export(tmp_path, "a.heic", "a.mov", "a_preview.jpeg", live_photo=True)
    assert (list(assets), library.stacks) == (["a.heic"], [])
    _, assets = export(tmp_path / "b", "a.mov", ismovie=True)
    assert list(assets) == ["a.mov"]


def test_a_raw_with_its_jpeg_has_the_jpeg_first(tmp_path: Path) -> None:
    library, _ = export(tmp_path, "a.cr2", "a.jpg", has_raw=True)
    assert library.stacks[0].cover == "UUID-0:2024/a.jpg"


def test_an_export_before_2022(tmp_path: Path) -> None:
    tables: sqlite.Tables = {
        "files": (("id", "filepath", "uuid", "orig_size", "exif_size"), [(1, "2024/a.jpg", "UUID-0", 5, 7)]),
        "info": (("id", "uuid", "json_info"), [(1, "UUID-0", json.dumps(photo(album_info=[])))]),
    }
    sqlite.write(tmp_path / osxphotos.DATABASE, tables)
    library, assets = read(tmp_path)
    assert assets["a.jpg"].size == 7
    assert [(album.name, album.folders) for album in library.albums] == [("Summer", ("Travels",))]


def test_the_json_of_a_query(tmp_path: Path) -> None:
    edited = photo(1, hasadjustments=True, path_edited="/L.photoslibrary/resources/renders/U/UUID-1_1_201_a.jpeg")
    library, assets = read(sample.write_json(tmp_path / "osxphotos.json", [photo(), edited]))
    assert (assets["UUID-0.jpeg"].name, assets["UUID-0.jpeg"].size) == ("IMG_0000.jpg", 100_000)
    rendered = assets["UUID-1_1_201_a"]
    assert (rendered.name, rendered.any_extension, rendered.optional) == ("IMG_0001_edited", True, True)
    assert library.count == 2


def test_a_long_file_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osxphotos, "BLOCK", 7)
    file = sample.write_json(tmp_path / "a.json", [photo(number) for number in range(12)])
    assert len(read(file)[1]) == 12
    monkeypatch.setattr(osxphotos, "BLOCK", 1000)
    monkeypatch.setattr(osxphotos, "LONGEST", 500)
    with pytest.raises(Unreadable, match="cut off"):
        read(file)


def test_names_without_a_place_comments_and_shared_albums_are_counted(tmp_path: Path) -> None:
    shared = sample.album("Trip", owner="Wallace Rutherford")
    found = photo(persons=["Emma", "Bob", "_UNKNOWN_"], comments=[{"text": "x"}], likes=[{}], album_info=[shared])
    library, _ = read(sample.write_json(tmp_path / "a.json", [found]))
    assert library.lost == {
        "names without a place in the photo": 1,
        "comments and likes": 2,
        "shares of iCloud (the albums come: share them here again)": 1,
    }
    assert [album.name for album in library.albums] == ["Trip"]


def test_wrong_types_are_left_out(tmp_path: Path) -> None:
    wrong = {
        "face_info": [5, {"name": "Emma", "center_x": "x"}, {"name": ["Emma"]}], "album_info": {}, "albums": [None, 7],
        "folders": [], "keywords": "no list", "date": 5, "title": ["x"], "rating": "many", "persons": 5, "width": None,
        "path": 5, "original_filesize": "big", "favorite": "yes",
    }  # fmt: skip
    _, assets = read(sample.write_json(tmp_path / "a.json", [photo(**wrong)]))
    (asset,) = assets.values()
    assert (asset.faces, asset.tags, asset.taken, asset.rating, asset.size) == ((), (), None, None, None)
    assert asset.favourite is False


@pytest.mark.parametrize(
    "content",
    [
        '[{"uuid": "A", "original_filename": "a.jpg"}, {"uuid": "B"',
        "{}",
        "[1, 2]",
        "no json",
        "[" * 100_000,
        '{"a":' * 9_999,
    ],
)
def test_other_and_cut_files_are_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(Unreadable, match="no JSON of osxphotos"):
        read(tmp_path / "a.json")


def test_another_database_is_refused(tmp_path: Path) -> None:
    sqlite.write(tmp_path / osxphotos.DATABASE, {"photo": (("a",), [])})
    with pytest.raises(Unreadable, match="table info is missing"):
        read(tmp_path)


def test_a_photo_that_is_no_json_is_left_out(tmp_path: Path) -> None:
    tables: sqlite.Tables = {
        "export_data": (("id", "filepath", "uuid", "src_size", "dest_size"), [(1, "a.jpg", "UUID-0", 5, 7)]),
        "photoinfo": (
            ("uuid", "photoinfo"),
            [("x", "{cut"), ("y", None), ("z", b"\xff"), ("UUID-0", json.dumps(photo()))],
        ),
    }
    sqlite.write(tmp_path / osxphotos.DATABASE, tables)
    assert list(read(tmp_path)[1]) == ["a.jpg"]
