"""Nextcloud: homes of users, files that are no pictures, the trash, tags."""

from pathlib import Path

import pytest

from switching.readers import nextcloud
from switching.stream import Asset, Library, Unreadable
from switching.tests.readers.test_digikam import more
from switching.tests.samples import servers, sqlite
from switching.tests.samples.family import make_family
from switching.tests.samples.sqlite import Tables


def tables() -> Tables:
    return servers.nextcloud(make_family(10))


def read(path: Path, found: Tables, account: str = "anna") -> tuple[Library, dict[str, Asset]]:
    (path / "dump.sql").write_text(sqlite.as_mariadb(found))
    with nextcloud.read(path / "dump.sql", account) as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_pictures_of_one_home(tmp_path: Path) -> None:
    library, assets = read(tmp_path, tables())
    assert sorted(assets) == [f"IMG_{number:04d}.jpg" for number in range(10)]
    assert assets["IMG_0000.jpg"].favourite
    assert assets["IMG_0000.jpg"].tags == ("travel-italy", "sun")
    assert len(library.people) == 5


def test_the_trash_has_its_name_back(tmp_path: Path) -> None:
    name = "x.jpg.d1700000000"
    found = more(tables(), "oc_filecache", (950, 1, f"files_trashbin/files/{name}", name, 9, 5))
    _, assets = read(tmp_path, found)
    assert assets["x.jpg"].trashed


def test_thumbnails_and_others_are_no_photos(tmp_path: Path) -> None:
    found = more(tables(), "oc_filecache", (950, 1, "appdata/preview/x.jpg", "x.jpg", 9, 5))
    assert len(read(tmp_path, found)[1]) == 10


def test_whose_files_must_be_clear(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="one of these: anna, ben"):
        read(tmp_path, tables(), "")
