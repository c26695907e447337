"""What guests download if a link hides places or metadata: files without metadata."""

import io
import struct
import zipfile
from pathlib import Path

import av
import pytest
from PIL import Image

from albums.public import links
from albums.public.bare import bare_jpeg
from albums.public.links import Terms
from media.tests.test_motion import make_video
from photos.models import Photo
from photos.storage import paths

GPS = {1: "N", 2: (38.0, 42.0, 0.0), 3: "W", 4: (9.0, 8.0, 0.0)}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Secretcam</x:xmpmeta>'
HIDDEN = [{"show_place": False}, {"show_metadata": False, "show_place": True}, {"show_metadata": False}]


def exif() -> Image.Exif:
    """A camera and a place."""
    told = Image.Exif()
    told[0x010F], told[0x0131] = "Secretcam", "Secretcam 1.0"
    told.get_ifd(0x8825).update(GPS)
    return told


def as_jpeg(path: Path) -> None:
    Image.new("RGB", (40, 30), "teal").save(path, "JPEG", exif=exif(), xmp=XMP, comment=b"Secretcam")


def as_png(path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "Secretcam")
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    Image.new("RGB", (40, 30), "teal").save(path, "PNG", exif=exif(), pnginfo=words)


def as_webp(path: Path) -> None:
    Image.new("RGB", (40, 30), "teal").save(path, "WEBP", exif=exif().tobytes(), xmp=XMP)


def as_heic(path: Path) -> None:
    import pillow_heif

    file = pillow_heif.from_pillow(Image.new("RGB", (64, 48), "teal"))
    file.save(path, exif=exif().tobytes(), xmp=XMP)


def as_raw(path: Path) -> None:
    """A TIFF file, as most RAW formats are, with one IFD that names the camera."""
    make = b"Secretcam\0"
    path.write_bytes(b"II*\0" + struct.pack("<IHHHIII", 8, 1, 0x010F, 2, len(make), 26, 0) + make + bytes(64))


def as_mp4(path: Path) -> None:
    tagged(path)


def tagged(path: Path) -> None:
    """A video whose container names a camera and a place."""
    make_video(path)
    plain = path.with_suffix(".plain.mp4")
    path.rename(plain)
    with av.open(str(plain)) as source, av.open(str(path), "w", format="mp4") as target:
        target.metadata.update({"title": "Secretcam", "comment": "Secretcam", "location": "+38.7000-009.1000/"})
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    plain.unlink()


KINDS = {
    "image/jpeg": (as_jpeg, "image/jpeg", ".jpg"),
    "image/png": (as_png, "image/webp", ".webp"),
    "image/webp": (as_webp, "image/webp", ".webp"),
    "image/heic": (as_heic, "image/webp", ".webp"),
    "image/x-adobe-dng": (as_raw, "image/webp", ".webp"),
    "video/mp4": (as_mp4, "video/mp4", ".mp4"),
}


@pytest.fixture
def make_link(owner, make_photo, make_album):
    """A link to one file of that type, and its photo: `make_link("image/png", show_place=False)`."""

    def make(kind, **terms):
        video = kind.startswith("video")
        own = {"kind": "video", "playable": True, "duration": 1.0} if video else {"has_motion_video": True}
        names = {field.name for field in Photo._meta.get_fields()}
        photo = make_photo(media_type=kind, **{name: value for name, value in own.items() if name in names})
        original, folder = paths.original_path(photo), paths.derived_folder(photo.sha256)
        for place in (original.parent, folder):
            place.mkdir(parents=True, exist_ok=True)
        KINDS[kind][0](original)
        for size in ("small", "medium", "large"):
            Image.new("RGB", (40, 30), "teal").save(folder / f"{size}.webp")
        link = links.make(owner, Terms(**terms), album=make_album("Lisbon", [photo]))
        return f"/s/{links.token_of(link)}/", photo

    return make


def told(content: bytes) -> bool:
    """Whether the file names the camera or has a place."""
    return b"Secretcam" in content or b"+38.7" in content or b"GPS" in content or b"\x88\x25" in content


@pytest.mark.parametrize("terms", HIDDEN, ids=lambda terms: " ".join(terms))
@pytest.mark.parametrize("kind", KINDS)
def test_files_are_sent_without_metadata(client, make_link, kind, terms):
    address, photo = make_link(kind, **terms)
    assert told(paths.original_path(photo).read_bytes()), "there is something to hide"
    for part in ("download", "original"):
        response = client.get(f"{address}media/{photo.key}/{part}")
        content = b"".join(response.streaming_content)
        assert (response.status_code, response["Content-Type"]) == (200, KINDS[kind][1])
        assert not told(content)
        assert len(content) > 50
    assert KINDS[kind][2] in client.get(f"{address}media/{photo.key}/download")["Content-Disposition"]
    archive = b"".join(client.get(f"{address}download/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        (name,) = zipped.namelist()
        assert name.endswith(KINDS[kind][2])
        assert not told(zipped.read(name))


@pytest.mark.parametrize("kind", KINDS)
def test_originals_are_sent_if_the_link_shows_everything(client, make_link, kind):
    address, photo = make_link(kind, show_place=True)
    content = b"".join(client.get(f"{address}media/{photo.key}/download").streaming_content)
    assert content == paths.original_path(photo).read_bytes()


@pytest.mark.parametrize("shown", [True, False])
def test_the_video_of_a_motion_photo_is_bare_too(client, make_link, shown):
    address, photo = make_link("image/jpeg", show_place=shown)
    tagged(paths.derived_folder(photo.sha256) / "motion.mp4")
    content = b"".join(client.get(f"{address}media/{photo.key}/video.mp4").streaming_content)
    assert told(content) is shown
    with av.open(io.BytesIO(content)) as container:
        assert len(list(container.decode(video=0))) == 5


def test_files_that_cannot_be_copied_are_not_sent(client, make_link):
    address, photo = make_link("video/mp4", show_place=False)
    paths.original_path(photo).write_bytes(b"Secretcam, and no video at all")
    assert client.get(f"{address}media/{photo.key}/download").status_code == 404
    archive = b"".join(client.get(f"{address}download/").streaming_content)
    assert not told(archive)


def test_a_bare_jpeg_keeps_its_pixels_and_loses_the_rest():
    file = io.BytesIO()
    picture = Image.effect_noise((120, 90), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Secretcam"
    picture.save(file, "JPEG", exif=exif, comment=b"Secretword", progressive=True, icc_profile=b"profile" * 20)
    bare = bare_jpeg(file.getvalue() + b"a video with GPS", 3)
    assert b"Secret" not in bare
    assert b"GPS" not in bare
    with Image.open(io.BytesIO(bare)) as after, Image.open(file) as before:
        assert after.tobytes() == before.tobytes()
        assert after.info["icc_profile"] == before.info["icc_profile"]
        assert dict(after.getexif()) == {0x0112: 3}
