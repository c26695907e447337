"""Writing into the file itself: with a backup, verified, the photo stays the same."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import piexif
import pyexiv2
import pytest
from PIL import Image

from accounts.models import User
from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from photos import pipeline
from photos.editing import bulk, edits, file_writing
from photos.editing.file_writing import NotWritten
from photos.ingest import intake
from photos.models import Photo, PhotoFile
from photos.storage import paths

MakePicture = Callable[..., Path]


@pytest.fixture
def make_edited(owner: User, tmp_path: Path) -> Callable[..., Photo]:
    """A photo of the library that has its thumbnails, and was edited."""

    def make(name: str = "a.jpg", **options: object) -> Photo:
        path = tmp_path / name
        exif = piexif.dump({"Exif": {piexif.ExifIFD.DateTimeOriginal: b"2008:05:30 15:56:01"}})
        Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(path, exif=exif)
        photo = intake.ingest(owner, path, **options).photo  # type: ignore[arg-type]
        assert photo
        for stage in ("metadata", "thumbnails"):
            pipeline.perform_next(pipeline.STAGES[stage])
        place = {"latitude": -33.8568, "longitude": 151.2153, "altitude": 12.5, "zone": None}
        change = bulk.Together.of(
            [
                edits.set_words(title="Ünïcode", description="Zwei\nZeilen", rating=4),
                edits.set_time(datetime(2010, 1, 2, 3, 4, 5), -210),
                edits.SetFields({"position": place}),
            ]
        )
        bulk.make(owner, Photo.objects.filter(pk=photo.pk), change, owner)
        return Photo.objects.get(pk=photo.pk)

    return make


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tiff"])
def test_the_file_itself_says_what_was_edited(make_edited: Callable[..., Photo], name: str) -> None:
    photo = make_edited(name)
    original, before = paths.original_path(photo), photo.sha256
    content = original.read_bytes()
    assert file_writing.write_file(photo)
    photo.refresh_from_db()
    found = read(original, photo.media_type)
    assert (found.title, found.description, found.rating) == ("Ünïcode", "Zwei\nZeilen", 4)
    assert (found.taken_local, found.taken_offset) == (datetime(2010, 1, 2, 3, 4, 5), -210)
    assert (found.latitude, found.altitude) == (pytest.approx(-33.8568, abs=1e-6), 12.5)
    assert photo.sha256 == paths.sha256_of(original) != before
    assert photo.size == original.stat().st_size
    backup = photo.files.get(kind=PhotoFile.Kind.COPY)
    assert paths.original_path(backup).read_bytes() == content
    assert "anna/before-writing/" in backup.path
    assert (paths.derived_folder(photo.sha256) / "small.webp").exists()
    assert not paths.derived_folder(before).exists()
    assert list(paths.incoming_folder().iterdir()) == []


def test_the_file_as_it_was_is_still_known(owner: User, make_edited: Callable[..., Photo], tmp_path: Path) -> None:
    photo = make_edited()
    file_writing.write_file(photo)
    again = intake.ingest(owner, tmp_path / "a.jpg")
    assert (again.status, again.photo) == (intake.Status.PRESENT, photo)


def test_writing_twice_keeps_the_first_backup_and_it_can_be_put_back(make_edited: Callable[..., Photo]) -> None:
    photo = make_edited()
    before = photo.sha256
    file_writing.write_file(photo)
    assert not file_writing.write_file(photo)
    bulk.make(photo.owner, Photo.objects.all(), edits.set_words(title="Later"), photo.owner)
    photo.refresh_from_db()
    assert file_writing.write_file(photo)
    assert file_writing.backups(photo)[0].sha256 == before
    assert file_writing.restore_file(photo)
    photo.refresh_from_db()
    assert photo.sha256 == before == paths.sha256_of(paths.original_path(photo))


def test_a_failure_changes_nothing(make_edited: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    photo = make_edited()
    content = paths.original_path(photo).read_bytes()

    def fail(*args: object) -> None:
        raise NotWritten("the title reads differently")

    monkeypatch.setattr(file_writing, "write_words", fail)
    with pytest.raises(NotWritten):
        file_writing.write_file(photo)
    photo.refresh_from_db()
    assert paths.original_path(photo).read_bytes() == content
    assert paths.sha256_of(paths.original_path(photo)) == photo.sha256
    assert not photo.files.exists()


def test_a_kill_behind_the_new_file_is_mended(make_edited: Callable[..., Photo]) -> None:
    photo = make_edited()
    before, size = photo.sha256, photo.size
    file_writing.write_file(photo)
    Photo.objects.update(sha256=before, size=size)  # as if the row had never been told
    photo.refresh_from_db()
    assert not file_writing.write_file(photo)
    photo.refresh_from_db()
    assert photo.sha256 == paths.sha256_of(paths.original_path(photo)) != before


def test_files_in_place_and_other_formats_are_refused(owner: User, make_picture: MakePicture, tmp_path: Path) -> None:
    path = make_picture()
    content = path.read_bytes()
    outside = intake.ingest(owner, path, in_place=True).photo
    Image.new("RGB", (8, 8)).save(tmp_path / "a.gif")
    animated = intake.ingest(owner, tmp_path / "a.gif").photo
    for photo in (outside, animated):
        with pytest.raises(NotWritten):
            file_writing.write_file(photo)
    assert path.read_bytes() == content


@pytest.fixture
def make_titled(owner: User, tmp_path: Path) -> Callable[..., Photo]:
    """A photo of the library whose file has this title."""

    def make(title: str) -> Photo:
        path = tmp_path / "titled.jpg"
        Image.new("RGB", (64, 48), "teal").save(path)
        item = f'<rdf:li xml:lang="x-default">{title}</rdf:li>'
        with pyexiv2.Image(str(path)) as image:
            image.modify_raw_xmp(packet(elements=f"<dc:title><rdf:Alt>{item}</rdf:Alt></dc:title>").decode())
        photo = intake.ingest(owner, path).photo
        assert photo
        pipeline.perform_next(pipeline.STAGES["metadata"])
        photo.refresh_from_db()
        return photo

    return make


def title_in(photo: Photo) -> str:
    with pyexiv2.Image(str(paths.original_path(photo))) as image:
        return str(image.read_xmp()["Xmp.dc.title"]['lang="x-default"'])


@pytest.mark.parametrize("title", ["Jean\u00a0Dupont", "a\u2028b", "Zoe\u0308", "می\u200cخواهم", "x" * 300])
def test_a_title_that_the_owner_did_not_change_stays_to_the_code_point(
    make_titled: Callable[..., Photo], title: str
) -> None:
    photo = make_titled(title)
    assert not file_writing.write_file(photo)
    bulk.make(photo.owner, Photo.objects.all(), edits.set_words(rating=4), photo.owner)
    photo.refresh_from_db()
    assert file_writing.write_file(photo)
    assert title_in(photo) == title
    assert read(paths.original_path(photo), photo.media_type).rating == 4


def test_a_title_that_the_owner_typed_is_written_to_the_code_point(make_titled: Callable[..., Photo]) -> None:
    photo = make_titled("old")
    typed = "Wir 👨\u200d👩\u200d👧 10\u00a0km می\u200cخواهم \U0001fae8"
    bulk.make(photo.owner, Photo.objects.all(), edits.set_words(title=typed), photo.owner)
    photo.refresh_from_db()
    assert photo.title == typed
    assert file_writing.write_file(photo)
    assert title_in(photo) == typed


def test_sidecar_values_are_written_but_the_camera_s_date_is_not(owner: User, tmp_path: Path) -> None:
    path, beside = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    exif = piexif.dump({"Exif": {piexif.ExifIFD.DateTimeOriginal: b"2008:05:30 15:56:01"}})
    Image.new("RGB", (64, 48), "teal").save(path, exif=exif)
    beside.write_bytes(packet('xmp:Rating="2"'))
    photo = intake.ingest(owner, path, sidecars=[beside]).photo
    assert photo
    pipeline.perform_next(pipeline.STAGES["metadata"])
    photo.refresh_from_db()
    assert file_writing.words_to_write(photo).fields >= {"rating"}
    assert "taken" not in file_writing.words_to_write(photo).fields
    assert file_writing.write_file(photo)
    assert read(paths.original_path(photo), photo.media_type).rating == 2
