"""The real stages over real files: from ingest to a photo on the page."""

from collections.abc import Callable
from pathlib import Path

import django_rq
import piexif
import pytest
from django.utils import timezone
from PIL import Image
from rq import SimpleWorker

from accounts.models import User
from photos import catalogue, pipeline
from photos.ingest import attachments, intake
from photos.models import Photo, PhotoEdit, RawMetadata, StageRun
from photos.pipeline import reading, rendering
from photos.storage import deletion, paths


@pytest.fixture
def holiday(owner: User, tmp_path: Path) -> Photo:
    """A photo with camera, time and orientation, through the whole pipeline."""
    exif = {
        "0th": {piexif.ImageIFD.Make: b"Canon", piexif.ImageIFD.Model: b"EOS 40D", piexif.ImageIFD.Orientation: 6},
        "Exif": {piexif.ExifIFD.DateTimeOriginal: b"2008:05:30 15:56:01", piexif.ExifIFD.ISOSpeedRatings: 100},
    }
    source = tmp_path / "holiday.jpg"
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(source, exif=piexif.dump(exif))
    photo = intake.ingest(owner, source).photo
    assert photo is not None
    pipeline.drain()
    return Photo.objects.get()


def test_a_photo_is_dated_described_and_shown(holiday: Photo) -> None:
    assert holiday.taken_local.isoformat() == "2008-05-30T15:56:01+00:00"
    assert (holiday.taken_source, holiday.taken_month) == ("exif", 200805)
    assert (holiday.camera_make, holiday.camera_model, holiday.iso) == ("Canon", "EOS 40D", 100)
    assert (holiday.orientation, holiday.width, holiday.height) == (6, 480, 640)
    assert holiday.displayable
    assert holiday.thumbhash
    folder = paths.derived_folder(holiday.sha256)
    with Image.open(folder / "small.webp") as small:
        assert small.size == (250, 333)
    assert (folder / "medium.webp").exists()
    assert (folder / "large.webp").exists()
    assert holiday.raw_metadata.sources["camera_make"]


def test_running_twice_equals_running_once(holiday: Photo) -> None:
    before = catalogue.describe(holiday)
    assert reading.read_metadata([holiday.pk]) == rendering.make_thumbnails([holiday.pk]) == {}
    assert catalogue.describe(Photo.objects.get()) == before
    assert RawMetadata.objects.count() == 1


def test_a_sidecar_that_turns_the_picture_is_followed(holiday: Photo, tmp_path: Path) -> None:
    sidecar = tmp_path / "holiday.xmp"
    meta = 'xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    about = 'rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="1"'
    sidecar.write_text(f"<x:xmpmeta {meta}><rdf:Description {about}/></rdf:RDF></x:xmpmeta>")
    attachments.attach(holiday, [sidecar])
    pipeline.drain()
    turned = Photo.objects.get()
    assert (turned.orientation, turned.turn, turned.width, turned.height) == (6, 8, 640, 480)
    with Image.open(paths.pictures_folder(turned) / "small.webp") as small:
        assert small.size == (333, 250)
        assert small.convert("L").tobytes()[:5] < bytes([20] * 5)  # the gradient lies as it is stored: dark above
    with Image.open(paths.derived_folder(holiday.sha256) / "small.webp") as unturned:
        assert unturned.size == (250, 333)
    turned.files.all().delete()
    pipeline.demand("metadata", [turned.pk])
    pipeline.drain()
    assert Photo.objects.values_list("turn", "width", "height").get() == (1, 480, 640)


def test_an_edit_wins_over_reading_again(holiday: Photo) -> None:
    PhotoEdit.objects.create(photo=holiday, field="camera_make", value="Kodak")
    PhotoEdit.objects.create(photo=holiday, field="taken", value={"local": "1999-01-01T00:00:00", "offset": 60})
    reading.read_metadata([holiday.pk])
    again = Photo.objects.get()
    assert (again.camera_make, again.camera_model, again.taken_source) == ("Kodak", "EOS 40D", "user")
    assert again.taken_at.isoformat() == "1998-12-31T23:00:00+00:00"


