"""mirage-cli: upload folders of photos to a Mirage library, search photos, and download them.

    mirage-cli login https://photos.example.org
    mirage-cli upload ~/Pictures
    mirage-cli watch ~/Pictures
    mirage-cli search "anna beach year:2024"
    mirage-cli download "album:Norway" --to ~/Norway

It is a single file that needs only Python. Start an interrupted upload again to continue it: photos that are already
there are not sent again, and half-sent files are continued.
"""

import argparse
import base64
import getpass
import hashlib
import http.client
import json
import mimetypes
import os
import shutil
import socket
import stat
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

VERSION = "0.1.0"
CONFIG = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "mirage" / "cli.json"
BLOCK = 1 << 20
FORMS = ("edited", "jpeg", "png", "webp")  # of copies
BATCH = 500  # files that are checked at once
RETRIES = 5
ADDED, PRESENT, BACK = "added", "already there", "restored from the trash"  # outcomes, as the server calls them
JUNK = {"thumbs.db", "desktop.ini", "ehthumbs.db"}


class Failed(Exception):
    """Something failed; the message tells the user what."""


class Refused(Failed):
    """The server refused a request."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


# --- the server -------------------------------------------------------------------------------------------------------


class Server:
    """The HTTP API of a Mirage server, for any number of threads. Each thread keeps its own connection."""

    def __init__(self, address: str, token: str = "") -> None:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed(f"{address} is not the address of a server, such as https://photos.example.org")
        self.secure, self.host, self.port = parts.scheme == "https", parts.hostname, parts.port
        self.address, self.base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", parts.path.rstrip("/")
        self.token = token
        self.mine = threading.local()

    def json(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request, with retries, and return the JSON of the answer."""
        given = {name: value for name, value in query.items() if value is not None}
        address = f"/api/v1{path}" + (f"?{urlencode(given)}" if given else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        status, _, content = retried(lambda: self.request(method, address, data, headers))
        return json.loads(content) if status != 204 else None

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request and read the answer. Raises Refused for statuses of 400 and above."""
        answer = self.open(method, path, body, headers or {})
        return answer.status, answer.headers, answer.read()

    def open(self, method: str, path: str, body: Any, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Send a request. The caller reads the answer. Raises Refused for statuses of 400 and above."""
        connection = getattr(self.mine, "connection", None) or self.connect()
        sent = {"User-Agent": f"mirage-cli/{VERSION} ({socket.gethostname()})", "Tus-Resumable": "1.0.0", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, self.base + path, body, sent)
            answer = connection.getresponse()
            reason = reason_in(answer.read()) if answer.status >= 400 else ""
        except (OSError, http.client.HTTPException):
            connection.close()  # the next request opens it again
            raise
        if answer.status >= 400:
            raise Refused(answer.status, reason or f"The server answered {answer.status} {answer.reason}.")
        return answer

    def connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        self.mine.connection = kind(self.host, self.port, timeout=120, blocksize=BLOCK)
        return self.mine.connection


def retried(ask: Callable[[], Any]) -> Any:
    """Retry, with longer and longer pauses, if the network fails or the server is overloaded."""
    for attempt in range(RETRIES):
        try:
            return ask()
        except Refused as refusal:
            if refusal.status not in (429, 500, 502, 503, 504) or attempt == RETRIES - 1:
                raise
        except (OSError, http.client.HTTPException) as error:
            if attempt == RETRIES - 1:
                raise Failed(f"The server cannot be reached: {error}") from error
        time.sleep(min(2**attempt, 15))
    raise AssertionError("the last attempt returns or raises")


def reason_in(content: bytes) -> str:
    """The reason in an answer of the server."""
    try:
        return str(json.loads(content)["detail"])
    except (ValueError, KeyError, TypeError):
        return content.decode(errors="replace").strip()[:300] if not content.lstrip().startswith(b"<") else ""


# --- signing in -------------------------------------------------------------------------------------------------------


def signed_in() -> Server:
    """The server of the last `login`, or the one in MIRAGE_URL and MIRAGE_TOKEN."""
    if os.environ.get("MIRAGE_URL") and os.environ.get("MIRAGE_TOKEN"):
        return Server(os.environ["MIRAGE_URL"], os.environ["MIRAGE_TOKEN"])
    try:
        kept = json.loads(CONFIG.read_text())
        return Server(kept["url"], kept["token"])
    except (OSError, ValueError, KeyError) as error:
        raise Failed("You are not signed in: mirage-cli login https://photos.example.org") from error


def login(options: argparse.Namespace) -> int:
    """Sign in with a password, or with a token made in the browser, and store the token in a private file."""
    server = Server(options.url)
    given = getpass.getpass("Token: ") if options.token == "-" else options.token
    server.token = given or ask_for_token(server, options.user)
    me = server.json("GET", "/me")
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(CONFIG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"url": server.address, "token": server.token}, file)
    print(f"Signed in to {server.address} as {me['username']}.")
    return 0


