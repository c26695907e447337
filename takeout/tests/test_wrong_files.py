"""Exports with wrong entries, ignored files, other kinds of archives, and photos that are restored from the trash."""

import json
import os
import shutil
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts import undoing
from accounts.models import Activity, User
from photos.models import ImportFailure, Photo
from takeout import importing
from takeout.sources import BadExport, open_sources

from .conftest import Part

pytestmark = pytest.mark.django_db
LATIN = os.fsdecode(b"caf\xe9.jpg")


@pytest.fixture
def part(tmp_path: Path) -> Part:
    part = Part(tmp_path / "part")
    part.photo("Photos from 2019/a.jpg", 1)
    part.json("Photos from 2019/a.jpg.json", "a.jpg")
    part.photo("Photos from 2019/b.jpg", 2)
    return part


def test_each_wrong_entry_is_its_own_failure(owner: User, part: Part) -> None:
    folder = next(part.root.rglob("a.jpg")).parent
    os.mkfifo(folder / "pipe.jpg")
    os.mkfifo(folder / "pipe.json")
    (folder / "circle.jpg").symlink_to("circle.jpg")
    (folder / "dangling.jpg").symlink_to("nowhere")
    shutil.copy(folder / "b.jpg", folder / LATIN)
    (folder / "inner").symlink_to(folder)
    report = importing.import_export(owner, [part.root])
    assert (report.added, report.already_there) == (2, 1)
    assert {Path(name).name for name in report.failures} == {"pipe.jpg", "pipe.json", "circle.jpg", "dangling.jpg"}
    assert any("leads back" in why for why in report.left_out.values())
    json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_an_unexpected_error_fails_one_file(owner: User, part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest = importing.intake.ingest

    def stumble(owner, path, **options):
        if options["name"] == "a.jpg":
            raise ValueError("nobody thought of this")
        return ingest(owner, path, **options)

    monkeypatch.setattr(importing.intake, "ingest", stumble)
    report = importing.import_export(owner, [part.root])
    assert report.added == 1
    assert list(report.failures.values()) == ["ValueError: nobody thought of this."]
    assert ImportFailure.objects.count() == 1


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_ignored_files_are_listed(owner: User, tmp_path: Path, suffix: str) -> None:
    part = Part(tmp_path / f"part{suffix}")
    part.photo("Photos from 2019/a.jpg", 1)
    part.json("Photos from 2019/a.jpg.json", "a.jpg")
    part.photo("Photos from 2019/GX01.THM", 2)
    part.photo("Photos from 2019/@eaDir/a.jpg/SYNO.jpg", 3)
    report = importing.import_export(owner, [part.root])
    assert (report.added, report.skipped) == (1, [])
    assert report.as_dict()["left_out"] == 2


@pytest.mark.parametrize("suffix", [".tgz", ".tar.gz", ".tar", ".7z"])
def test_other_archives_get_the_same_message_by_folder_and_by_file(owner: User, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    archive = folder / f"takeout-20240101T000000Z-001{suffix}"
    with tarfile.open(archive, "w:gz"):
        pass
    told = []
    for root in (archive, folder):
        with pytest.raises(BadExport) as refused:
            open_sources([root])
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert "Unpack it" in told[0]
    with pytest.raises(CommandError, match="Unpack it"):
        call_command("import_takeout", str(folder), owner="anna")


def test_photos_that_are_imported_again_leave_the_trash(owner: User, part: Part) -> None:
    importing.import_export(owner, [part.root])
    Photo.objects.filter(original_name="a.jpg").trash()
    out = StringIO()
    call_command("import_takeout", str(part.root), owner="anna", stdout=out)
    assert "1 photo restored from the trash" in out.getvalue()
    assert not Photo.objects.trashed().exists()
    undoing.undo(Activity.objects.get(), owner)
    assert Photo.objects.trashed().count() == 1


def test_photos_in_the_trash_of_the_export_stay_in_the_trash(owner: User, tmp_path: Path) -> None:
    part = Part(tmp_path / "part")
    part.photo("Trash/a.jpg", 1)
    part.json("Trash/a.jpg.json", "a.jpg")
    importing.import_export(owner, [part.root])
    report = importing.import_export(owner, [part.root])
    assert (report.back_from_trash, report.already_there, report.in_trash) == (0, 1, 1)
    assert Photo.objects.trashed().count() == 1
