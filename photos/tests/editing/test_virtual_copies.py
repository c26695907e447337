"""Copies of photos: another edit of the same file, which stays as long as one of them needs it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from accounts import undoing
from accounts.models import Activity, User
from albums.models import Album, AlbumItem
from duplicates import finding
from photos import pipeline
from photos.editing import bulk, edits, file_writing, picture_edits, sidecar_writing
from photos.editing.virtual_copies import MakeCopies, make_copy
from photos.gallery.stacking import stacks
from photos.ingest import folders, intake, room
from photos.models import Photo, Stack, StageRun
from photos.storage import deletion, paths
from photos.storage.staying import staying
from photos.tests.editing.test_picture_edits import CROP, LIGHT, MakePhoto, edit, given
from tags.models import PhotoTag, Tag


@pytest.fixture
def photo(make_picture: Callable[..., Path], owner: User) -> Photo:
    """A photo of 64 by 48 pixels with its thumbnails."""
    folders.import_folder(owner, make_picture("IMG_1.jpg", size=(64, 48)))
    pipeline.drain()
    return Photo.objects.get()


def save_copy(photo: Photo, *operations: dict[str, object]) -> tuple[Photo, Activity]:
    change = MakeCopies.changed_by(picture_edits.set_picture(photo, given(*operations)))
    activity = bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), change, photo.owner)
    photo.refresh_from_db()
    return Photo.objects.get(pk__gt=photo.pk), activity


@pytest.mark.django_db(transaction=True)
def test_a_copy_has_its_own_edit_and_no_file(photo: Photo) -> None:
    edit(photo, LIGHT)
    pipeline.drain()
    copy, _ = save_copy(photo, CROP)
    assert (copy.picture_edit, photo.picture_edit) == (given(CROP), given(LIGHT))
    pipeline.drain()
    copy.refresh_from_db()
    photo.refresh_from_db()
    assert (copy.shown_size, photo.shown_size) == ((32, 24), (64, 48))
    assert paths.original_path(copy) == paths.original_path(photo)
    assert (copy.copy_number, photo.copy_number, copy.key != photo.key) == (1, 0, True)
    assert all(paths.shown_file(one, "small").exists() for one in (copy, photo))
    assert not StageRun.objects.exclude(status="done").exclude(stage__in=waiting()).exists()


def waiting() -> list[str]:
    """Stages whose models are not there in this test."""
    return [stage.name for stage in pipeline.all_stages() if stage.missing_weights()]


def test_a_copy_is_stacked_and_the_cover_stays(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo()
    copy = make_copy(photo, owner)
    second = make_copy(copy, owner)  # a copy of a copy is one more of the same file
    photo.refresh_from_db()
    assert photo.stack is not None
    assert (photo.stack.kind, photo.stack.cover, photo.stack.photos.count()) == (Stack.Kind.COPY, photo, 3)
    assert second.copy_number == 2
    assert list(Photo.objects.as_tiles()) == [photo]


@pytest.mark.django_db(transaction=True)
def test_copies_made_at_once_get_two_numbers(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo()
    copy = make_copy(photo, owner)

    def do(one: Photo) -> None:
        try:
            make_copy(one, owner)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(do, [photo, copy, photo, copy]))
    assert sorted(Photo.objects.values_list("copy_number", flat=True)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_a_copy_waits_for_a_move_of_its_file(photo: Photo, owner: User) -> None:
    copy = make_copy(photo, owner)

    def again() -> str:
        try:
            return make_copy(copy, owner).path
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with staying(photo):
            made = threads.submit(again)
            with pytest.raises(TimeoutError):
                made.result(timeout=0.5)
            Photo.objects.update(path="anna/new/x.jpg")
        assert made.result() == "anna/new/x.jpg"


def test_a_copy_joins_the_stack_of_its_photo(make_photo: MakePhoto, owner: User) -> None:
    photo, other = make_photo(), make_photo()
    stack = stacks.make([photo, other], other)
    assert make_copy(Photo.objects.get(pk=photo.pk), owner).stack == stack
    stack.refresh_from_db()
    assert (stack.kind, stack.cover) == (Stack.Kind.MANUAL, other)


def test_a_copy_begins_with_words_stars_and_tags_and_has_its_own_then(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo()
    bulk.make(owner, Photo.objects.all(), edits.set_words(title="Lisbon", rating=4), owner)
    PhotoTag.objects.create(photo=photo, tag=Tag.objects.create(owner=owner, name="sea", path="sea"))
    AlbumItem.objects.create(album=Album.objects.create(owner=owner, name="Trip"), photo=photo, position=1)
    copy = make_copy(photo, owner)
    assert (copy.title, copy.rating, copy.edits.count()) == ("Lisbon", 4, 2)
    assert [row.tag.path for row in PhotoTag.objects.filter(photo=copy)] == ["sea"]
    assert not AlbumItem.objects.filter(photo=copy).exists()
    bulk.make(owner, Photo.objects.filter(pk=copy.pk), edits.set_words(title="In black and white"), owner)
    assert set(Photo.objects.values_list("title", flat=True)) == {"Lisbon", "In black and white"}


@pytest.mark.django_db(transaction=True)
def test_undo_puts_the_copy_into_the_trash(photo: Photo, owner: User) -> None:
    copy, activity = save_copy(photo, CROP)
    assert MakeCopies().sentence(1) == "Copy saved"
    undoing.undo(activity, owner)
    copy.refresh_from_db()
    photo.refresh_from_db()
    assert copy.trashed_at is not None
    assert (photo.trashed_at, activity.detail["changed"]) == (None, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_again_finds_the_photo_it_came_with(
    photo: Photo, owner: User, make_picture: Callable[..., Path], tmp_path: Path
) -> None:
    save_copy(photo, CROP)
    again = tmp_path / "again.jpg"
    again.write_bytes(paths.original_path(photo).read_bytes())
    outcome = intake.ingest(owner, again)
    assert (outcome.status, outcome.photo) == (intake.Status.PRESENT, photo)
    assert Photo.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_file_stays_while_a_copy_needs_it(photo: Photo) -> None:
    file, key = paths.original_path(photo), photo.key
    copy, _ = save_copy(photo, CROP)
    pipeline.drain()
    deletion.delete(Photo.objects.filter(pk=photo.pk))
    copy.refresh_from_db()
    assert file.exists()
    assert (copy.copy_number, copy.key != key) == (0, True)  # it is the photo of the file now
    assert paths.shown_file(copy, "small").exists()
    assert not StageRun.objects.filter(photo=copy, stage="fingerprint").exclude(status="waiting").exists()
    deletion.delete(Photo.objects.all())
    assert not file.exists()
    assert not paths.derived_folder(copy.sha256).exists()


@pytest.mark.django_db(transaction=True)
def test_deleting_a_copy_leaves_the_photo_and_removes_its_rendition(photo: Photo) -> None:
    copy, _ = save_copy(photo, CROP)
    pipeline.drain()
    copy.refresh_from_db()
    folder = paths.shown_folder(copy)
    assert folder.exists()
    deletion.delete(Photo.objects.filter(pk=copy.pk))
    assert paths.original_path(photo).exists()
    assert not folder.exists()
    assert paths.shown_file(photo, "small").exists()


@pytest.mark.django_db(transaction=True)
def test_both_deleted_at_once_leave_nothing(photo: Photo) -> None:
    save_copy(photo, CROP)
    file = paths.original_path(photo)
    deletion.delete(Photo.objects.all())
    assert (file.exists(), Photo.objects.count()) == (False, 0)


def test_another_owners_copies_are_another_family(make_photo: MakePhoto, owner: User, stranger: User) -> None:
    mine, theirs = make_photo(sha256="a" * 64), make_photo(sha256="a" * 64, owner=stranger)
    make_copy(theirs, stranger)
    assert make_copy(mine, owner).copy_number == 1
    deletion.delete(Photo.objects.filter(owner=stranger))
    assert Photo.objects.filter(owner=owner).count() == 2


def test_the_space_of_a_file_counts_once(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo(size=1000)
    make_copy(photo, owner)
    assert room.used_bytes(owner) == 1000


@pytest.mark.django_db(transaction=True)
def test_what_is_written_into_the_file_is_the_photos(photo: Photo, owner: User) -> None:
    copy, _ = save_copy(photo, CROP)
    bulk.make(owner, Photo.objects.filter(pk=photo.pk), edits.set_words(title="Lisbon"), owner)
    with pytest.raises(file_writing.NotWritten, match="a copy without a file of its own"):
        file_writing.write_file(copy)
    photo.refresh_from_db()
    before = photo.sha256
    assert file_writing.write_file(photo)
    photo.refresh_from_db()
    copy.refresh_from_db()
    assert copy.sha256 == photo.sha256 != before
    pipeline.drain()
    copy.refresh_from_db()
    assert copy.picture_edit == given(CROP)
    assert list(file_writing.writable(Photo.objects.all())) == [photo]


@pytest.mark.django_db(transaction=True)
def test_a_sidecar_is_that_of_the_photo_with_the_file(
    photo: Photo, owner: User, settings: pytest.FixtureRequest
) -> None:
    settings.MIRAGE_WRITE_SIDECARS = "library"  # type: ignore[attr-defined]
    copy, _ = save_copy(photo, CROP)
    bulk.make(owner, Photo.objects.filter(pk=copy.pk), edits.set_words(title="Of the copy"), owner)
    assert not sidecar_writing.is_allowed(copy)
    pipeline.drain()
    sidecar = paths.original_path(photo).with_name("IMG_1.jpg.xmp")
    assert not sidecar.exists() or "Of the copy" not in sidecar.read_text()


@pytest.mark.django_db(transaction=True)
def test_the_sidecar_of_another_program_speaks_for_the_copies_too(photo: Photo, tmp_path: Path) -> None:
    copy, _ = save_copy(photo, CROP)
    sidecar = tmp_path / "IMG_1.jpg.xmp"
    sidecar.write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>'
    )
    intake.attachments.attach(photo, [sidecar])
    pipeline.drain()
    assert list(Photo.objects.values_list("rating", flat=True)) == [3, 3]
    deletion.delete(Photo.objects.filter(pk=photo.pk))
    pipeline.demand("metadata", [copy.pk])
    pipeline.drain()
    copy.refresh_from_db()
    assert copy.rating == 3  # the sidecar stays with the file


def test_a_raw_is_stacked_with_its_jpeg_and_the_copies(make_photo: MakePhoto, owner: User) -> None:
    jpeg = make_photo(name="IMG_1.JPG")
    copy = make_copy(jpeg, owner)
    raw = make_photo(name="IMG_1.CR2", media_type="image/x-canon-cr2", taken=jpeg.taken_local.replace(tzinfo=None))
    stacks.stack([raw.pk])
    found = {one.stack for one in Photo.objects.filter(pk__in=[jpeg.pk, copy.pk, raw.pk])}
    stack = found.pop()
    assert not found
    assert stack is not None
    assert (stack.kind, stack.cover) == (Stack.Kind.RAW, jpeg)


def test_a_copy_is_no_duplicate(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo()
    copy = make_copy(photo, owner)
    assert finding.candidates(owner, [photo.pk, copy.pk]) == []
    assert not StageRun.objects.filter(photo=copy, stage="duplicates").exists()
