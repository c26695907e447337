"""Files made to do harm, as they are described in public, written here and sent in by every way.

Each is refused, or kept as what it is without ever being served as something that a browser runs.
"""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.security import tokens
from photos.ingest import uploads
from photos.ingest.intake import Status, ingest
from photos.ingest.uploads import Announcement
from photos.models import Photo, Upload
from photos.storage import paths
from photos.views import media as media_views

SCRIPT = b"<script>document.title='stolen'</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
MVG = (
    b"push graphic-context\nviewbox 0 0 640 480\n"
    b"fill 'url(https://127.0.0.1/x.jpg\"|touch \"/tmp/owned)'\npop graphic-context\n"
)
MSL = b'<?xml version="1.0"?><image><read filename="caption:owned"/><write filename="/tmp/owned.php"/></image>'
PHP = b"<?php system($_GET['c']); ?>"
HTA = b"<html><body>" + SCRIPT + b"</body></html>"
XXE = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>'
ACTIVE = (
    "text/html",
    "image/svg+xml",
    "application/xhtml+xml",
    "text/xml",
    "application/xml",
    "text/javascript",
    "application/pdf",
)


def jpeg(comment: bytes = b"") -> bytes:
    """A real JPEG with a comment: the harmless half of a polyglot."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG", comment=comment)
    return file.getvalue()


def gif_that_is_script() -> bytes:
    """GIF89a whose size reads `/*` to a script engine: the GIF and JavaScript polyglot."""
    return b"GIF89a/*" + b"\x00" * 5 + b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;*/=1;alert(1);"


def bomb() -> bytes:
    """A PNG of a few hundred bytes that claims 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


