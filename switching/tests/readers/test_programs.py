"""Every program with the same sixty photos: what comes, a second run, and undo: docs/measured/switching.md."""

from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import User
from albums.models import Album
from people.models import Face
from photos.models import Photo
from switching.report import Report
from switching.tests.conftest import people_in
from switching.tests.samples import immich, osxphotos, photoprism_files, servers, sqlite
from switching.tests.samples.family import Family, counts, make_family, make_library
from switching.tests.test_acts import bring, exported, undo

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]

ALL = {  # what the family's photos have
    "people": 5, "faces": 40, "titles": 6, "descriptions": 6, "ratings": 15, "labels": 4, "favourites": 7,
    "archived": 5, "trashed": 2, "tags": 16, "photos in albums": 31, "photos in stacks": 5,
}  # fmt: skip
ONE_PHOTO = {  # a stack is one photo there, so its files share what is known
    "ratings": 0, "labels": 0, "trashed": 0, "titles": 5, "descriptions": 8, "archived": 4, "tags": 18,
}  # fmt: skip
YAML = {"people": 0, "faces": 0, "descriptions": 6, "tags": 16, "photos in albums": 31, "photos in stacks": 0}
EDITED = {  # an edited version shares what is known of its original
    "faces": 37, "titles": 5, "descriptions": 7, "ratings": 16, "tags": 18, "photos in stacks": 4, "labels": 0,
}  # fmt: skip
COMES = {  # where it differs
    "immich": {"titles": 0, "labels": 0},
    "photoprism": ONE_PHOTO,
    "photoprism (MariaDB)": ONE_PHOTO,
    "photoprism (YAML)": {**ONE_PHOTO, **YAML},
    "digikam": {"favourites": 0, "archived": 0, "trashed": 0, "photos in albums": 60},
    "digikam (MySQL)": {"favourites": 0, "archived": 0, "trashed": 0, "photos in albums": 60},
    "lightroom": {"titles": 0, "archived": 0, "trashed": 0, "photos in stacks": 6},  # one has a virtual copy
    "apple": {"ratings": 0, "labels": 0, "photos in stacks": 0},
    "apple (osxphotos)": EDITED,
    "picasa": {"titles": 0, "ratings": 0, "labels": 0, "trashed": 0, "photos in stacks": 0},
    "librephotos": {"titles": 0, "descriptions": 0, "labels": 0, "favourites": 6, "tags": 0, "photos in stacks": 0},
    "nextcloud": {
        "titles": 0, "descriptions": 0, "ratings": 0, "labels": 0, "archived": 0, "trashed": 0, "photos in stacks": 0,
    },
}  # fmt: skip

FOUND = {"photoprism (YAML)": 57}  # one sidecar for all files of a photo


def sample(program: str, family: Family, folder: Path) -> Path:
    """What the program knows about the family, as a file or folder."""
    match program:
        case "immich":
            return immich.of_family(family).write(folder / "immich.sql.gz")
        case "photoprism (MariaDB)":
            path = folder / "photoprism.sql"
            path.write_text(sqlite.as_mariadb(sqlite.photoprism(family)), encoding="utf-8")
            return path
        case "digikam (MySQL)":
            path = folder / "digikam.sql"
            path.write_text(sqlite.as_mariadb(sqlite.digikam(family)), encoding="utf-8")
            return path
        case "photoprism (YAML)":
            return photoprism_files.write(family, folder / "storage")
        case "librephotos":
            path = folder / "librephotos.sql"
            path.write_text(sqlite.as_postgres(servers.librephotos(family)), encoding="utf-8")
            return path
        case "nextcloud":
            path = folder / "nextcloud.sql"
            path.write_text(sqlite.as_mariadb(servers.nextcloud(family)), encoding="utf-8")
            return path
        case "picasa":
            return servers.picasa(family, folder / "Pictures")
        case "apple (osxphotos)":
            return osxphotos.family_export(family, folder / "export")
        case "apple":
            sqlite.write(folder / "My.photoslibrary/database/Photos.sqlite", servers.apple(family))
            return folder / "My.photoslibrary"
    names = {"photoprism": "index.db", "digikam": "digikam4.db", "lightroom": "My.lrcat"}
    return sqlite.write(folder / names[program], getattr(sqlite, program)(family))


def brought(owner: User, make_photo: Make, program: str, folder: Path) -> tuple[dict[int, Photo], Report]:
    family = make_family()
    photos = make_library(make_photo, family)
    report, _ = bring(owner, sample(program, family, folder), program.split()[0])
    return photos, report


@pytest.mark.parametrize("program", COMES)
def test_what_comes(owner: User, make_photo: Make, tmp_path: Path, program: str) -> None:
    photos, report = brought(owner, make_photo, program, tmp_path)
    assert (report.found, report.lists.get("missing", [])) == (FOUND.get(program, 60), [])
    assert counts(photos) == {**ALL, **COMES[program]}
    if not COMES[program].get("people", 5):
        return
    assert people_in(photos[0]) == {"Emma": "confirmed", "Tom": "confirmed"}
    drawn = Face.objects.filter(source="drawn")
    assert {face.photo for face in drawn} == {photos[6]}
    boxes = sorted(face.box for face in drawn)
    assert boxes[0] == pytest.approx((0.2, 0.2, 0.1, 0.14), abs=0.012)
    assert boxes[1] == pytest.approx((0.6, 0.3, 0.1, 0.14), abs=0.012)


@pytest.mark.parametrize("program", COMES)
def test_a_second_run_and_undo(owner: User, make_photo: Make, tmp_path: Path, program: str) -> None:
    family = make_family()
    make_library(make_photo, family)
    before = exported(owner)
    path = sample(program, family, tmp_path)
    _, switch = bring(owner, path, program.split()[0])
    after = exported(owner)
    again, _ = bring(owner, path, program.split()[0])
    assert again.changes == 0
    assert exported(owner) == after
    undo(switch)
    assert exported(owner) == before
    assert not Album.everything.exists()
