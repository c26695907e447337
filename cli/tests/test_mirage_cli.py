"""mirage-cli as a separate program with a real server: signing in, killed uploads, search, download."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from accounts import undoing
from accounts.models import Activity, Token, User
from accounts.security import tokens
from media import video
from media.tests.videos import write
from photos import catalogue, pipeline
from photos.ingest import uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo, Upload
from photos.tests.editing.test_picture_edits import edit

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = settings.BASE_DIR / "cli" / "mirage_cli.py"
Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(live_server: LiveServer, owner: User, tmp_path: Path) -> dict[str, str]:
    _, secret = tokens.issue(owner, "cli", ["read", "upload"])
    return {
        "PATH": os.environ["PATH"], "MIRAGE_URL": live_server.url, "MIRAGE_TOKEN": secret, "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }  # fmt: skip


@pytest.fixture
def cli(environment: dict[str, str]) -> Cli:
    """Run the program: `cli("upload", folder)`."""

    def run(*arguments: Any, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(PROGRAM), *map(str, arguments)]
        return subprocess.run(command, env=environment | more, capture_output=True, text=True, timeout=120)

    return run


def test_signing_in_stores_a_private_token(cli: Cli, live_server: LiveServer, owner: User, tmp_path: Path) -> None:
    owner.set_password("correct horse battery")
    owner.save()
    nobody = {"MIRAGE_URL": "", "MIRAGE_TOKEN": ""}
    assert "not signed in" in cli("search", **nobody).stderr
    wrong = cli("login", live_server.url, "--user", "anna", MIRAGE_PASSWORD="no", **nobody)
    assert (wrong.returncode, "do not match" in wrong.stderr) == (1, True)
    done = cli("login", live_server.url, "--user", "anna", MIRAGE_PASSWORD="correct horse battery", **nobody)
    assert "Signed in" in done.stdout
    kept = tmp_path / "config" / "mirage" / "cli.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert cli("search", **nobody).returncode == 0
    count = Token.objects.count()
    assert cli("logout", **nobody).returncode == 0
    assert (Token.objects.count(), kept.exists()) == (count - 1, False)


def test_a_folder_is_sent_once(cli: Cli, owner: User, make_picture: Any, tmp_path: Path) -> None:
    pictures = [make_picture(f"{n}.jpg", folder=f"trip/day {n % 2}") for n in range(5)]
    (tmp_path / "trip" / "day 0" / "0.jpg.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (tmp_path / "trip" / "notes.txt").write_text("no photo")
    (tmp_path / "trip" / ".hidden.jpg").write_bytes(pictures[0].read_bytes())
    (tmp_path / "trip" / "copy.jpg").write_bytes(pictures[4].read_bytes())
    assert "6 photos and videos" in cli("upload", tmp_path / "trip", "--dry-run").stdout
    first = cli("upload", tmp_path / "trip")
    assert first.stdout.startswith("5 added, 1 already there, 0 skipped, 0 failed"), first.stderr
    assert cli("upload", tmp_path / "trip").stdout.startswith("0 added, 6 already there")
    assert Photo.objects.filter(owner=owner).count() == 5
    photo = Photo.objects.get(original_name="0.jpg")
    assert photo.file_modified_at.timestamp() == pytest.approx(pictures[0].stat().st_mtime, abs=0.002)
    assert photo.files.filter(kind="sidecar").count() == 1


def hears_ctrl_c() -> None:
    """Let a process hear Ctrl-C although the tests run in the background of a shell, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_watched_folder_is_sent_as_it_fills(
    environment: dict[str, str], owner: User, make_picture: Any, tmp_path: Path
) -> None:
    make_picture("a.jpg", folder="trip")
    command = [sys.executable, str(PROGRAM), "watch", str(tmp_path / "trip"), "--every", "0.3"]
    watching = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c)
    try:
        assert watching.stdout
        assert watching.stdout.readline().startswith("Watching")
        assert watching.stdout.readline().startswith("1 added")
        (tmp_path / "trip" / "notes.txt").write_text("no photo")
        make_picture("b.jpg", folder="trip/more")
        assert watching.stdout.readline().startswith("1 added")
        assert set(Photo.objects.values_list("original_name", flat=True)) == {"a.jpg", "b.jpg"}
    finally:
        watching.send_signal(signal.SIGINT)
        watching.wait(20)
    assert watching.returncode == 130


def test_a_half_sent_file_is_continued(cli: Cli, owner: User, make_picture: Any, tmp_path: Path) -> None:
    picture = make_picture("a.jpg", folder="trip", size=(800, 600))
    begun = uploads.create(owner, Announcement("a.jpg", picture.stat().st_size, folder="trip"))
    uploads.append(begun, 0, [picture.read_bytes()[:500]])
    assert cli("upload", tmp_path / "trip").stdout.startswith("1 added")
    assert not Upload.objects.exists()
    assert Photo.objects.get().sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()


