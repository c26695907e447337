"""What becomes of a file: a photo, a sidecar of one, a small file; and stacks in whatever order their files come."""

import itertools
import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import av
import numpy
import piexif
import pytest
from PIL import Image

from dav.arriving import ingesting
from dav.models import Device, Entry, SmallFile
from dav.tests.conftest import Program, text_of
from photos.gallery.stacking import stacks
from photos.models import ImportFailure, Photo, PhotoFile, Stack
from photos.pipeline import reading

Pictures = Callable[..., Path]

XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>"""


def take_in(program: Program, name: str, content: bytes) -> None:
    answer = program.put(f"Upload/{name}", content, X_OC_Mtime="1656676800")
    assert answer.status_code in (201, 204), (name, text_of(answer))


def read_all() -> None:
    """What workers do with the photos that have arrived."""
    ids = list(Photo.objects.values_list("pk", flat=True))
    assert not any(reading.read_metadata(ids).values())
    stacks.stack(ids)


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
@pytest.mark.parametrize(
    "sidecar", ["IMG_1.jpg.xmp", "IMG_1.xmp", "IMG_1.jpg.json", "IMG_1.jpg.supplemental-metadata.json"]
)
def test_sidecars_before_and_after_their_photos(
    program: Program, make_picture: Pictures, sidecar: str, order: tuple[int, int]
) -> None:
    about = XMP if sidecar.endswith(".xmp") else json.dumps({"title": "IMG_1.jpg", "description": "x"}).encode()
    files = [("IMG_1.jpg", make_picture().read_bytes()), (sidecar, about)]
    take_in(program, "IMG_2.jpg", make_picture().read_bytes())
    for place in order:
        take_in(program, *files[place])
    held = PhotoFile.objects.get(kind="sidecar")
    assert held.photo.original_name == "IMG_1.jpg"
    assert text_of(program("GET", f"Upload/{sidecar}")) == about


def jpeg(folder: Path, name: str, taken: str) -> bytes:
    path = folder / name
    exif = piexif.dump({"Exif": {piexif.ExifIFD.DateTimeOriginal: taken.encode()}, "0th": {271: b"Canon", 272: b"EOS"}})
    Image.new("RGB", (64, 48), (len(name) * 9 % 256, 80, 60)).save(path, "JPEG", exif=exif)
    return path.read_bytes()


def clip(folder: Path) -> bytes:
    """A video of two seconds."""
    path = folder / "clip.mov"
    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = "2022-07-01T12:00:00Z"
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(20):
            frame = av.VideoFrame.from_ndarray(numpy.full((48, 64, 3), shade * 9, numpy.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_live_photos_in_any_order(program: Program, tmp_path: Path, order: tuple[int, int]) -> None:
    halves = [("IMG_5.JPG", jpeg(tmp_path, "a.jpg", "2022:07:01 12:00:00")), ("IMG_5.MOV", clip(tmp_path))]
    for place in order:
        take_in(program, *halves[place])
        read_all()
    still, video = Photo.objects.get(kind="photo"), Photo.objects.get(kind="video")
    assert still.stack_id
    assert (still.stack_id, still.stack.cover if still.stack else None) == (video.stack_id, still)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_raw_pairs_and_bursts_in_any_order(program: Program, tmp_path: Path, order: tuple[int, ...]) -> None:
    """A RAW comes under another name first, as some programs send; its JPEG has a namesake of another time."""
    raw = jpeg(tmp_path, "raw.jpg", "2022:07:01 12:00:00")
    files = [
        ("IMG_9.CR2.part", raw),
        ("IMG_9.JPG", jpeg(tmp_path, "developed.jpg", "2022:07:01 12:00:01")),
        ("other.JPG", jpeg(tmp_path, "other.jpg", "2022:07:01 18:00:00")),
    ]
    for place in order:
        take_in(program, *files[place])
        Photo.objects.filter(original_name="IMG_9.CR2").update(media_type="image/x-canon-cr2")
        read_all()
    program("MOVE", "Upload/IMG_9.CR2.part", Destination="/dav/Upload/IMG_9.CR2")
    stack = Stack.objects.get()
    assert (stack.kind, sorted(stack.photos.values_list("original_name", flat=True))) == (
        "raw",
        ["IMG_9.CR2", "IMG_9.JPG"],
    )
    assert stack.cover
    assert stack.cover.original_name == "IMG_9.JPG"


@pytest.mark.parametrize("names", [("DSC_1.CR2", "DSC_1.JPG", "raw"), ("IMG_0001.JPG", "IMG_E0001.JPG", "edited")])
@pytest.mark.parametrize("late", [False, True])
def test_halves_sent_under_passing_names(
    program: Program, tmp_path: Path, names: tuple[str, str, str], late: bool
) -> None:
    *files, kind = names
    for place, name in enumerate(files):
        take_in(program, f"up-{place}.tmp", jpeg(tmp_path, "x" * place + name, "2022:07:01 12:00:00"))
    Photo.objects.filter(pk=min(Photo.objects.values_list("pk", flat=True))).update(
        media_type="image/x-canon-cr2" if kind == "raw" else "image/jpeg"
    )
    if not late:
        read_all()
    for place, name in enumerate(files):
        program("MOVE", f"Upload/up-{place}.tmp", Destination=f"/dav/Upload/{name}")
    if late:
        read_all()
    stack = Stack.objects.get()
    assert (stack.kind, sorted(stack.photos.values_list("original_name", flat=True))) == (kind, sorted(files))


def test_what_is_no_photo_is_kept_if_it_is_small(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.put("Upload/.DS_Store", b"\0\0\0\1Bud1").status_code == 201
    assert text_of(program("GET", "Upload/.DS_Store")) == b"\0\0\0\1Bud1"
    assert program("GET", "Upload/.DS_Store", Range="bytes=4-7").content == b"Bud1"
    assert "attachment" in program("GET", "Upload/.DS_Store").headers["Content-Disposition"]
    assert program.put("Upload/film.txt", b"x" * (ingesting.SMALL + 1)).status_code == 415
    assert "neither a photo" in Device.objects.get().problem
    monkeypatch.setattr(ingesting, "ALL_SMALL", 10)
    assert program.put("Upload/b.txt", b"12345").status_code == 507
    assert program("DELETE", "Upload/.DS_Store").status_code == 204
    assert not Photo.objects.exists()
    assert not SmallFile.objects.exists()


@pytest.mark.parametrize("name", ["._IMG_1.jpg", "IMG_1.jpg_original", "clip.THM"])
def test_what_imports_leave_out_is_no_photo(program: Program, make_picture: Pictures, name: str) -> None:
    content = make_picture().read_bytes()
    take_in(program, name, b"\x00\x05\x16\x07\x00\x02" + b"x" * 50 if name.startswith("._") else content)
    program("MKCOL", "Upload/@eaDir")
    take_in(program, "@eaDir/small.jpg", content)
    assert not Photo.objects.exists()
    assert Entry.objects.filter(is_folder=False).count() == 2


def test_an_empty_file_waits_for_its_content(program: Program, make_picture: Pictures) -> None:
    take_in(program, "a.jpg", b"")
    assert not Photo.objects.exists()
    take_in(program, "a.jpg", make_picture().read_bytes())
    assert Photo.objects.count() == 1
    assert not SmallFile.objects.exists()
    assert not ImportFailure.objects.exists()


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("IMG_1.jpg.part", "IMG_1.jpg"), (".IMG_1.jpg.tmp", "IMG_1.jpg"), ("IMG_1.jpg", "IMG_1.jpg"),
        ("x.part", "x.part"),
    ],
)  # fmt: skip
def test_names_while_sending(name: str, real: str) -> None:
    assert ingesting.real_name(name) == real


def test_names_in_every_script_and_form(program: Program, make_picture: Pictures) -> None:
    names = ["日本 写真.jpg", "e\u0301te\u0301.jpg", "👨‍👩‍👧.jpg", "100% & more;.jpg", "x" * 251 + ".jpg"]
    for name in names:
        take_in(program, quote(name), make_picture().read_bytes())
    assert sorted(map(unquote, program.names("Upload"))) == sorted(names)
    assert program("HEAD", "Upload/" + quote(unicodedata.normalize("NFC", names[1]))).status_code == 200
    assert Photo.objects.count() == len(names)


def test_many_files_in_a_folder_take_as_many_queries(
    program: Program, make_picture: Pictures, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        take_in(program, f"{number}.jpg", make_picture().read_bytes())
    with django_assert_max_num_queries(48):
        take_in(program, "last.jpg", make_picture().read_bytes())


@pytest.mark.parametrize(("sources", "another"), [
    (("exif", "exif"), True), (("user", "exif"), False), (("exif", "user"), False), (("file", "exif"), False),
])  # fmt: skip
def test_only_what_contents_say_makes_another_moment(sources: tuple[str, str], another: bool) -> None:
    days = [datetime(2024, 5, day, 12) for day in (1, 2)]
    before, after = (
        Photo(taken_source=source, taken_local=day, taken_at=day.replace(tzinfo=UTC))
        for source, day in zip(sources, days, strict=True)
    )
    assert ingesting.is_another_moment(before, after) is another