def ask_for_token(server: Server, user: str | None) -> str:
    """Ask for name and password, and for the code of the second factor if the server wants one."""
    name = user or input("Name: ")
    password = os.environ.get("MIRAGE_PASSWORD") or getpass.getpass("Password: ")
    program = f"mirage-cli on {socket.gethostname()}"[:120]
    wanted = {"username": name, "password": password, "name": program, "days": None}
    try:
        return server.json("POST", "/tokens", wanted)["token"]
    except Refused as refusal:
        if refusal.status != 401 or "code" not in str(refusal):
            raise
    return server.json("POST", "/tokens", {**wanted, "code": input("Code of your authenticator: ").strip()})["token"]


def logout(options: argparse.Namespace) -> int:
    """Revoke the token and remove it."""
    signed_in().json("DELETE", "/tokens/current")
    CONFIG.unlink(missing_ok=True)
    print("Signed out.")
    return 0


# --- upload -----------------------------------------------------------------------------------------------------------


@dataclass
class File:
    """A photo or video on this machine."""

    path: Path
    folder: str
    size: int
    modified: float
    sidecars: list[Path] = field(default_factory=list)
    sha256: str = ""


@dataclass
class Report:
    """The result of an upload."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)  # files that imports ignore, and links that lead back


def upload(options: argparse.Namespace) -> int:
    """Send the new files in a folder, several at once, continuing an earlier run."""
    root = folder_of(options)
    server, report = signed_in(), Report()
    files = Search(server, root, report).files()
    if options.dry_run:
        print(f"{len(files)} photos and videos, {sum(one.size for one in files) / 1e6:,.0f} MB")
        return 0
    send(server, files, report, options.jobs)
    tell(report)
    return 1 if report.failures else 0


def folder_of(options: argparse.Namespace) -> Path:
    """The folder of the command."""
    root: Path = options.folder.expanduser().absolute()
    if not root.is_dir():
        raise Failed(f"{options.folder} is not a folder.")
    return root


def send(server: Server, files: list["File"], report: "Report", jobs: int) -> None:
    """Send these files, continuing those that were begun."""
    begun = {(one["name"], one["folder"], one["size"]): one for one in server.json("GET", "/uploads")["uploads"]}
    with Progress(len(files), sum(one.size for one in files)) as progress:
        Uploader(server, begun, report, progress).run(files, jobs)


def watch(options: argparse.Namespace) -> int:
    """Send what is new in a folder, until Ctrl-C. A file is sent when it has not changed between two looks."""
    root, server = folder_of(options), signed_in()
    sent: dict[str, tuple[int, float]] = {}
    before: dict[str, tuple[int, float]] = {}
    print(f"Watching {root}. Ctrl-C stops it.", flush=True)
    while True:
        now = states_in(root)
        fresh = {path for path, state in now.items() if before.get(path) == state and sent.get(path) != state}
        if fresh:
            report = Report()
            try:
                files = [one for one in Search(server, root, report).files() if str(one.path) in fresh]
                send(server, files, report, options.jobs)
                sent |= {path: now[path] for path in fresh - set(report.failures)}
                if files:
                    tell(report)
            except Failed as error:  # the network is away, or the server; the next look tries again
                print(f"mirage-cli: {error}", file=sys.stderr)
            sys.stdout.flush()
        before = now
        time.sleep(options.every)


def states_in(root: Path) -> dict[str, tuple[int, float]]:
    """Size and time of every file below the folder."""
    found: dict[str, tuple[int, float]] = {}
    for place, _, names in os.walk(root):
        for name in names:
            with suppress(OSError):  # it has gone
                status = os.stat(os.path.join(place, name))
                found[os.path.join(place, name)] = (status.st_size, status.st_mtime)
    return found


def tell(report: Report) -> None:
    """Print the result."""
    counts = dict(report.outcomes)
    added, present, back = (counts.pop(outcome, 0) for outcome in (ADDED, PRESENT, BACK))
    print(f"{added} added, {present} already there, {sum(counts.values())} skipped, {len(report.failures)} failed")
    if back:
        print(f"{back} restored from the trash; you can undo that in History on the site")
    if report.left_out:
        print(f"{len(report.left_out)} left out:")
    for lines, stream in ((report.left_out, sys.stdout), (report.failures, sys.stderr)):
        for name, reason in lines.items():
            print(f"  {shown(name)}: {reason}", file=stream)


class Search:
    """Finds every file in a folder once, and follows links."""

    def __init__(self, server: Server, root: Path, report: Report) -> None:
        self.server, self.root, self.report = server, root, report
        self.extensions = set(server.json("GET", "/uploads/kinds")["extensions"])
        self.seen: set[tuple[int, int]] = set()

    def files(self) -> list[File]:
        """The photos and videos below the folder, with their sidecars."""
        found: list[File] = []
        for place, folders, names in os.walk(self.root, followlinks=True, onerror=self.note_unreadable):
            here = Path(place)
            if not self.is_new(here):
                folders.clear()
                continue
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            names = [name for name in sorted(names) if not name.startswith(".") and name.lower() not in JUNK]
            sidecars = self.ask(here, names, folders)
            for name in names:
                if Path(name).suffix.lower() in self.extensions and str(here / name) not in self.report.left_out:
                    found += self.described(here / name, [here / sidecar for sidecar in sidecars.get(name, [])])
        return found

    def is_new(self, folder: Path) -> bool:
        """Whether the folder was not visited before through another path."""
        status = folder.stat()
        if (status.st_dev, status.st_ino) in self.seen:
            self.report.left_out[str(folder)] = "leads back to a folder that was visited before"
            return False
        self.seen.add((status.st_dev, status.st_ino))
        return True

    def ask(self, here: Path, names: list[str], folders: list[str]) -> dict[str, list[str]]:
        """Ask the server for the sidecars of each photo, and for files and folders to leave out."""
        own = {shown(name): name for name in [*names, *folders]}
        body = {"names": [*map(shown, names)], "folders": [*map(shown, folders)], "folder": shown(str(here))[-1024:]}
        answer = self.server.json("POST", "/uploads/pairs", body) if own else {"sidecars": {}}
        for name, reason in answer.get("left_out", {}).items():
            self.report.left_out[str(here / own[name])] = reason
        folders[:] = [name for name in folders if str(here / name) not in self.report.left_out]
        return {own[name]: [own[other] for other in others] for name, others in answer["sidecars"].items()}

    def described(self, path: Path, sidecars: list[Path]) -> list[File]:
        """The file, unless it is not a regular file or cannot be read."""
        try:
            status = path.stat()
        except OSError as error:
            self.report.failures[str(path)] = error.strerror or str(error)
            return []
        if not stat.S_ISREG(status.st_mode):
            self.report.failures[str(path)] = "This is a pipe, a socket or a device, not a file."
            return []
        folder = shown(path.parent.relative_to(self.root.parent).as_posix())[-1024:]
        return [File(path, folder, status.st_size, status.st_mtime, sidecars)]

    def note_unreadable(self, error: OSError) -> None:
        self.report.failures[str(error.filename)] = error.strerror or str(error)


def shown(name: str) -> str:
    """A name for sending and printing, with bytes that are not UTF-8 replaced."""
    return os.fsencode(name).decode(errors="replace")


class Uploader:
    """Sends files to the server: computes checksums, checks them in batches, and uploads in parallel."""

    def __init__(self, server: Server, begun: dict[Any, Any], report: Report, progress: "Progress") -> None:
        self.server, self.begun, self.report, self.progress = server, begun, report, progress
        self.lock = threading.Lock()

    def run(self, files: list[File], jobs: int) -> None:
        """Send all files. The checksums of a batch are computed while the one before is sent."""
        with ThreadPoolExecutor(jobs) as pool:
            try:
                sent: set[Future[None]] = set()
                for start in range(0, len(files), BATCH):
                    for same, known in self.ask(pool, files[start : start + BATCH]):
                        sent.add(pool.submit(self.bring_all, same, known))
                        if len(sent) > jobs * 4:
                            done, sent = wait(sent, return_when=FIRST_COMPLETED)
                            for future in done:
                                future.result()
                for future in sent:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def ask(self, pool: ThreadPoolExecutor, batch: list[File]) -> Iterator[tuple[list[File], str]]:
        """The readable files of the batch, grouped by content, with the key of their photo if there is one."""
        same: dict[str, list[File]] = {}
        for one, summed in zip(batch, pool.map(self.sum, batch), strict=True):
            if summed:
                same.setdefault(one.sha256, []).append(one)
        photos = self.server.json("POST", "/uploads/check", {"sha256": sorted(same)})["photos"]
        if trashed := [one["sha256"] for one in photos if one["trashed"]]:
            self.report.outcomes[BACK] += len(self.server.json("POST", "/uploads/back", {"sha256": trashed})["keys"])
        known = {one["sha256"]: one["key"] for one in photos}
        yield from ((files, known.get(sha256, "")) for sha256, files in same.items())

    def sum(self, one: File) -> bool:
        """Compute the file's SHA-256. Returns whether it was readable."""
        try:
            one.sha256 = sha256_of(one.path)
        except OSError as error:
            self.fail(one, error.strerror or str(error))
            return False
        return True

    def bring_all(self, same: list[File], key: str) -> None:
        """Send files with the same content one by one, so that the order of their sidecars is not random."""
        for one in same:
            key = self.bring(one, key)

    def bring(self, one: File, key: str) -> str:
        """Send a file and its sidecars. Returns the key of its photo."""
        try:
            if key:
                self.progress.advance(one.size)
                outcome = PRESENT
            else:
                outcome, key = self.send(one)
            for sidecar in one.sidecars if key else ():
                self.attach(key, sidecar)
        except (Failed, OSError) as error:
            if isinstance(error, Refused) and error.status in (401, 507):
                raise  # signed out, or the disk is full: all other files would fail too
            self.fail(one, str(error))
            return key
        with self.lock:
            self.report.outcomes[outcome] += 1
        self.progress.advance(0, files=1)
        return key

    def send(self, one: File) -> tuple[str, str]:
        """Announce or continue a file, and finish it. Returns the outcome and the photo's key."""
        with self.lock:
            begun = self.begun.pop((shown(one.path.name), one.folder, one.size), None)
        key = begun["key"] if begun else self.announce(one)
        try:
            retried(lambda: self.send_rest(one, key))
            taken = self.server.json("POST", f"/uploads/{key}/finish", {"sha256": one.sha256})
        except Refused as refusal:
            if not begun or refusal.status not in (404, 423, 460):
                raise
            return self.send_again(one, refusal.status)
        return taken["outcome"], taken["photo"]["key"] if taken["photo"] else ""

    def send_again(self, one: File, status: int) -> tuple[str, str]:
        """Send a file again whose earlier upload is being finished (423), is gone (404), or is of another file."""
        for _ in range(60 if status == 423 else 1):
            if known := self.server.json("POST", "/uploads/check", {"sha256": [one.sha256]})["photos"]:
                return PRESENT, known[0]["key"]
            if status == 423:
                time.sleep(1)
        return self.send(one)

    def announce(self, one: File) -> str:
        milliseconds = f"{round(one.modified, 6) * 1000:.3f}"  # in whole microseconds, like an import
        described = {"filename": shown(one.path.name), "folder": one.folder, "modified": milliseconds}
        metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in described.items())
        headers = {"Upload-Length": str(one.size), "Upload-Metadata": metadata}
        _, answer, _ = retried(lambda: self.server.request("POST", "/api/v1/uploads/tus", b"", headers))
        return answer["Location"].rstrip("/").rpartition("/")[2]

    def send_rest(self, one: File, key: str) -> None:
        """Send the bytes that the server does not have yet."""
        path = f"/api/v1/uploads/tus/{key}"
        _, headers, _ = self.server.request("HEAD", path)
        offset = int(headers["Upload-Offset"])
        self.progress.advance(offset)
        if offset == one.size:
            return
        with one.path.open("rb") as stream:
            stream.seek(offset)
            sent = {"Content-Length": str(one.size - offset), "Upload-Offset": str(offset)}
            sent["Content-Type"] = "application/offset+octet-stream"
            counted = Counted(stream, one.size - offset, self.progress)
            try:
                self.server.request("PATCH", path, counted, sent)
            except BaseException:
                self.progress.advance(-offset - counted.read_bytes)
                raise

    def attach(self, key: str, sidecar: Path) -> None:
        boundary = hashlib.sha256(sidecar.name.encode(errors="replace")).hexdigest()
        name = quote(shown(sidecar.name))
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + sidecar.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        retried(lambda: self.server.request("POST", f"/api/v1/uploads/sidecars/{key}", body, headers))

    def fail(self, one: File, reason: str) -> None:
        with self.lock:
            self.report.failures[str(one.path)] = reason
        self.progress.advance(0, files=1)


