"""The catalogue of another Mirage, and files that are none."""

import json
from pathlib import Path
from typing import Any

import pytest

from switching.readers import mirage
from switching.stream import Asset, Library, Unreadable

LINE = {
    "id": "k1", "sha256": "ab" * 32, "original_name": "a.jpg", "path": "/x/2024/a.jpg", "title": "Title", "rating": 5,
    "favourite": True, "archived": False, "trashed": False, "tags": ["a/b"], "albums": ["Rome", ""],
    "people": [
        {"name": "Emma", "box": [0.1, 0.1, 0.2, 0.2], "confirmed": True},
        {"name": "Tom", "box": [0.1, 0.1, 0.2, 0.2], "confirmed": False},
        {"name": "Zoe", "box": "wrong", "confirmed": True},
        "nobody",
    ],
    "stack": {"id": 5, "cover": True}, "objects": [{"label": "dog"}], "taken_local": "2024-05-01T12:00:00+02:00",
}  # fmt: skip


def read(path: Path, *lines: Any) -> tuple[Library, list[Asset]]:
    (path / "catalogue.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with mirage.read(path, "") as library:
        return library, list(library.assets())


def test_a_photo(tmp_path: Path) -> None:
    library, [asset] = read(tmp_path, LINE)
    assert (asset.sha256, asset.title, asset.rating, asset.favourite) == ("ab" * 32, "Title", 5, True)
    assert [face.person for face in asset.faces] == ["Emma"]
    assert sorted(library.people) == ["Emma", "Zoe"]
    assert [(album.name, album.assets) for album in library.albums] == [("Rome", ("k1",))]
    assert [(stack.assets, stack.cover) for stack in library.stacks] == [(("k1",), "k1")]


def test_wrong_types_are_nothing(tmp_path: Path) -> None:
    wrong = dict.fromkeys(LINE, 7) | {"sha256": "x"}
    library, [asset] = read(tmp_path, wrong)
    assert (asset.tags, asset.faces, asset.favourite, library.albums) == ((), (), False, [])


@pytest.mark.parametrize("content", ["[1]\n", '{"id": 1}\n', '{"sha256": "', "\xff\n", "[" * 100_000])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.jsonl").write_text(content)
    with pytest.raises(Unreadable, match="no catalogue of Mirage"), mirage.read(tmp_path / "x.jsonl", ""):
        pass


def test_lines_of_one_file_are_a_photo_and_its_copies(tmp_path: Path) -> None:
    edit = {"version": 1, "operations": []}
    copy = LINE | {"id": "k2", "copy_number": 1, "title": "Copy", "picture_edit": edit}
    library, [photo, other] = read(tmp_path, LINE | {"picture_edit": edit}, copy)
    assert (photo.copy_of, photo.picture_edit) == ("", None)
    assert (other.copy_of, other.picture_edit, other.title, other.faces) == ("k1", edit, "Copy", ())
    assert library.count == 1
    _, [_, wrong] = read(tmp_path, LINE, copy | {"picture_edit": [1]})
    assert wrong.picture_edit is None
