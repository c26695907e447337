"""Google Takeout: photos with their JSON, albums, flags, people, and no duplicates."""

import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from albums.models import Album
from photos import pipeline
from photos.models import ImportFailure, Photo, Stack
from photos.storage import paths
from takeout import google, importing
from takeout.sources import BadExport
from takeout.tests.conftest import Part

MakePart = Callable[[], Part]


def work() -> None:
    for name in ("metadata", "keywords"):
        while pipeline.perform_next(pipeline.STAGES[name]):
            pass


def taken_in(owner: User, *parts: Part) -> importing.Report:
    report = importing.import_export(owner, [part.root for part in parts])
    work()
    return report


def names_in(album: Album) -> list[str]:
    return list(album.items.order_by("position").values_list("photo__original_name", flat=True))


def test_photos_get_what_their_json_says(owner: User, make_part: MakePart) -> None:
    part = make_part()
    part.photo("Photos from 2019/a.jpg", 1)
    position = {"latitude": 48.8584, "longitude": 2.2945, "altitude": 33.0}
    part.json(
        "Photos from 2019/a.jpg.supplemental-metadata.json",
        "a.jpg",
        description="The tower",
        geoData=position,
        people=[{"name": "Ada"}],
        favorited=True,
    )
    report = taken_in(owner, part)
    photo = Photo.objects.get()
    assert (photo.taken_at.isoformat(), photo.taken_source) == ("2019-01-02T12:00:00+00:00", "takeout")
    assert (photo.description, photo.latitude, photo.place) == ("The tower", 48.8584, "Paris")
    assert photo.favourite
    assert [tag.path for tag in photo.tags.all()] == ["people/Ada"]
    assert photo.path.startswith("anna/2019/01/")
    assert (report.added, report.described, report.undescribed, report.unmatched) == (1, 1, [], [])
    assert not Album.objects.exists()  # the folder of a year is none


def test_cut_names_and_names_without_an_extension(owner: User, make_part: MakePart) -> None:
    part, folder, long = make_part(), "Photos from 2019", "x" * 44
    for shade, (photo, beside) in enumerate(
        [
            ("My holiday", "My holiday.supplemental-metadata.json"),
            ("Peanut Butter.jpg", "Peanut Butter.supplemental-metadata.json"),
            ("2013-12-23.jpg", "2013-12-23.supplemental-metadata.json"),
            ("2013-12-23(1).jpg", "2013-12-23.supplemental-metadata(1).json"),
            (f"{long}.jpg", f"{long}.j.json"),
            (f"{long}-ed.jpg", ""),
            ("CASE.JPG", "CASE.jpg.supplemental-metadata.json"),
        ]
    ):
        part.photo(f"{folder}/{photo}", shade)
        if beside:
            part.json(f"{folder}/{beside}", f"{shade}", description=beside)
    part.write(f"Takeout/Google Photos/{folder}/notes", b"no photo at all")
    report = taken_in(owner, part)
    assert (report.added, report.described, report.undescribed, report.unmatched) == (7, 7, [], [])
    assert [Path(label).name for label in report.skipped] == ["notes"]
    assert report.edited == 1
    told = dict(Photo.objects.values_list("original_name", "description"))
    assert told["2013-12-23(1).jpg"] == "2013-12-23.supplemental-metadata(1).json"
    assert told[f"{long}-ed.jpg"] == told[f"{long}.jpg"] == f"{long}.j.json"
    assert (told["My holiday"], told["CASE.JPG"]) == (
        "My holiday.supplemental-metadata.json",
        "CASE.jpg.supplemental-metadata.json",
    )


def test_halves_of_a_live_photo_without_identifiers(owner: User, make_part: MakePart, tmp_path: Path) -> None:
    part = make_part()
    part.photo("Photos from 2019/IMG_1.HEIC", 1)
    part.json("Photos from 2019/IMG_1.HEIC.json", "IMG_1.HEIC")
    part.write("Takeout/Google Photos/Photos from 2019/IMG_1.MP4", moving(tmp_path / "a.mp4"))
    taken_in(owner, part)
    stack = Stack.objects.get()
    assert (stack.kind, stack.cover.original_name if stack.cover else "") == (Stack.Kind.LIVE, "IMG_1.HEIC")
    assert stack.photos.count() == 2