REFUSED_BY_NAME = {
    "picture.svg": SVG, "page.html": HTA, "shell.php": PHP, "x.mvg": MVG, "x.msl": MSL, "x.svgz": SVG, "x.hta": HTA,
    "x.jpg.php": PHP, "x.jpg.svg": SVG, "x.xml": XXE, "x": HTA, ".htaccess": b"AddType application/x-httpd-php .jpg",
}  # fmt: skip
NOT_PICTURES = {
    "svg.jpg": SVG, "html.png": HTA, "php.gif": PHP, "mvg.jpg": MVG, "mvg.png": MVG, "msl.webp": MSL, "xxe.jpg": XXE,
    "eps.jpg": b"%!PS\n(%pipe%id) (r) file", "pdf.jpg": b"%PDF-1.7\n", "zip.jpg": b"PK\x03\x04", "empty.jpg": b"",
}  # fmt: skip
POLYGLOTS = {
    "jpeg-html.jpg": jpeg(HTA), "jpeg-php.jpg": jpeg(PHP), "jpeg-svg.jpg": jpeg(SVG),
    "gif-js.gif": gif_that_is_script(),
    "jpeg-zip.jpg": jpeg() + b"PK\x03\x04" + b"\0" * 60, "jpeg-tail.jpg": jpeg() + HTA, "bomb.png": bomb(),
}  # fmt: skip


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def program(owner: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {tokens.issue(owner, 'test', tokens.SCOPES)[1]}"})


def send(program: Client, name: str, content: bytes) -> Any:
    return program.post("/api/v1/uploads", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", REFUSED_BY_NAME)
def test_names_of_what_is_no_photo_are_refused(program: Client, browser: Client, name: str) -> None:
    assert send(program, name, REFUSED_BY_NAME[name]).status_code in (415, 422)
    assert not Photo.objects.exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("name", NOT_PICTURES)
def test_other_files_are_refused_whatever_their_names(program: Client, owner: User, tmp_path: Path, name: str) -> None:
    answer = send(program, name, NOT_PICTURES[name])
    taken = answer.json().get("photo")
    assert answer.status_code in (200, 422)
    assert taken is None or taken["media_type"] not in ACTIVE
    file = tmp_path / name
    file.write_bytes(NOT_PICTURES[name])
    outcome = ingest(owner, file)
    assert outcome.status == Status.SKIPPED or outcome.photo.media_type.startswith(("image/", "video/"))
    for photo in Photo.objects.all():
        harmless(owner, photo)


@pytest.mark.parametrize("name", POLYGLOTS)
def test_polyglots_are_only_ever_pictures(program: Client, owner: User, name: str) -> None:
    send(program, name, POLYGLOTS[name])
    assert Photo.objects.exists() or not name.startswith("jpeg")
    for photo in Photo.objects.all():
        harmless(owner, photo)


def harmless(owner: User, photo: Photo) -> None:
    """By every address of its bytes the file has a picture's type, may not be sniffed, and runs nothing."""
    browser = Client()
    browser.force_login(owner)
    for name in ("original", "download"):
        response = browser.get(f"/media/{photo.key}/{name}")
        assert response.status_code == 200
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert response.headers["Content-Type"].partition(";")[0] not in ACTIVE
        assert response.headers["Content-Type"].startswith(("image/", "video/"))
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert name == "original" or response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ACTIVE)
def test_a_type_that_browsers_run_is_never_shown_inline(browser: Client, make_photo: Any, kind: str) -> None:
    """Even if such a row came to be."""
    photo = make_photo(media_type=kind)
    path = paths.original_path(photo)
    path.parent.mkdir(parents=True)
    path.write_bytes(SVG)
    response = browser.get(f"/media/{photo.key}/original")
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert kind not in media_views.http.INLINE_TYPES


NAMES = [
    "../../../etc/cron.d/x.jpg", "..\\..\\..\\windows\\x.jpg", "/etc/passwd.jpg", "C:\\x.jpg",
    "a\0b.jpg", "....//x.jpg",
    ".htaccess.jpg", "x" * 240 + ".jpg", "a\nb\rSet-Cookie: c=d.jpg", "\u202egpj.exe.jpg", "CON.jpg", "-rf.jpg",
    "$(id).jpg",
    "`id`.jpg", "'; DROP TABLE photos_photo; --.jpg", "<img src=x onerror=alert(1)>.jpg", "％２ｅ％２ｅ/x.jpg", " .jpg",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_lead_nowhere(owner: User, library: Path, browser: Client, name: str) -> None:
    """Straight into the upload, past all forms."""
    content = jpeg(name.encode())
    begun = uploads.create(owner, Announcement(name, len(content)))
    assert uploads.file_of(begun).parent == paths.uploads_folder()
    uploads.append(begun, 0, [content])
    photo = uploads.finish(begun).photo
    path = paths.original_path(photo).resolve()
    assert path.is_file()
    assert path.is_relative_to((library / "originals" / "anna").resolve())
    assert not path.name.startswith((".", "-rf/"))
    assert "\0" not in path.name
    response = browser.get(f"/media/{photo.key}/download")
    b"".join(response.streaming_content)  # type: ignore[attr-defined]
    told = response.headers["Content-Disposition"]
    assert not any(char in told for char in "\r\n\0")
    assert "Set-Cookie" not in response.headers
    page = browser.get(f"/photo/{photo.key}/").content.decode()
    assert "<img src=x" not in page


@pytest.mark.parametrize("name", ["../../evil.jpg", "/abs/evil.jpg", "..\\..\\evil.jpg", "a/../../evil.jpg"])
def test_a_zip_that_we_make_leads_nowhere(browser: Client, make_photo: Any, name: str) -> None:
    photo = make_photo()
    Photo.objects.update(original_name=name)
    path = paths.original_path(photo)
    path.parent.mkdir(parents=True)
    path.write_bytes(jpeg())
    response = browser.post("/selection/download/", {"keys": photo.key})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    (entry,) = archive.namelist()
    assert entry == "evil.jpg"


def test_a_zip_that_we_read_writes_nowhere(owner: User, library: Path, tmp_path: Path) -> None:
    """Zip slip, by an export whose entries climb out."""
    from takeout.importing import import_export

    slip = tmp_path / "takeout.zip"
    with zipfile.ZipFile(slip, "w") as archive:
        taken = {"title": "a.jpg", "photoTakenTime": {"timestamp": "1546430400"}}
        archive.writestr("Takeout/Google Photos/2019/a.jpg", jpeg())
        archive.writestr("Takeout/Google Photos/2019/a.jpg.json", json.dumps(taken))
        for climb in ("../" * 8, "/", "Takeout/Google Photos/../../../../../"):
            archive.writestr(f"{climb}tmp/mirage-slip.jpg", jpeg(climb.encode()))
            archive.writestr(
                f"{climb}tmp/mirage-slip.jpg.json", json.dumps({"title": "../../../../tmp/mirage-slip.jpg"})
            )
    import_export(owner, [slip])
    assert not Path("/tmp/mirage-slip.jpg").exists()
    assert Photo.objects.exists()
    for photo in Photo.objects.all():
        assert paths.original_path(photo).resolve().is_relative_to((library / "originals").resolve())


WORDS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:35 }}", "javascript:alert(1)"]


@pytest.mark.parametrize("words", WORDS)
def test_metadata_is_shown_as_text(browser: Client, make_photo: Any, words: str) -> None:
    photo = make_photo(title=words, description=words, camera_model=words[:100], place=words[:100], author=words)
    for path in (f"/photo/{photo.key}/info/", f"/photo/{photo.key}/tags/", "/"):
        page = browser.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