def test_a_broken_file_fails_with_a_reason_and_is_not_shown(owner: User, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 and nothing more")
    intake.ingest(owner, broken)
    pipeline.drain()
    run = StageRun.objects.get(stage="thumbnails")
    assert run.status == "failed"
    assert run.error
    assert not Photo.objects.get().displayable
    assert catalogue.describe(Photo.objects.get())["errors"] == [{"stage": "thumbnails", "message": run.error}]


@pytest.mark.on_disk
def test_an_original_that_is_gone_is_told_in_words(holiday: Photo) -> None:
    paths.original_path(holiday).unlink()
    assert rendering.make_thumbnails([holiday.pk]) == {holiday.pk: "The file is no longer where it was."}


def test_a_photo_deleted_meanwhile_is_no_error(holiday: Photo) -> None:
    assert reading.read_metadata([holiday.pk + 1]) == {}


def test_deleting_for_good_removes_rows_and_files(holiday: Photo) -> None:
    original = paths.original_path(holiday)
    assert deletion.delete(Photo.objects.all()) == 1
    assert not Photo.objects.exists()
    assert original.exists()  # until the transaction is through


@pytest.mark.django_db(transaction=True)
def test_files_go_with_the_transaction_but_not_what_others_share(
    holiday: Photo, stranger: User, make_photo: Callable[..., Photo]
) -> None:
    original, derived = paths.original_path(holiday), paths.derived_folder(holiday.sha256)
    in_place = make_photo(in_place=True, path=str(original.with_name("elsewhere.jpg")))
    original.with_name("elsewhere.jpg").write_bytes(b"not ours")
    theirs = make_photo(owner=stranger, sha256=holiday.sha256)
    deletion.delete(Photo.objects.filter(pk__in=[holiday.pk, in_place.pk]))
    assert not original.exists()
    assert original.with_name("elsewhere.jpg").exists()
    assert derived.exists()
    deletion.delete(Photo.objects.filter(pk=theirs.pk))
    assert not derived.exists()


@pytest.mark.django_db(transaction=True)
def test_a_large_trash_is_emptied_by_a_worker(
    owner: User, make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "AT_ONCE", 1)
    for _ in range(3):
        make_photo(trashed_at=timezone.now())
    kept = make_photo()
    assert deletion.empty_trash(owner) == 3
    later = make_photo(trashed_at=timezone.now())
    queue = django_rq.get_queue("io")
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    assert set(Photo.objects.all()) == {kept, later}


KEYS = [
    *("id", "path", "original_name", "folder", "sha256", "media_type", "width", "height", "duration"),
    *(
        "taken_at",
        "taken_local",
        "taken_offset",
        "taken_precision",
        "taken_doubtful",
        "taken_source",
        "latitude",
        "longitude",
        "place",
    ),
    *("camera_make", "camera_model", "lens", "iso", "aperture", "exposure", "focal_length", "orientation"),
    *("title", "description", "rating", "favourite", "archived", "trashed", "turn", "picture_edit", "copy_number"),
    *("tags", "learnt_tags", "objects", "albums", "people", "duplicates", "copies", "stack", "text", "errors"),
]


def test_the_export_has_every_key(holiday: Photo) -> None:
    assert list(catalogue.describe(holiday)) == KEYS


@pytest.mark.parametrize("count", [2, 6])
def test_the_export_asks_the_same_number_of_questions(
    make_photo: Callable[..., Photo], count: int, django_assert_num_queries: Callable
) -> None:
    for _ in range(count):
        StageRun.objects.create(photo=make_photo(), stage="metadata")
    with django_assert_num_queries(9):
        assert len(list(catalogue.export(Photo.objects.all()))) == count