def moving(path: Path) -> bytes:
    """A video of half a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(12):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


def test_an_album_and_its_year_hold_the_same_photo_once(owner: User, make_part: MakePart) -> None:
    part = make_part()
    for folder in ("Photos from 2019", "Rome"):
        part.photo(f"{folder}/a.jpg", 1)
        part.json(f"{folder}/a.jpg.json", "a.jpg", imageViews=folder)
    part.photo("Rome/b.jpg", 2)
    part.json("Rome/b.jpg.json", "b.jpg", photoTakenTime={"timestamp": "1500000000"})
    part.album("Rome/métadonnées.json", "Rome, la ville", "Une semaine")
    report = taken_in(owner, part)
    assert (report.added, report.already_there, report.albums) == (2, 1, {"Rome, la ville": 2})
    album = Album.objects.get()
    assert (album.name, album.description, names_in(album)) == ("Rome, la ville", "Une semaine", ["b.jpg", "a.jpg"])
    assert [photo.files.count() for photo in Photo.objects.all()] == [1, 1]


def test_parts_are_one_export(owner: User, make_part: MakePart) -> None:
    first, second = make_part(), make_part()
    first.photo("Trip/a.jpg", 1)
    second.json("Trip/a.jpg.json", "a.jpg", description="From the other part")
    second.album("Trip/Metadaten.json", "The trip")
    first.json("Trip/b.jpg.json", "b.jpg", photoTakenTime={"timestamp": "1500000000"})  # only in the folder of its year
    second.photo("Photos from 2017/b.jpg", 2)
    second.json("Photos from 2017/b.jpg.json", "b.jpg", photoTakenTime={"timestamp": "1500000000"})
    report = taken_in(owner, first, second)
    assert Photo.objects.get(original_name="a.jpg").description == "From the other part"
    assert names_in(Album.objects.get(name="The trip")) == ["b.jpg", "a.jpg"]
    assert report.unmatched == []


def test_importing_again_changes_nothing(owner: User, make_part: MakePart) -> None:
    part = make_part()
    part.photo("Trip/a.jpg", 1)
    part.json("Trip/a.jpg.json", "a.jpg", favorited=True)
    part.album("Trip/metadata.json", "Trip")
    taken_in(owner, part)
    Photo.objects.update(favourite=False)
    report = taken_in(owner, part)
    assert (report.added, report.already_there, report.albums) == (0, 1, {"Trip": 1})
    assert not Photo.objects.get().favourite  # what the owner changed since stays
    assert Album.objects.get().items.count() == 1


def test_known_photos_get_the_json_too(owner: User, make_part: MakePart) -> None:
    bare, full = make_part(), make_part()
    bare.photo("Trip/a.jpg", 1)
    bare.json("Trip/other.jpg.json", "other.jpg")
    taken_in(owner, bare)
    full.photo("Trip/a.jpg", 1)
    full.json("Trip/a.jpg.json", "a.jpg", favorited=True, description="Now known")
    taken_in(owner, full)
    photo = Photo.objects.get()
    assert (photo.favourite, photo.description) == (True, "Now known")


def test_archive_and_trash(owner: User, make_part: MakePart) -> None:
    part = make_part()
    for number, (folder, flags) in enumerate(
        {
            "Photos from 2019": {"archived": True},
            "Corbeille": {},
            "Archiv": {},
            "Photos from 2018": {"trashed": True},
        }.items()
    ):
        part.photo(f"{folder}/{number}.jpg", number)
        part.json(f"{folder}/{number}.jpg.json", f"{number}.jpg", **flags)
    report = taken_in(owner, part)
    assert set(Photo.objects.filter(archived=True).values_list("original_name", flat=True)) == {"0.jpg", "2.jpg"}
    assert set(Photo.objects.trashed().values_list("original_name", flat=True)) == {"1.jpg", "3.jpg"}
    assert (report.archived, report.trashed, report.albums) == (2, 2, {})


def test_counters_edited_copies_and_long_names(owner: User, make_part: MakePart) -> None:
    part = make_part()
    long = "x" * 60
    for shade, name in enumerate(["a.jpg", "a(1).jpg", "a-edited.jpg", long[:47] + ".jpg"]):
        part.photo(f"Photos from 2019/{name}", shade)
    part.json("Photos from 2019/a.jpg.json", "a.jpg", description="first")
    part.json("Photos from 2019/a.jpg(1).json", "a.jpg", description="second")
    part.json(f"Photos from 2019/{long[:46]}.json", f"{long}.jpg", description="third")
    report = taken_in(owner, part)
    found = dict(Photo.objects.values_list("original_name", "description"))
    assert found == {"a.jpg": "first", "a(1).jpg": "second", "a-edited.jpg": "first", f"{long}.jpg": "third"}
    assert (report.described, report.edited) == (4, 1)
    stack = Stack.objects.get()
    assert stack.cover.original_name == "a-edited.jpg"
    assert {photo.original_name for photo in stack.photos.all()} == {"a.jpg", "a-edited.jpg"}


def test_albums_with_equal_titles_stay_apart_and_untitled_ones_use_their_folder(
    owner: User, make_part: MakePart
) -> None:
    part = make_part()
    for shade, (folder, title) in enumerate({"Rome": "Rome", "Rome(1)": "Rome", "Sans titre(9)": ""}.items()):
        part.photo(f"{folder}/{shade}.jpg", shade)
        part.json(
            f"{folder}/{shade}.jpg.json", f"{shade}.jpg", photoTakenTime={"timestamp": str(1_500_000_000 + shade)}
        )
        part.album(f"{folder}/métadonnées.json", title)
    for _ in range(2):
        assert taken_in(owner, part).albums == {"Rome": 1, "Rome (2)": 1, "Sans titre(9)": 1}
    assert Album.objects.count() == 3


def test_unmatched_descriptions_are_reported(owner: User, make_part: MakePart) -> None:
    part = make_part()
    part.photo("Photos from 2019/a.jpg", 1)
    part.json("Photos from 2019/gone.jpg.json", "gone.jpg")
    part.write("Takeout/Google Photos/Photos from 2019/broken.jpg.json", b"{")
    part.write("Takeout/archive_browser.html", b"<p>")
    part.write("Takeout/Google Photos/user-generated-memory-titles.json", b'{"title": []}')
    part.write("Takeout/Google Photos/Photos from 2019/fake.jpg", b"no picture at all")
    report = taken_in(owner, part)
    assert [line.rpartition("/")[2] for line in report.undescribed] == ["a.jpg", "fake.jpg"]
    assert [line.rpartition("/")[2] for line in report.unmatched] == ["gone.jpg.json"]
    assert sorted(line.rpartition("/")[2] for line in report.skipped) == [
        "archive_browser.html",
        "user-generated-memory-titles.json",
    ]
    assert [label.rpartition("/")[2] for label in report.failures] == ["broken.jpg.json"]


@pytest.mark.parametrize(
    ("names", "years"),
    [
        ({"Photos from 2019", "Trip 2019"}, {"Photos from 2019"}),
        ({"Fotos von 2019", "2023年の写真"}, {"Fotos von 2019", "2023年の写真"}),
        ({"Kuvia 2019", "Kuvia 2020", "Rome 2021"}, {"Kuvia 2019", "Kuvia 2020"}),
        ({"2019", "2020"}, set()),
    ],
)
def test_folders_of_years(names: set[str], years: set[str]) -> None:
    assert google.year_folders(names) == years


def test_names_in_an_archive_are_not_paths(owner: User, tmp_path: Path, library: Path) -> None:
    part = Part(tmp_path / "evil.zip")
    part.photo("../../../../../../tmp/escape/a.jpg", 1)
    part.photo("/etc/b.jpg", 2)
    part.photo("Trip/..\\..\\c.jpg", 3)
    part.json("Trip/a.jpg.json", "../../evil.jpg")
    before = {path for path in tmp_path.rglob("*") if library not in path.parents}
    report = taken_in(owner, part)
    assert report.added == 3
    assert {path for path in tmp_path.rglob("*") if library not in path.parents} == before
    originals = paths.originals_folder()
    files = [path for path in originals.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert all(path.parent.parent.parent == originals / "anna" for path in files)


def test_a_damaged_file_is_listed_and_the_rest_imported(owner: User, tmp_path: Path) -> None:
    part = Part(tmp_path / "damaged.zip")
    part.photo("Trip/a.jpg", 1)
    part.photo("Trip/b.jpg", 2)
    part.json("Trip/a.jpg.json", "a.jpg")
    content = bytearray(part.root.read_bytes())
    with zipfile.ZipFile(part.root) as archive:
        info = archive.getinfo("Takeout/Google Photos/Trip/a.jpg")
        start = info.header_offset + 30 + len(info.filename)
    content[start + 100 : start + 140] = b"\0" * 40
    part.root.write_bytes(content)
    report = taken_in(owner, part)
    assert (report.added, len(report.failures)) == (1, 1)
    assert "damaged" in next(iter(report.failures.values()))
    assert ImportFailure.objects.get().path.endswith("damaged.zip/Takeout/Google Photos/Trip/a.jpg")
    assert list(paths.incoming_folder().iterdir()) == []


def test_a_folder_without_an_export_is_refused(owner: User, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.jpg").write_bytes(b"")
    (tmp_path / "plain" / "package.json").write_text('{"title": "A site", "description": ""}')
    for path in (tmp_path / "a.zip", tmp_path / "plain", tmp_path / "missing"):
        with pytest.raises(BadExport):
            importing.import_export(owner, [path])


def test_the_command_reports(owner: User, make_part: MakePart) -> None:
    part = make_part()
    part.photo("Trip/a.jpg", 1)
    part.json("Trip/a.jpg.json", "a.jpg")
    part.album("Trip/metadata.json", "Trip")
    out = StringIO()
    call_command("import_takeout", str(part.root), "--owner", "anna", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["kind"], said["added"], said["albums"]) == ("Google Takeout", 1, [{"name": "Trip", "photos": 1}])
    out = StringIO()
    call_command("import_takeout", str(part.root), "--owner", "anna", stdout=out)
    assert "album Trip: 1" in out.getvalue()
    with pytest.raises(CommandError, match="nothing at"):
        call_command("import_takeout", "/nowhere", "--owner", "anna")


@pytest.mark.parametrize("stamp", ["--5", "²", "٣", "1e9", " 15", "-", "9" * 40, "", None, [], {"a": 1}])
def test_a_time_that_is_none_does_not_end_the_import(owner: User, make_part: MakePart, stamp: object) -> None:
    part = make_part()
    for shade, when in ((1, stamp), (2, "1500000000")):
        part.photo(f"Photos from 2017/{shade}.jpg", shade)
        part.json(f"Photos from 2017/{shade}.jpg.json", f"{shade}.jpg", photoTakenTime={"timestamp": when})
    assert (taken_in(owner, part).added, Photo.objects.count()) == (2, 2)