def test_an_earlier_upload_of_another_file_with_the_same_name(
    cli: Cli, owner: User, make_picture: Any, tmp_path: Path
) -> None:
    picture = make_picture("a.jpg", folder="trip", size=(800, 600))
    begun = uploads.create(owner, Announcement("a.jpg", picture.stat().st_size, folder="trip"))
    uploads.append(begun, 0, [b"x" * 500])
    assert cli("upload", tmp_path / "trip").stdout.startswith("1 added")
    assert Photo.objects.get().sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()


def test_an_upload_that_is_killed_and_run_again(
    cli: Cli, environment: dict[str, str], owner: User, stranger: User, make_picture: Any, tmp_path: Path
) -> None:
    """Everything is there once, and the catalogue is the same as after import_folder."""
    from photos.ingest.folders import import_folder

    for number in range(60):
        make_picture(f"{number}.jpg", folder="trip", size=(200, 150))
    command = [sys.executable, str(PROGRAM), "upload", str(tmp_path / "trip"), "--jobs", "2"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while Photo.objects.count() < 5:
        assert running.poll() is None, "it was through before it could be killed"
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert 5 <= Photo.objects.count() < 60
    assert "0 failed" in cli("upload", tmp_path / "trip").stdout
    assert not Upload.objects.exists()
    import_folder(stranger, tmp_path / "trip")
    assert plain(owner) == plain(stranger)
    assert len(plain(owner)) == 60


def test_sidecars_of_copies_have_the_same_order_as_in_an_import(
    cli: Cli, owner: User, stranger: User, make_picture: Any, tmp_path: Path
) -> None:
    from photos.ingest.folders import import_folder

    first = make_picture("0.jpg", folder="trip")
    for number in range(8):
        (tmp_path / "trip" / f"{number}.jpg").write_bytes(first.read_bytes())
        (tmp_path / "trip" / f"{number}.xmp").write_text(SIDECAR.format(number))
    assert cli("upload", tmp_path / "trip", "--jobs", "8").stdout.startswith("1 added, 7 already there")
    import_folder(stranger, tmp_path / "trip")
    by_program, by_import = (
        list(Photo.objects.get(owner=user).files.order_by("pk").values_list("sha256", flat=True))
        for user in (owner, stranger)
    )
    assert by_program == by_import
    assert len(by_program) == 8


SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>"""


def plain(user: User) -> list[dict[str, Any]]:
    """The user's catalogue without keys and paths, which always differ."""
    rows = catalogue.export(Photo.objects.filter(owner=user))
    told = [{name: value for name, value in row.items() if name not in ("id", "path")} for row in rows]
    return sorted(told, key=lambda row: row["sha256"])


def test_photos_in_the_trash_are_restored(cli: Cli, owner: User, make_picture: Any) -> None:
    folder = make_picture("a.jpg").parent
    make_picture("b.jpg", colour="red")
    cli("upload", folder)
    Photo.objects.filter(original_name="a.jpg").trash()
    done = cli("upload", folder)
    assert "0 added, 2 already there, 0 skipped, 0 failed" in done.stdout
    assert "1 restored from the trash" in done.stdout
    assert not Photo.objects.trashed().exists()
    undoing.undo(Activity.objects.get(), owner)
    assert Photo.objects.trashed().count() == 1


def test_each_wrong_entry_is_a_failure_and_ignored_files_are_listed(cli: Cli, owner: User, make_picture: Any) -> None:
    folder = make_picture("a.jpg").parent
    make_picture("z.jpg", colour="red").rename(folder / os.fsdecode(b"caf\xe9.jpg"))
    make_picture("x.jpg", folder="elsewhere", colour="green")
    make_picture("s.jpg", folder="pictures/@eaDir", colour="blue")
    make_picture("t.jpg", colour="blue").rename(folder / "GX01.LRV")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "dangling.jpg").symlink_to("nowhere")
    (folder / "circle.jpg").symlink_to("circle.jpg")
    (folder / "link").symlink_to(folder.parent / "elsewhere")
    (folder / "loop").symlink_to(folder)
    done = cli("upload", folder)
    assert "3 added, 0 already there, 0 skipped, 3 failed" in done.stdout
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("pipe.jpg: This is a pipe", "dangling.jpg", "circle.jpg"))
    assert "3 left out" in done.stdout
    assert all(name in done.stdout for name in ("@eaDir: previews", "GX01.LRV: a camera", "loop: leads back"))
    names = set(Photo.objects.values_list("original_name", flat=True))
    assert names == {"a.jpg", "caf\ufffd.jpg", "x.jpg"}
    assert "3 already there" in cli("upload", folder).stdout


def test_search_and_download(cli: Cli, owner: User, make_picture: Any, tmp_path: Path) -> None:
    for number in range(3):
        make_picture(f"{number}.jpg", folder="trip")
    cli("upload", tmp_path / "trip")
    Photo.objects.filter(original_name="1.jpg").update(rating=5, displayable=True)
    Photo.objects.exclude(original_name="1.jpg").update(displayable=True)
    (line,) = cli("search", "rating:5", "--json").stdout.splitlines()
    assert json.loads(line)["name"] == "1.jpg"
    assert len(cli("search").stdout.splitlines()) == 3
    assert "character" in cli("search", "(").stderr
    target = tmp_path / "fetched"
    assert "3 files" in cli("download", "--to", target).stdout
    fetched = [path for path in target.rglob("*") if path.is_file()]
    assert sorted(path.read_bytes() for path in fetched) == sorted(
        p.read_bytes() for p in (tmp_path / "trip").iterdir()
    )
    assert "3 files" in cli("download", "--to", target).stdout
    assert len([path for path in target.rglob("*") if path.is_file()]) == 3


