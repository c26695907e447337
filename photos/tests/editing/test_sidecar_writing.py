"""Sidecars beside originals: in the library and in place, over what other programs left there, never read as news."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pyexiv2
import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from media.metadata.formats import xmp
from media.tests.metadata.conftest import packet
from photos import pipeline
from photos.editing import bulk, edits, picture_edits, sidecar_writing
from photos.ingest import folders, intake
from photos.models import Photo, PhotoFile, StageRun
from photos.storage import deletion, paths

MakePicture = Callable[..., Path]


def taken_in(owner: User, picture: Path, **options: bool) -> Photo:
    folders.import_folder(owner, picture, **options)
    work()
    return Photo.objects.get(owner=owner)


def work() -> None:
    for name in ("metadata", "keywords", "sidecars"):
        while pipeline.perform_next(pipeline.STAGES[name]):
            pass


def beside(photo: Photo) -> Path:
    original = paths.original_path(photo)
    return original.with_name(f"{original.name}.xmp")


def edit(photo: Photo, change: bulk.Change) -> Photo:
    bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), change, photo.owner)
    work()
    photo.refresh_from_db()
    return photo


def said(path: Path) -> dict[str, object]:
    return xmp.interpret(path.read_bytes(), "sidecar")[0].fields


@pytest.fixture
def writes(settings: Settings) -> None:
    settings.MIRAGE_WRITE_SIDECARS = "library"


def test_nothing_is_written_unless_the_setting_says_so(owner: User, make_picture: MakePicture) -> None:
    photo = edit(taken_in(owner, make_picture()), edits.set_words(title="Mine"))
    assert not beside(photo).exists()
    assert not StageRun.objects.filter(stage="sidecars").exists()


@pytest.mark.usefixtures("writes")
def test_an_edit_is_written_and_a_reset_too(owner: User, make_picture: MakePicture) -> None:
    photo = taken_in(owner, make_picture())
    assert not beside(photo).exists()
    edit(photo, edits.set_words(title="Mine", rating=3))
    assert said(beside(photo))["title"] == "Mine"
    assert photo.files.get().kind == PhotoFile.Kind.SIDECAR
    pipeline.rerun("metadata", [photo.pk])
    work()
    assert photo.raw_metadata.fields["title"] is None  # its own words are no news
    edit(photo, edits.reset(["title"]))
    assert photo.title == ""
    assert "title" not in said(beside(photo))
    assert said(beside(photo))["rating"] == 3


@pytest.mark.usefixtures("writes")
def test_a_rotated_picture_lies_the_same_in_another_library(
    owner: User, stranger: User, make_picture: MakePicture
) -> None:
    photo = edit(taken_in(owner, make_picture(size=(64, 48))), edits.turn("right"))
    assert said(beside(photo))["orientation"] == 6
    elsewhere = taken_in(stranger, paths.original_path(photo).parent)
    assert (elsewhere.turn, elsewhere.edits.count()) == (6, 0)
    edit(photo, edits.reset(["turn"]))
    assert photo.turn == 1
    assert "orientation" not in said(beside(photo))


@pytest.mark.usefixtures("writes")
def test_an_edit_of_the_picture_is_said_and_edits_of_other_programs_stay(
    owner: User, make_picture: MakePicture
) -> None:
    picture = make_picture("a.jpg", size=(64, 48))
    crs = "http://ns.adobe.com/camera-raw-settings/1.0/"
    picture.with_name("a.xmp").write_bytes(packet(f'xmlns:crs="{crs}" crs:Exposure2012="+0.35"', ""))
    photo = taken_in(owner, picture)
    given = {"version": 1, "operations": [{"op": "exposure", "amount": 0.3}]}
    edit(photo, picture_edits.set_picture(photo, given))
    written = beside(photo).read_text()
    assert '"op": "exposure"' in written.replace("&quot;", '"')
    assert "+0.35" in written
    photo.refresh_from_db()
    edit(photo, edits.reset(["picture_edit"]))
    assert "mirage:Edit" not in beside(photo).read_text()
    assert "+0.35" in beside(photo).read_text()


@pytest.mark.usefixtures("writes")
def test_a_foreign_sidecar_is_merged_and_kept(owner: User, make_picture: MakePicture) -> None:
    picture = make_picture("a.jpg")
    theirs = packet(
        'tiff:Make="Leica" xmp:Rating="1"', "<dc:title><rdf:Alt><rdf:li>Theirs</rdf:li></rdf:Alt></dc:title>"
    )
    picture.with_name("a.xmp").write_bytes(theirs)
    photo = taken_in(owner, picture)
    assert (photo.title, photo.rating) == ("Theirs", 1)
    edit(photo, edits.set_words(title="Mine"))
    assert (said(beside(photo))["title"], said(beside(photo))["camera_make"]) == ("Mine", "Leica")
    kept = beside(photo).with_name("a.jpg.original.xmp")
    assert kept.read_bytes() == theirs
    pipeline.rerun("metadata", [photo.pk])
    work()
    edit(photo, edits.reset())
    assert (photo.title, photo.rating) == ("Theirs", 1)


@pytest.mark.usefixtures("writes")
@pytest.mark.on_disk
def test_changes_by_another_program_are_read(owner: User, make_picture: MakePicture) -> None:
    photo = edit(taken_in(owner, make_picture()), edits.set_words(title="Mine"))
    with pyexiv2.Image(str(beside(photo))) as sidecar:
        sidecar.modify_xmp({"Xmp.xmp.Label": "Red"})
    pipeline.rerun("metadata", [photo.pk])
    work()
    photo.refresh_from_db()
    assert (photo.label, photo.title) == ("Red", "Mine")


def test_in_place_only_where_everywhere_is_meant(owner: User, make_picture: MakePicture, settings: Settings) -> None:
    picture = make_picture("a.jpg")
    picture.with_name("a.jpg.xmp").write_bytes(packet('xmp:Label="Blue"'))
    settings.MIRAGE_WRITE_SIDECARS = "library"
    photo = edit(taken_in(owner, picture, in_place=True), edits.set_words(title="Mine"))
    assert "title" not in said(beside(photo))
    settings.MIRAGE_WRITE_SIDECARS = "everywhere"
    edit(photo, edits.set_words(rating=2))
    assert (said(beside(photo))["title"], said(beside(photo))["label"]) == ("Mine", "Blue")
    folders.import_folder(owner, picture.parent, in_place=True)
    work()
    photo.refresh_from_db()
    assert (photo.title, photo.label, photo.raw_metadata.fields["title"]) == ("Mine", "Blue", None)
    deletion.delete(Photo.objects.all())
    assert beside(photo).exists()  # the folder is the owner's


@pytest.mark.usefixtures("writes")
def test_in_a_new_library_the_sidecar_is_read(owner: User, stranger: User, make_picture: MakePicture) -> None:
    photo = edit(taken_in(owner, make_picture()), edits.set_words(title="Mine", description="Told"))
    original = paths.original_path(photo)
    folders.import_folder(stranger, original)
    work()
    assert Photo.objects.get(owner=stranger).title == "Mine"


@pytest.mark.usefixtures("writes")
def test_a_folder_that_cannot_be_written_is_told(
    owner: User, make_picture: MakePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = taken_in(owner, make_picture())

    def refuse(target: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sidecar_writing, "replace", refuse)
    edit(photo, edits.set_words(title="Mine"))
    assert "not allowed" in StageRun.objects.get(stage="sidecars", status="failed").error


def test_the_command_writes_all_and_says_so(owner: User, make_picture: MakePicture) -> None:
    for number in range(3):
        intake.ingest(owner, make_picture(f"{number}.jpg"))
    intake.ingest(owner, make_picture("there.jpg"), in_place=True)
    work()
    for expected in ({"written": 3, "unchanged": 0}, {"written": 0, "unchanged": 3}):
        out = StringIO()
        call_command("write_sidecars", "--owner", "anna", "--json", stdout=out)
        assert json.loads(out.getvalue()) == {**expected, "in_place": 1, "failed": 0, "failures": []}


CROP = {"version": 1, "operations": [{"op": "crop", "x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}]}


def with_sidecar(picture: Path, written: str) -> Path:
    description = f'xmlns:mirage="urn:mirage:1.0/" mirage:Edit="{written.replace(chr(34), "&quot;")}"'
    picture.with_name(f"{picture.name}.xmp").write_bytes(packet(description, ""))
    return picture


def test_the_edit_that_another_mirage_wrote_is_taken_over(owner: User, make_picture: MakePicture) -> None:
    photo = taken_in(owner, with_sidecar(make_picture(size=(64, 48)), json.dumps(CROP)))
    assert photo.picture_edit == CROP
    assert photo.edits.get().by is None
    edit(photo, edits.reset(["picture_edit"]))
    pipeline.demand("metadata", [photo.pk])
    work()
    photo.refresh_from_db()
    assert photo.picture_edit is None  # back to the original for good, although the sidecar still says so


def test_an_own_edit_is_not_overruled_by_a_sidecar(owner: User, make_picture: MakePicture, tmp_path: Path) -> None:
    photo = taken_in(owner, make_picture("a.jpg", size=(64, 48)))
    own = {"version": 1, "operations": [{"op": "exposure", "amount": 0.3}]}
    edit(photo, picture_edits.set_picture(photo, own))
    other = with_sidecar(tmp_path / "a.jpg", json.dumps(CROP))
    intake.attachments.attach(photo, [other.with_name("a.jpg.xmp")])
    work()
    photo.refresh_from_db()
    assert photo.picture_edit == own


@pytest.mark.parametrize(
    "written",
    [
        "{",
        "[]",
        "7",
        json.dumps({"version": 9, "operations": []}),
        json.dumps({"version": 1, "operations": [{"op": "sparkle"}]}),
        "[" * 100_000,
        json.dumps({"version": 1, "operations": [{"op": "crop", "x": 0, "y": 0, "width": 5, "height": 1}]}),
    ],
    ids=range(7),
)
def test_what_is_no_edit_is_left_alone(owner: User, make_picture: MakePicture, written: str) -> None:
    assert taken_in(owner, with_sidecar(make_picture(), written)).picture_edit is None


@pytest.mark.usefixtures("writes")
def test_an_edit_survives_the_way_through_a_sidecar_with_what_others_wrote(
    owner: User, stranger: User, make_picture: MakePicture, tmp_path: Path
) -> None:
    picture = make_picture("a.jpg", size=(64, 48))
    crs = "http://ns.adobe.com/camera-raw-settings/1.0/"
    picture.with_name("a.xmp").write_bytes(packet(f'xmlns:crs="{crs}" crs:CropLeft="0.1" crs:HasCrop="True"', ""))
    photo = taken_in(owner, picture)
    assert photo.picture_edit is None  # a crop of another program is not ours
    edit(photo, picture_edits.set_picture(photo, CROP))
    assert b"CropLeft" in beside(photo).read_bytes()
    there = tmp_path / "there"
    there.mkdir()
    (there / "a.jpg").write_bytes(paths.original_path(photo).read_bytes())
    (there / "a.jpg.xmp").write_bytes(beside(photo).read_bytes())
    moved = taken_in(stranger, there)
    assert moved.picture_edit == CROP
    edit(moved, edits.set_words(title="Mine"))
    assert b"CropLeft" in beside(moved).read_bytes()
