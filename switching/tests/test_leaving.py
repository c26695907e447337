"""Leaving with everything, and coming back: the round trip keeps the catalogue, but for ids."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from albums import actions as album_actions
from albums import items
from albums.models import Album
from mirage.refusals import NotPossible
from people import actions as people_actions
from people.models import Face
from photos import catalogue
from photos.editing import bulk, edits
from photos.gallery import stacks
from photos.ingest import folders
from photos.models import Photo
from switching.leaving import export_library, places_of
from switching.tests.test_acts import bring
from tags.keywords import change_keywords

pytestmark = pytest.mark.django_db
STAGES = ["metadata", "keywords"]


def take_in(owner: User, folder: Path) -> None:
    """Import a folder, and do what reads words; people are read where faces are looked for."""
    from people import regions
    from photos.pipeline import work

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
    assert "0 originals, 5 sidecars and 0 links" in capsys.readouterr().out
    assert not list((tmp_path / "out").rglob("*.jpg"))