class Counted:
    """The rest of an open file, with a known length. Reading it advances the progress bar."""

    def __init__(self, stream: Any, left: int, progress: "Progress") -> None:
        self.stream, self.left, self.progress, self.read_bytes = stream, left, progress, 0

    def read(self, size: int = BLOCK) -> bytes:
        block = self.stream.read(min(max(size, BLOCK), self.left))
        self.left -= len(block)
        self.read_bytes += len(block)
        self.progress.advance(len(block))
        return block


class Progress:
    """A line on the terminal with files, bytes and time left. Silent without a terminal."""

    def __init__(self, files: int, size: int) -> None:
        self.files, self.size, self.done, self.sent, self.shown = files, size, 0, 0, 0.0
        self.started, self.lock, self.visible = time.monotonic(), threading.Lock(), sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.visible:
            self.show()
            print(file=sys.stderr)

    def advance(self, count: int, files: int = 0) -> None:
        with self.lock:
            self.sent += count
            self.done += files
            if self.visible and (files or time.monotonic() - self.shown > 0.1):
                self.show()

    def show(self) -> None:
        self.shown = time.monotonic()
        share = min(1.0, self.sent / self.size) if self.size else 1.0
        seconds = (self.shown - self.started) / share * (1 - share) if share > 0.01 else 0
        bar = "█" * round(share * 24) + "░" * (24 - round(share * 24))
        left = f", {seconds // 60:.0f} min {seconds % 60:02.0f} s left" if seconds else ""
        line = f"{bar} {self.done}/{self.files} files, {self.sent / 1e6:,.0f} of {self.size / 1e6:,.0f} MB{left}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


