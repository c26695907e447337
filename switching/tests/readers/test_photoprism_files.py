"""PhotoPrism's YAML files: of several versions, damaged, hostile, and in every place where they lie."""

from pathlib import Path

import pytest

from switching.readers import photoprism, yaml_text
from switching.stream import Asset, Library, Unreadable
from switching.tests.samples import photoprism_files
from switching.tests.samples.family import make_family

OF_2021 = """TakenAt: 2018-01-01T00:02:53Z
TakenSrc: meta
UID: pqnkwgd18ghabopp
Type: image
Title: Beaverton / USA / 2018
OriginalName: Phone/IMG_20171231_160253871
TimeZone: America/Los_Angeles
Lat: 45.448994
Lng: -122.796295
Year: 2017
Details:
  Keywords: beaverton, gold, google, oregon, usa
CreatedAt: 2021-01-27T05:55:25.001738034Z
"""
OF_2022 = """TakenAt: 2016-01-10T10:15:06Z
UID: pr9tsib2qf7dfegc
Type: image
Title: 'Grandma: "home"'
TitleSrc: manual
Description: A long text that the program breaks into lines of about eighty letters, and that
  goes on in the next line as if nothing had happened
DescriptionSrc: manual
Private: true
Favorite: true
Details:
  Keywords: rome, 2016
  KeywordsSrc: batch
  Notes: |-
    two
    lines
DeletedAt: 2022-08-05T18:06:59.585384018Z
"""
OF_2025 = """UID: pt6sg6be2lvl0001
TakenAt: 2024-05-01T10:00:00Z
TakenAtLocal: 2024-05-01T12:00:00Z
Title: No
TitleSrc: manual
Caption: "\\u00fcber 12:30"
CaptionSrc: manual
Details: {}
"""


def storage(folder: Path, **sidecars: str) -> Path:
    for name, content in sidecars.items():
        path = folder / "sidecar/2024/05" / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def read(path: Path) -> tuple[Library, dict[str, Asset]]:
    with photoprism.read(path, "") as library:
        return library, {asset.key: asset for asset in library.assets()}


def test_the_files_of_several_versions(tmp_path: Path) -> None:
    library, assets = read(storage(tmp_path, a=OF_2021, b=OF_2022, c=OF_2025))
    old, middle, new = assets["pqnkwgd18ghabopp"], assets["pr9tsib2qf7dfegc"], assets["pt6sg6be2lvl0001"]
    assert (old.path, old.name, str(old.taken)) == ("2024/05/a", "IMG_20171231_160253871", "2017-12-31 16:02:53")
    assert (old.title, old.tags, old.favourite) == ("", (), False)
    assert middle.title == 'Grandma: "home"'
    assert middle.description.endswith("eighty letters, and that goes on in the next line as if nothing had happened")
    assert (middle.favourite, middle.archived, middle.tags) == (True, True, ("rome", "2016"))
    assert (new.title, new.description, str(new.taken)) == ("No", "über 12:30", "2024-05-01 12:00:00")
    assert library.lost["keywords that PhotoPrism made"] == 5
    assert any(what.startswith("photos marked as private") for what in library.lost)


@pytest.mark.parametrize("point", ["", "sidecar", "sidecar/2024"])
def test_the_place_is_the_same_wherever_one_points(tmp_path: Path, point: str) -> None:
    storage(tmp_path, IMG_1=OF_2025)
    assert read(tmp_path / point)[1]["pt6sg6be2lvl0001"].path == "2024/05/IMG_1"


def test_sidecars_beside_the_photos(tmp_path: Path) -> None:
    (tmp_path / "originals/Rome/.photoprism").mkdir(parents=True)
    (tmp_path / "originals/Rome/.photoprism/IMG_1.yml").write_text(OF_2025)
    assert read(tmp_path)[1]["pt6sg6be2lvl0001"].path == "originals/Rome/IMG_1"


def test_albums_by_hand_come_in_any_place_of_backups(tmp_path: Path) -> None:
    path = photoprism_files.write(make_family(), tmp_path / "storage")
    library, assets = read(path)
    assert [album.name for album in library.albums] == ["Summer", "Rome; '2024'"]
    assert set(library.albums[0].assets) <= set(assets)
    (path / "backup").mkdir()
    (path / "albums").rename(path / "backup/albums")
    assert len(read(path)[0].albums) == 2


HOSTILE = {
    "bomb": "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nUID: p\nTakenAt: [*b,*b,*b]\n",
    "merge": "a: &a {b: c}\nUID: p\nTakenAt: x\n<<: *a\n",
    "deep": "UID: p\nTakenAt: x\nDetails: " + "[" * 5000 + "]" * 5000,
    "cut": 'UID: p\nTakenAt: x\nTitle: "never clos',
    "list": "- 1\n- 2\n",
    "code": "UID: p\nTakenAt: 2020\nTitle: !!python/object/apply:os.system [id]\nTitleSrc: manual\n",
    "bytes": "UID: p\0\nTakenAt: x",
    "huge": "UID: p\nTakenAt: x\nTitle: " + "x" * 400_000,
    "empty": "",
}


def test_hostile_files_are_left_out_one_by_one(tmp_path: Path) -> None:
    library, assets = read(storage(tmp_path, good=OF_2025, **HOSTILE))
    code = assets.pop("p")
    assert (code.title, code.path) == ("", "2024/05/code") or "os.system" not in code.title
    assert list(assets) == ["pt6sg6be2lvl0001"]
    assert library.lost == {"sidecars that cannot be read": len(HOSTILE) - 1}


def test_wrong_types_and_names_are_texts(tmp_path: Path) -> None:
    wrong = "UID: [1]\nTakenAt: {a: b}\nTitle: {x: y}\nTitleSrc: manual\nDetails: 5\nOriginalName: ../../etc/passwd\n"
    _, assets = read(storage(tmp_path, wrong=wrong))
    (asset,) = assets.values()
    assert (asset.name, asset.path, asset.taken, asset.tags) == ("passwd", "2024/05/wrong", None, ())


def test_links_are_not_followed(tmp_path: Path) -> None:
    storage(tmp_path / "in", a=OF_2025)
    (tmp_path / "secret.yml").write_text(OF_2022)
    (tmp_path / "in/sidecar/b.yml").symlink_to(tmp_path / "secret.yml")
    (tmp_path / "in/sidecar/all").symlink_to(tmp_path)
    assert list(read(tmp_path / "in")[1]) == ["pt6sg6be2lvl0001"]


def test_a_folder_without_any_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Choose its folder storage"):
        read(tmp_path)


@pytest.mark.parametrize("text", ["a: *x", "? [a]\n: b", "a: b\n---\nc: d"])
def test_odd_documents_are_refused_or_read_to_their_end(text: str) -> None:
    try:
        assert yaml_text.parse(text.encode()) in ({}, {"a": "b"})
    except yaml_text.NotPlain:
        assert "*" in text
