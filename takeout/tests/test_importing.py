"""What both kinds of exports share: the report, albums, stacks, names."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from albums.models import Album
from photos.ingest.comebacks import Comebacks
from photos.ingest.intake import Outcome, Status
from photos.models import ImportFailure, Photo, PhotoFile, Stack, StageRun
from takeout import importing
from takeout.importing import Import, Report, fill_album, free_name, stack_edited, whole_name
from takeout.sources import BadExport, Folder, Member

Maker = Callable[..., Photo]


@pytest.fixture
def under_way(owner: User) -> Import:
    return Import(owner, Report(), timezone.now(), Comebacks(owner))


def member(folder: Path, name: str = "a.jpg") -> Member:
    source = Folder(folder)
    source.files[name] = folder / name
    return Member(source, name, 1, 0.0)


# --- the report ------------------------------------------------------------------------------------------------------


def test_a_report_as_plain_data() -> None:
    report = Report("iCloud", 2, 1, skipped=["x.txt"], failures={"a.jpg": "Damaged."}, albums={"Rome": 2})
    assert report.as_dict() == {
        "kind": "iCloud",
        "added": 2,
        "already_there": 1,
        **dict.fromkeys(("in_trash", "back_from_trash", "described", "favourites"), 0),
        **dict.fromkeys(("archived", "trashed", "edited"), 0),
        "skipped": 1,
        "left_out": 0,
        "failed": 1,
        "albums": [{"name": "Rome", "photos": 2}],
        "undescribed": [],
        "unmatched": [],
        "skipped_files": ["x.txt"],
        "left_out_files": [],
        "failures": [{"file": "a.jpg", "reason": "Damaged."}],
    }


def test_photos_that_could_not_be_prepared_count_as_failures(make_photo: Maker) -> None:
    broken, fine, old = make_photo(), make_photo(), make_photo()
    for photo, status in ((broken, "failed"), (fine, "done"), (old, "failed")):
        StageRun.objects.create(photo=photo, stage="thumbnails", status=status, error="It is damaged.")
    report = Report(added=2, new={broken.pk: "a.jpg", fine.pk: "b.jpg"})
    report.include_refused()
    assert (report.added, report.failures) == (1, {"a.jpg": "It is damaged."})


@pytest.mark.parametrize("again", [False, True])
def test_added_photos_are_counted_with_their_flags(
    under_way: Import, make_photo: Maker, tmp_path: Path, again: bool
) -> None:
    photo = make_photo()
    outcome = Outcome(Status.PRESENT if again else Status.ADDED, photo)
    importing.count(under_way, outcome, member(tmp_path).label, importing.Flags(True, True, True))
    report = under_way.report
    assert (report.added, report.already_there) == ((0, 1) if again else (1, 0))
    assert (report.favourites, report.archived, report.trashed) == ((0, 0, 0) if again else (1, 1, 1))
    assert report.new == ({} if again else {photo.pk: f"{tmp_path}/a.jpg"})


def test_a_known_photo_becomes_a_favourite_with_its_description(
    under_way: Import, make_photo: Maker, tmp_path: Path
) -> None:
    photo = make_photo()
    PhotoFile.objects.create(photo=photo, kind="sidecar", path="a.json", sha256="0" * 64, size=1)
    outcome = Outcome(Status.PRESENT, photo)
    for _ in range(2):
        importing.count(under_way, outcome, member(tmp_path).label, importing.Flags(favourite=True))
        photo.refresh_from_db()
    assert photo.favourite
    assert under_way.report.favourites == 1


def test_files_without_a_description(under_way: Import, tmp_path: Path) -> None:
    members = [member(tmp_path, name) for name in ("a.jpg", "b.jpg", "gone.jpg")]
    under_way.ids = {members[0].label: 1, members[1].label: 2}
    under_way.described = {1}
    assert importing.undescribed(under_way, members) == [members[1].label]


# --- one file --------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_reported_and_needs_attention(under_way: Import, tmp_path: Path) -> None:
    gone = member(tmp_path, "gone.jpg")
    assert importing.import_member(under_way, gone) is None
    assert list(under_way.report.failures) == [gone.label]
    failure = ImportFailure.objects.get()
    assert failure.path == gone.label
    assert failure.reason.endswith("Import the export again to retry.")


def test_a_file_that_is_imported_later_needs_no_attention(under_way: Import, make_picture: Callable[..., Path]) -> None:
    path = make_picture("a.jpg")
    found = member(path.parent, "a.jpg")
    ImportFailure.objects.create(owner=under_way.owner, path=found.label, reason="No.")
    photo_id = importing.import_member(under_way, found, flags=importing.Flags(favourite=True))
    assert photo_id
    assert Photo.objects.get(pk=photo_id).favourite
    assert under_way.ids == {found.label: photo_id}
    assert not ImportFailure.objects.exists()


def test_files_that_are_not_photos_are_skipped(under_way: Import, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no picture")
    text = member(tmp_path, "a.txt")
    assert importing.import_member(under_way, text) is None
    assert under_way.report.skipped == [text.label]


def test_a_folder_that_is_not_an_export(owner: User, make_picture: Callable[..., Path]) -> None:
    with pytest.raises(BadExport, match="Import other folders as folders of photos"):
        importing.import_export(owner, [make_picture("a.jpg").parent])


# --- names -----------------------------------------------------------------------------------------------------------

LONG = "x" * 42


@pytest.mark.parametrize(
    ("name", "title", "whole"),
    [
        (f"{LONG}1.jpg", f"{LONG}12345.jpg", f"{LONG}12345.jpg"),
        (f"{LONG}1.JPG", f"{LONG}12345.jpg", f"{LONG}12345.jpg"),
        (f"{LONG}1.jpg", f"{LONG}12345.png", f"{LONG}1.jpg"),  # of another file
        (f"{LONG}1.jpg", "another title.jpg", f"{LONG}1.jpg"),
        (f"{LONG}.jpg", f"{LONG}12345.jpg", f"{LONG}.jpg"),  # short enough not to have been cut
        ("a.jpg", "a long title.jpg", "a.jpg"),
    ],
)
def test_cut_names_are_completed(name: str, title: str, whole: str) -> None:
    assert whole_name(name, title) == whole


def test_albums_with_the_same_title_are_numbered() -> None:
    names: set[str] = set()
    assert [free_name("Rome", names) for _ in range(3)] == ["Rome", "Rome (2)", "Rome (3)"]
    assert free_name("x" * 300, names) == "x" * 240


# --- albums and stacks -----------------------------------------------------------------------------------------------


def listed(album: Album) -> list[int]:
    return list(album.items.order_by("position").values_list("photo_id", flat=True))


def test_albums_are_filled_by_time(owner: User, make_photo: Maker) -> None:
    later, earlier = make_photo(taken=timezone.now().replace(tzinfo=None)), make_photo()
    assert fill_album(owner, "Rome", "A week", [later.pk, earlier.pk]) == 2
    album = Album.objects.get()
    assert (album.name, album.description, listed(album)) == ("Rome", "A week", [earlier.pk, later.pk])


def test_missing_photos_are_added_at_the_end(owner: User, make_photo: Maker) -> None:
    photos = [make_photo() for _ in range(3)]
    fill_album(owner, "Rome", "", [photos[2].pk])
    assert fill_album(owner, "Rome", "changed", [photo.pk for photo in photos]) == 3
    album = Album.objects.get()
    assert (album.description, listed(album)) == ("", [photos[2].pk, photos[0].pk, photos[1].pk])


def test_only_the_owners_album_of_photos_is_filled(owner: User, stranger: User, make_photo: Maker) -> None:
    others = [
        Album.objects.create(owner=stranger, name="Rome"),
        Album.objects.create(owner=owner, name="Rome", kind=Album.Kind.SMART, query="place:Rome"),
    ]
    fill_album(owner, "Rome", "", [make_photo().pk])
    assert [album.items.count() for album in others] == [0, 0]


def test_an_edited_copy_is_stacked_on_its_original(owner: User, make_photo: Maker) -> None:
    original, copy = make_photo(), make_photo()
    ids = {"a.jpg": original.pk, "a-edited.jpg": copy.pk}
    assert stack_edited(owner, [("a.jpg", "a-edited.jpg")], ids) == 1
    stack = Stack.objects.get()
    assert (stack.kind, stack.cover) == (Stack.Kind.MANUAL, copy)
    assert set(stack.photos.all()) == {original, copy}
    assert stack_edited(owner, [("a.jpg", "a-edited.jpg")], ids) == 0


@pytest.mark.parametrize("ids", [{"a.jpg": None, "b.jpg": 1}, {"a.jpg": 1}, {"a.jpg": 1, "b.jpg": 1}])
def test_missing_and_identical_photos_are_not_stacked(owner: User, ids: dict[str, int | None]) -> None:
    assert stack_edited(owner, [("a.jpg", "b.jpg")], ids) == 0
    assert not Stack.objects.exists()


def test_a_stack_that_the_owner_made_is_left_alone(owner: User, make_photo: Maker) -> None:
    mine = Stack.objects.create(owner=owner)
    original, copy = make_photo(stack=mine), make_photo()
    assert stack_edited(owner, [("a", "b")], {"a": original.pk, "b": copy.pk}) == 0
    assert Photo.objects.filter(stack=mine).count() == 1