# --- search and download ----------------------------------------------------------------------------------------------


def found(server: Server, query: str, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The photos that match a search, newest first; all photos without a query."""
    cursor, count = None, 0
    while limit is None or count < limit:
        page = server.json("GET", "/photos", query=query, cursor=cursor)
        for photo in page["photos"][: None if limit is None else limit - count]:
            count += 1
            yield photo
        cursor = page["next"]
        if cursor is None:
            return


def search(options: argparse.Namespace) -> int:
    """Print the photos that match a search: time, title, place, why it was found, and address."""
    server = signed_in()
    for photo in found(server, " ".join(options.query), options.limit):
        if options.json:
            print(json.dumps(photo, ensure_ascii=False))
            continue
        place = ", ".join(part for part in (photo["place"], photo["country"]) if part)
        columns = [photo["taken_local"][:16].replace("T", " "), photo["title"] or photo["name"], place]
        print("  ".join(filter(None, [*columns, photo.get("found_by")])), f" {server.address}/photo/{photo['key']}/")
    return 0


def download(options: argparse.Namespace) -> int:
    """Download what matches a search into folders by year and month; originals only if they are not there already."""
    server, target = signed_in(), Path(options.to).expanduser()
    count = failed = 0
    for photo in found(server, " ".join(options.query), options.limit):
        path = target / photo["taken_local"][:4] / photo["taken_local"][5:7] / safe_name(photo["name"])
        try:
            print(bring(server, photo, path, options), file=sys.stderr)
            count += 1
        except Refused as refusal:
            if refusal.status not in (404, 410, 422):
                raise  # signed out, or the server is overloaded: all others would fail too
            failed += 1
            print(f"  {photo['name']}: {refusal}", file=sys.stderr)
    print(f"{count} files in {target}" + (f", {failed} failed" if failed else ""))
    return 1 if failed else 0


def bring(server: Server, photo: dict[str, Any], path: Path, options: argparse.Namespace) -> Path:
    """Download one photo in the form that is asked for. Returns where it is."""
    if options.form and (photo["kind"] == "photo" or server.json("GET", "/photos/" + photo["key"])["picture_edit"]):
        return retried(partial(fetch_copy, server, photo, path, options))
    path = free_place(path, photo["sha256"])
    if not path.exists():
        retried(partial(fetch, server, photo, path))
    return path


def safe_name(name: str) -> str:
    """The name without anything that could lead to another folder."""
    clean = "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in name).strip(" .")
    return clean or "unnamed"


def free_place(path: Path, sha256: str) -> Path:
    """The path of the file or, if another file has its name, the next free or equal one with a number."""
    place, number = path, 0
    while place.exists() and sha256_of(place) != sha256:
        number += 1
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fetch(server: Server, photo: dict[str, Any], path: Path) -> None:
    """Download an original, continuing an interrupted run. The file appears when it is complete."""
    part = path.with_name(f".{photo['sha256'][:16]}.part")
    start = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={start}-"} if 0 < start < photo["size"] else {}
    answer = server.open("GET", f"/api/v1/photos/{photo['key']}/original", None, headers)
    receive(server, answer, part, "ab" if answer.status == 206 else "wb")
    is_original = answer.headers.get("ETag", "").strip('"') in ("", photo["sha256"])  # not the edit of another's photo
    if is_original and sha256_of(part) != photo["sha256"]:
        part.unlink()
        raise OSError("the file was damaged during the download")
    moment = datetime.fromisoformat(photo["taken_local"])
    if moment.year >= 1970:
        os.utime(part, (moment.timestamp(), moment.timestamp()))
    os.replace(part, path)


def fetch_copy(server: Server, photo: dict[str, Any], path: Path, options: argparse.Namespace) -> Path:
    """Download a copy of a photo. Its name has the photo's key, so that a later run replaces it."""
    asked = urlencode({"form": options.form, "side": options.size or "", "metadata": options.metadata})
    answer = server.open("GET", f"/api/v1/photos/{photo['key']}/copy?{asked}".replace("side=&", ""), None, {})
    suffix = mimetypes.guess_extension(answer.headers.get_content_type()) or path.suffix
    path = path.with_name(f"{path.stem}-{photo['key']}{suffix}")
    part = path.with_name(f".{path.name}.part")
    receive(server, answer, part, "wb")
    return part.replace(path)


def receive(server: Server, answer: http.client.HTTPResponse, part: Path, mode: str) -> None:
    """Write an answer into a file. Raises IncompleteRead if the connection ended before all of it was there."""
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open(mode) as file:
        shutil.copyfileobj(answer, file, BLOCK)
    if answer.length:  # http.client takes the early end for the end
        server.mine.connection.close()
        raise http.client.IncompleteRead(b"", answer.length)


def command_line() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(prog="mirage-cli", description="Upload, search and download photos in Mirage.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    of = argparse.ArgumentParser(add_help=False)  # what the commands about a folder share
    of.add_argument("folder", type=Path)
    of.add_argument("--jobs", type=int, default=4, choices=range(1, 33), metavar="N", help="files at once (default 4)")

    one = commands.add_parser("login", help="sign in to a server")
    one.add_argument("url", help="such as https://photos.example.org")
    one.add_argument("--user", help="the name to sign in with")
    one.add_argument("--token", help="a token made in the browser instead of a password; - asks for it")
    commands.add_parser("logout", help="revoke the token")

    one = commands.add_parser("upload", help="upload a folder", parents=[of])
    one.add_argument("--dry-run", action="store_true", help="only count the files")

    one = commands.add_parser("watch", help="upload what is new in a folder, until Ctrl-C", parents=[of])
    one.add_argument("--every", type=float, default=30, metavar="SECONDS", help="between two looks (default 30)")

    one = commands.add_parser("search", help="print the photos that match a search")
    one.add_argument("query", nargs="*")
    one.add_argument("--limit", type=int, default=100)
    one.add_argument("--json", action="store_true", help="one JSON object for each photo")

    one = commands.add_parser("download", help="download the originals that match a search")
    one.add_argument("query", nargs="*")
    one.add_argument("--to", type=Path, default=Path("."), help="the folder (default: the current one)")
    one.add_argument("--limit", type=int)
    one.add_argument("--as", dest="form", choices=FORMS, help="copies of photos, as they are edited")
    one.add_argument("--size", type=int, metavar="N", help="with --as: pixels of the longer side, at most")
    one.add_argument("--metadata", choices=("all", "no-place", "none"), default="all", help="with --as: what they say")
    return parser


COMMANDS = {one.__name__: one for one in (login, logout, upload, watch, search, download)}


def main(arguments: list[str] | None = None) -> int:
    options = command_line().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except Failed as error:
        print(f"mirage-cli: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to continue.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