def test_copies_are_downloaded_in_a_form_and_size(cli: Cli, owner: User, make_picture: Any, tmp_path: Path) -> None:
    make_picture("a.jpg", folder="trip", size=(64, 48))
    cli("upload", tmp_path / "trip")
    pipeline.drain()
    target = tmp_path / "copies"
    for _ in range(2):
        told = cli("download", "--to", target, "--as", "webp", "--size", "32", "--metadata", "none")
        assert "1 files" in told.stdout
    (made,) = [path for path in target.rglob("*") if path.is_file()]
    assert made.name == f"a-{Photo.objects.get().key}.webp"
    with Image.open(made) as picture:
        assert (picture.format, picture.size) == ("WEBP", (32, 24))
    assert cli("download", "--to", target, "--as", "jpeg", "--size", "1").returncode == 1


def test_a_video_is_downloaded_as_it_is_edited(cli: Cli, owner: User, tmp_path: Path) -> None:
    (tmp_path / "trip").mkdir()
    for name, dark in (("cut.mp4", 0), ("whole.mp4", 1)):
        write(tmp_path / "trip" / name, seconds=3, dark=dark)
    cli("upload", tmp_path / "trip")
    pipeline.drain()
    photo = Photo.objects.get(original_name="cut.mp4")
    edit(photo, {"op": "trim", "start": 0.5, "end": 1.5})
    target = tmp_path / "copies"
    early = cli("download", "--to", target, "--as", "edited")
    assert (early.returncode, "cut.mp4: The edited video is still being made" in early.stderr) == (1, True)
    assert "1 files" in early.stdout
    assert "1 failed" in early.stdout
    assert [path.name for path in target.rglob("*.mp4")] == ["whole.mp4"]
    pipeline.drain()
    assert "2 files" in cli("download", "--to", target, "--as", "edited").stdout
    found = {path.name: path for path in target.rglob("*.mp4")}
    assert set(found) == {f"cut-{photo.key}.mp4", "whole.mp4"}
    assert video.probe(found[f"cut-{photo.key}.mp4"]).duration == pytest.approx(1, abs=0.06)
    assert found["whole.mp4"].read_bytes() == (tmp_path / "trip" / "whole.mp4").read_bytes()


class EndsEarly(BaseHTTPRequestHandler):
    """Sends half of what it announced at first, and all of it when it is asked again."""

    whole = b"0123456789" * 1000
    asked: ClassVar[list[str]] = []
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Range", ""))
        begin = int((self.asked[-1] or "bytes=0-")[6:-1])
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(self.whole) - begin))
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("ETag", '"of an edit"')
        self.end_headers()
        self.wfile.write(self.whole[begin : None if len(self.asked) > 1 else 5000])
        self.close_connection = len(self.asked) == 1

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.parametrize(("form", "asked"), [("edited", ["", ""]), (None, ["", "bytes=5000-"])])
def test_a_download_that_ends_early_is_no_file(
    form: str | None, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the edit of another's photo in the place of the original: its checksum is not known."""
    from cli import mirage_cli

    monkeypatch.setattr(mirage_cli.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(EndsEarly, "asked", [])
    photo = {"key": "abc", "name": "a.jpg", "kind": "photo", "size": 10_000, "taken_local": "2020-01-02T03:04:05"}
    photo["sha256"] = hashlib.sha256(EndsEarly.whole).hexdigest()
    options = mirage_cli.command_line().parse_args(["download", *(["--as", form] if form else [])])
    with HTTPServer(("127.0.0.1", 0), EndsEarly) as there:
        serving = threading.Thread(target=there.serve_forever)
        serving.start()
        server = mirage_cli.Server(f"http://127.0.0.1:{there.server_port}")
        try:
            path = mirage_cli.bring(server, photo, tmp_path / "a.jpg", options)
        finally:
            server.mine.connection.close()
            there.shutdown()
            serving.join()
    assert path.read_bytes() == EndsEarly.whole
    assert EndsEarly.asked == asked


def test_names_from_the_server_are_not_paths() -> None:
    from cli.mirage_cli import safe_name

    for name in ("../../x.jpg", "/etc/passwd", "..", "a\\..\\b", "\0", "CON\n"):
        assert "/" not in safe_name(name)
        assert safe_name(name) not in ("", ".", "..")


def test_an_unreachable_server_is_reported(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli import mirage_cli

    monkeypatch.setattr(mirage_cli.time, "sleep", lambda seconds: None)
    with pytest.raises(mirage_cli.Failed, match="cannot be reached"):
        mirage_cli.Server("http://127.0.0.1:1").json("GET", "/me")
