"""What lies in the trash and comes again is brought back, said so, and can be put back."""

import os
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts import history, undoing
from accounts.models import Activity, User
from photos.ingest import comebacks, folders, watching
from photos.models import Photo

Make = Callable[..., Path]
pytestmark = pytest.mark.django_db


@pytest.fixture
def root(owner: User, make_picture: Make) -> Path:
    """A folder of three photos, all imported, two in the trash."""
    folder = make_picture("a.jpg").parent
    make_picture("b.jpg", colour="red")
    make_picture("c.jpg", colour="green")
    folders.import_folder(owner, folder)
    Photo.objects.filter(original_name__in=["a.jpg", "b.jpg"]).trash()
    return folder


def trashed() -> list[str]:
    return sorted(Photo.objects.trashed().values_list("original_name", flat=True))


def test_an_import_brings_them_back_in_one_action(owner: User, root: Path) -> None:
    report = folders.import_folder(owner, root)
    assert (report.added, report.already_there, report.back_from_trash, report.in_trash) == (0, 1, 2, 0)
    assert trashed() == []
    action = Activity.objects.get()
    assert history.told([action])[0].told.sentence == "2 photos restored from the trash"
    undoing.undo(action, owner)
    assert trashed() == ["a.jpg", "b.jpg"]


def test_putting_them_back_leaves_them_all_their_days(owner: User, root: Path) -> None:
    Photo.objects.trashed().update(trashed_at="2020-01-01T00:00:00Z")
    folders.import_folder(owner, root)
    undoing.undo(Activity.objects.get(), owner)
    assert Photo.objects.trashed().first().trashed_at.year > 2020


def test_undo_does_not_trash_twice(owner: User, root: Path) -> None:
    folders.import_folder(owner, root)
    Photo.objects.filter(original_name="a.jpg").trash()
    undoing.undo(Activity.objects.get(), owner)
    assert trashed() == ["a.jpg", "b.jpg"]


def test_two_files_of_one_photo_are_one_that_comes_back(owner: User, root: Path) -> None:
    shutil.copy(root / "a.jpg", root / "copy.jpg")
    report = folders.import_folder(owner, root)
    assert (report.back_from_trash, report.already_there) == (2, 2)


def test_many_come_back_in_a_few_actions(owner: User, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comebacks, "AT_ONCE", 1)
    folders.import_folder(owner, root)
    assert trashed() == []
    assert Activity.objects.count() == 2


def test_an_import_that_is_interrupted_has_brought_back_what_it_met(owner: User, root: Path) -> None:
    def stop(path: Path) -> None:
        if path.name == "b.jpg":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folders.import_folder(owner, root, on_file=stop)
    assert trashed() == ["b.jpg"]


def test_the_command_says_so(owner: User, root: Path) -> None:
    out = StringIO()
    call_command("import_folder", str(root), owner="anna", keep_trash=True, stdout=out)
    assert trashed() == ["a.jpg", "b.jpg"]
    assert "2 photos of those already there are in the trash" in out.getvalue()
    out = StringIO()
    call_command("import_folder", str(root), owner="anna", stdout=out)
    assert "2 photos restored from the trash" in out.getvalue()
    assert trashed() == []


def test_a_watched_folder_brings_back_only_what_appears(owner: User, root: Path) -> None:
    """A photo that was thrown away may lie in the folder still: a change beside it is no reason to bring it back."""
    again = watching.again_among({root / "b.jpg"})
    assert folders.import_folder(owner, root, comes_again=again).back_from_trash == 1
    assert trashed() == ["a.jpg"]
    assert folders.import_folder(owner, root, comes_again=watching.again_among({root})).back_from_trash == 1


def test_a_file_in_place_that_never_went_away_does_not_come_again(owner: User, make_picture: Make) -> None:
    path = make_picture("p.jpg", folder="place")
    folders.import_folder(owner, path.parent, in_place=True)
    Photo.objects.all().trash()
    report = folders.import_folder(owner, path.parent, in_place=True)
    assert (report.back_from_trash, report.already_there, report.in_trash) == (0, 1, 1)
    os.utime(path, (1, 1))
    assert folders.import_folder(owner, path.parent, in_place=True).back_from_trash == 1
    assert trashed() == []


def test_another_owners_trash_is_another_matter(owner: User, stranger: User, root: Path) -> None:
    assert folders.import_folder(stranger, root).added == 3
    assert trashed() == ["a.jpg", "b.jpg"]
