"""Leaving with everything, and coming back: the round trip keeps the catalogue, but for ids."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from PIL import Image

from accounts.models import User
from albums import actions as album_actions
from albums import items
from albums.models import Album
from media.tests.videos import write
from mirage.refusals import NotPossible
from people import actions as people_actions
from people import regions
from people.models import Face
from photos import catalogue
from photos.editing import bulk, edits, renditions
from photos.editing.picture_edits import set_picture
from photos.editing.virtual_copies import make_copy
from photos.gallery.stacking import stacks
from photos.ingest import folders
from photos.models import Photo
from photos.pipeline import work
from photos.storage import copies, paths
from photos.tests.editing.test_picture_edits import CROP, LIGHT, given
from photos.tests.editing.test_video_edits import TRIM, rendered
from switching.leaving import Parts, export_library, places_of
from switching.tests.test_acts import bring
from tags.keywords import change_keywords

pytestmark = pytest.mark.django_db
STAGES = ["metadata", "keywords"]


def take_in(owner: User, folder: Path) -> None:
    """Import a folder, and do what reads words; people are read where faces are looked for."""
    folders.import_folder(owner, folder)
    for stage in STAGES:
        work(stage)
    for photo in Photo.objects.filter(owner=owner):
        regions.apply(photo)


def described(owner: User) -> list[dict[str, Any]]:
    """The catalogue without ids, paths and what models do."""
    lines = []
    for line in catalogue.export(Photo.objects.filter(owner=owner)):
        gone = (
            "id",
            "path",
            "folder",
            "errors",
            "objects",
            "duplicates",
            "copies",
            "text",
            "taken_source",
            "width",
            "height",
        )
        kept = {name: value for name, value in line.items() if name not in gone}
        kept["stack"] = kept["stack"] and kept["stack"]["cover"]
        kept["people"] = sorted((face["name"], [round(side, 3) for side in face["box"]]) for face in kept["people"])
        lines.append(kept)
    return sorted(lines, key=lambda line: str(line["sha256"]))


@pytest.fixture
def lived_in(owner: User, make_picture: Callable[..., Path]) -> User:
    """A library with something of everything."""
    for number in range(4):
        make_picture(f"IMG_{number}.jpg", folder="in", size=(80, 60))
    take_in(owner, make_picture("IMG_9.jpg", folder="in").parent)
    photos = list(Photo.objects.filter(owner=owner).order_by("original_name"))
    one = Photo.objects.filter(pk=photos[0].pk)
    bulk.make(owner, one, edits.set_words(title="Title", description="Line one\nline two", rating=4), owner)
    bulk.make(owner, one, change_keywords(["travel/italy", "sun"]), owner)
    bulk.make(owner, one, edits.set_time(photos[0].taken_local.replace(year=2019, tzinfo=None), 120), owner)
    people_actions.draw(photos[1], (0.25, 0.25, 0.25, 0.25), owner)
    people_actions.name_faces(list(Face.objects.select_related("photo")), "Emma O'Neill", owner)
    Photo.objects.filter(pk=photos[2].pk).update(favourite=True, archived=True)
    folder = album_actions.create(owner, "Travels", kind=Album.Kind.FOLDER)
    rome = album_actions.create(owner, "Rome / 2024", parent=folder)
    items.add(rome, [photos[0].pk, photos[1].pk], owner)
    stacks.make([photos[3], photos[4]], photos[4])
    return owner


def test_what_is_written(lived_in: User, tmp_path: Path) -> None:
    done = export_library(lived_in, tmp_path / "out")
    assert (done.originals, done.sidecars, done.links, done.failures) == (5, 5, 2, {})
    places = dict(places_of(lived_in))
    first = Photo.objects.order_by("original_name")[0]
    target = tmp_path / "out/originals" / places[first.pk]
    sidecar = target.with_name(f"{target.name}.xmp").read_text()
    assert "travel|italy" in sidecar
    assert "Emma O" in "".join(path.read_text() for path in (tmp_path / "out").rglob("*.xmp"))
    links = sorted((tmp_path / "out/albums/Travels/Rome - 2024").iterdir())
    assert [link.read_bytes() for link in links if link.name.endswith(first.original_name)] == [target.read_bytes()]
    assert all(link.is_symlink() and not Path(link.readlink()).is_absolute() for link in links)
    assert len((tmp_path / "out/catalogue.jsonl").read_text().splitlines()) == 5


def test_the_second_time_writes_nothing(lived_in: User, tmp_path: Path) -> None:
    export_library(lived_in, tmp_path / "out")
    again = export_library(lived_in, tmp_path / "out")
    assert (again.originals, again.sidecars, again.links, again.unchanged) == (0, 0, 0, 12)


def test_the_round_trip_keeps_the_catalogue_but_for_ids(lived_in: User, stranger: User, tmp_path: Path) -> None:
    export_library(lived_in, tmp_path / "out")
    take_in(stranger, tmp_path / "out/originals")
    alone = described(stranger)
    assert [line["title"] for line in alone if line["title"]] == ["Title"]
    assert [line["people"] for line in alone if line["people"]] == [[("Emma O'Neill", [0.25, 0.25, 0.25, 0.25])]]
    report, _ = bring(stranger, tmp_path / "out", "mirage")
    assert report.counts["found by content"] == 5
    assert described(stranger) == described(lived_in)


def edit(photo: Photo, *operations: dict[str, Any]) -> None:
    bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), set_picture(photo, given(*operations)), photo.owner)


@pytest.fixture
def edited(lived_in: User) -> list[Photo]:
    """The photos; the first, which is in an album, is cut to its middle."""
    while work("thumbnails"):
        pass
    photos = list(Photo.objects.filter(owner=lived_in).order_by("original_name"))
    edit(photos[0], CROP)
    return photos


@pytest.mark.django_db(transaction=True)
def test_edited_pictures_are_written_once_and_stand_in_albums(
    lived_in: User, edited: list[Photo], tmp_path: Path
) -> None:
    done = export_library(lived_in, tmp_path / "out")
    assert (done.originals, done.edited, done.failures) == (5, 1, {})
    (file,) = (tmp_path / "out/edited").rglob("*.jpg")
    with Image.open(file) as picture:
        assert picture.size == (40, 30)
    assert b"Title" in file.read_bytes()
    links = {link.name: link.resolve() for link in (tmp_path / "out/albums/Travels/Rome - 2024").iterdir()}
    assert file.resolve() in links.values()
    assert len(links) == 2
    again = export_library(lived_in, tmp_path / "out")
    assert (again.originals, again.edited, again.links) == (0, 0, 0)
    edit(Photo.objects.get(pk=edited[0].pk), LIGHT)
    assert export_library(lived_in, tmp_path / "out").edited == 1


def test_albums_may_have_copies_instead_of_links(lived_in: User, tmp_path: Path) -> None:
    parts = Parts(links=False)
    assert export_library(lived_in, tmp_path / "out", parts).links == 2
    copies = list((tmp_path / "out/albums/Travels/Rome - 2024").iterdir())
    assert [file.is_symlink() for file in copies] == [False, False]
    assert export_library(lived_in, tmp_path / "out", parts).links == 0
    copies[0].write_bytes(b"changed")
    assert export_library(lived_in, tmp_path / "out", parts).links == 1
    assert export_library(lived_in, tmp_path / "out").links == 2  # links again


@pytest.mark.django_db(transaction=True)
def test_edited_pictures_of_one_name_are_as_many_files(lived_in: User, edited: list[Photo], tmp_path: Path) -> None:
    for photo, name in zip(edited, ("IMG.jpg", "IMG.NEF", "IMG.NEF.jpg", "IMG.jpeg", "foto 12.05"), strict=True):
        Photo.objects.filter(pk=photo.pk).update(original_name=name, taken_local=edited[0].taken_local)
        edit(Photo.objects.get(pk=photo.pk), LIGHT)
    done = export_library(lived_in, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out/edited").rglob("*.*") if path.name != ".made.json"}
    assert done.edited == 5
    assert names == {"IMG.jpg", "IMG.NEF-2.jpg", "IMG.NEF.jpg", "IMG.jpeg", "foto 12.05.jpg"}
    assert export_library(lived_in, tmp_path / "out").edited == 0


@pytest.mark.django_db(transaction=True)
def test_no_second_copy_of_an_edited_picture_stays_in_the_library(
    lived_in: User, edited: list[Photo], tmp_path: Path
) -> None:
    assert export_library(lived_in, tmp_path / "one").edited == 1
    assert not list(paths.copies_folder().glob("*"))
    downloaded = copies.copy_of(Photo.objects.get(pk=edited[0].pk), copies.Form()).path
    assert export_library(lived_in, tmp_path / "two").edited == 1
    assert downloaded.exists()  # somebody may be downloading it


@pytest.mark.django_db(transaction=True)
def test_an_edited_video_waits_for_its_edit(owner: User, make_photo: Callable[..., Photo], tmp_path: Path) -> None:
    clip = make_photo(name="a.mp4", kind="video", media_type="video/mp4", duration=4.0, width=96, height=64)
    paths.original_path(clip).parent.mkdir(parents=True)
    write(paths.original_path(clip), seconds=4)
    edit(clip, TRIM)
    rendered(clip)
    assert export_library(owner, tmp_path / "out").edited == 1
    (file,) = (tmp_path / "out/edited").rglob("*.mp4")
    before = file.read_bytes()
    edit(clip, {**TRIM, "end": 2.0})
    done = export_library(owner, tmp_path / "out")
    assert list(done.failures.values()) == ["The edited video is still being made. Try again later."]
    assert [path.name for path in (tmp_path / "out/edited").rglob("a.*")] == ["a.mp4"]
    rendered(clip)
    assert export_library(owner, tmp_path / "out").edited == 1
    assert file.read_bytes() != before
    assert renditions.full_file(clip) is not None


@pytest.mark.django_db(transaction=True)
def test_an_edited_picture_that_failed_is_made_the_next_time(
    lived_in: User, edited: list[Photo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_library(lived_in, tmp_path / "out")
    (file,) = (tmp_path / "out/edited").rglob("*.jpg")
    before = file.read_bytes()
    edit(Photo.objects.get(pk=edited[0].pk), LIGHT)
    with monkeypatch.context() as patched:

        def full(photo: Photo, form: copies.Form) -> copies.Copy:
            raise OSError(28, "No space left on device")

        patched.setattr(copies, "copy_of", full)
        assert len(export_library(lived_in, tmp_path / "out").failures) == 1
    assert file.read_bytes() == before
    assert export_library(lived_in, tmp_path / "out").edited == 1
    assert file.read_bytes() != before


@pytest.mark.django_db(transaction=True)
def test_what_was_made_before_a_stop_is_not_made_again(lived_in: User, edited: list[Photo], tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_library(lived_in, tmp_path / "out", on_photo=stop)
    again = export_library(lived_in, tmp_path / "out")
    assert (again.edited, again.failures) == (0, {})


@pytest.mark.django_db(transaction=True)
def test_a_link_follows_what_stands_for_its_photo(lived_in: User, edited: list[Photo], tmp_path: Path) -> None:
    export_library(lived_in, tmp_path / "out", Parts(edited=False))
    assert export_library(lived_in, tmp_path / "out").links == 1
    links = [link.readlink() for link in (tmp_path / "out/albums/Travels/Rome - 2024").iterdir()]
    assert sum("edited" in link.parts for link in links) == 1


@pytest.mark.parametrize("links", [True, False])
def test_albums_alone_have_files(lived_in: User, tmp_path: Path, links: bool) -> None:
    alone = Parts(originals=False, sidecars=False, edited=False, links=links)
    first, second = list(Photo.objects.filter(owner=lived_in).order_by("original_name"))[:2]
    done = export_library(lived_in, tmp_path / "out", alone)
    files = list((tmp_path / "out/albums/Travels/Rome - 2024").iterdir())
    assert (done.links, done.failures) == (2, {})
    assert sorted(file.read_bytes() for file in files) == sorted(
        paths.original_path(photo).read_bytes() for photo in (first, second)
    )
    assert export_library(lived_in, tmp_path / "out", alone).links == 0
    paths.original_path(first).unlink()
    again = export_library(lived_in, tmp_path / "new", alone)
    assert (again.links, len(again.failures)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_a_photo_goes_and_comes_back_with_its_edit(
    lived_in: User, edited: list[Photo], stranger: User, tmp_path: Path
) -> None:
    copy = make_copy(edited[1], lived_in, set_picture(edited[1], given(LIGHT)))
    bulk.make(lived_in, Photo.objects.filter(pk=copy.pk), edits.set_words(title="Copy", rating=2), lived_in)
    done = export_library(lived_in, tmp_path / "out")
    assert (done.originals, done.sidecars, done.edited) == (5, 5, 2)
    take_in(stranger, tmp_path / "out/originals")
    bring(stranger, tmp_path / "out", "mirage")
    here = Photo.objects.get(owner=stranger, copy_number=1)
    assert (here.title, here.rating, here.picture_edit) == ("Copy", 2, given(LIGHT))
    assert {line["title"] for line in described(stranger)} == {line["title"] for line in described(lived_in)}


def texts(tree: ElementTree.Element, name: str) -> list[str]:
    """The texts of all elements of this name and below, whatever their namespace."""
    return [text for one in tree.iter() if one.tag.endswith("}" + name) for text in one.itertext() if text.strip()]


def test_other_programs_find_names_and_trees_where_they_look(lived_in: User, tmp_path: Path) -> None:
    """Immich: TagsList, and regions if they say of which dimensions. digiKam: these, or Lightroom's tree with bars.

    PhotoPrism takes titles and captions from a sidecar; keywords and names only from the file.
    """
    export_library(lived_in, tmp_path / "out")
    trees = [ElementTree.parse(path).getroot() for path in (tmp_path / "out").rglob("*.xmp")]
    (tagged,) = [tree for tree in trees if texts(tree, "TagsList")]
    assert sorted(texts(tagged, "TagsList")) == ["sun", "travel/italy"]
    assert sorted(texts(tagged, "hierarchicalSubject")) == ["sun", "travel|italy"]
    assert sorted(texts(tagged, "subject")) == ["italy", "sun"]
    assert (texts(tagged, "title"), texts(tagged, "Rating")) == (["Title"], ["4"])
    (named,) = [tree for tree in trees if texts(tree, "RegionList")]
    assert (texts(named, "Name"), texts(named, "Type")) == (["Emma O'Neill"], ["Face"])
    (size,) = [one for one in named.iter() if one.tag.endswith("}AppliedToDimensions")]
    assert {name.rpartition("}")[2]: value for name, value in size.attrib.items()} == {
        "w": "80",
        "h": "60",
        "unit": "pixel",
    }
    (area,) = [one for one in named.iter() if one.tag.endswith("}Area")]
    values = {name.rpartition("}")[2]: value for name, value in area.attrib.items()}
    assert values == {"x": "0.375000", "y": "0.375000", "w": "0.250000", "h": "0.250000", "unit": "normalized"}


def test_two_photos_of_one_name_are_two_files(owner: User, make_photo: Callable[..., Photo]) -> None:
    for _ in range(2):
        make_photo(name="IMG.jpg")
    make_photo(name="img.JPG")
    make_photo(name="noextension")
    assert [str(place) for _, place in places_of(owner)] == [
        "2024/05/IMG.jpg", "2024/05/IMG-2.jpg", "2024/05/img-3.JPG", "2024/05/noextension",
    ]  # fmt: skip


def test_a_missing_original_is_told_and_others_go_on(
    owner: User, make_photo: Callable[..., Photo], tmp_path: Path
) -> None:
    make_photo(name="gone.jpg")
    done = export_library(owner, tmp_path / "out")
    assert list(done.failures) == ["anna/2024/05/gone.jpg"]
    assert json.loads((tmp_path / "out/catalogue.jsonl").read_text())["original_name"] == "gone.jpg"


def test_it_is_not_written_into_itself(owner: User, library: Path) -> None:
    with pytest.raises(NotPossible, match="belongs to Mirage"):
        export_library(owner, library / "originals" / "out")


def test_the_command(lived_in: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_library", str(tmp_path / "out"), "--owner", "anna", "--sidecars")
    assert "0 originals, 5 sidecars, 0 edited pictures and 0 files in albums" in capsys.readouterr().out
    assert not list((tmp_path / "out").rglob("*.jpg"))
