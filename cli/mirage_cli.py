"""mirage-cli: bring folders of photos into a Mirage library, find photos there, and fetch them.

    mirage-cli login https://photos.example.org
    mirage-cli upload ~/Pictures
    mirage-cli search "anna beach year:2024"
    mirage-cli download "album:Norway" --to ~/Norway

One file, nothing but Python's own library. Uploads go on where they were when they are started again: what is there
already is not sent twice, and a half-sent file is continued.
"""

import argparse
import base64
import getpass
import hashlib
import http.client
import json
import os
import socket
import ssl
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

VERSION = "0.1.0"
CONFIG = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "mirage" / "cli.json"
BLOCK = 1 << 20
BATCH = 500  # files that are asked about at once
RETRIES = 5
OUTCOMES = {"added": "added", "already there": "present", "back from the trash": "back"}
JUNK = {"thumbs.db", "desktop.ini", "ehthumbs.db"}


class Failed(Exception):
    """Something did not work; the message says what, for the user."""


class Refused(Failed):
    """The server said no."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


# --- talking to the server --------------------------------------------------------------------------------------------


class Server:
    """The HTTP API of one Mirage, from any number of threads; each keeps a connection of its own."""

    def __init__(self, address: str, token: str = "") -> None:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed(f"{address} is no address of a server, such as https://photos.example.org")
        self.secure, self.host, self.port = parts.scheme == "https", parts.hostname, parts.port
        self.address, self.base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", parts.path.rstrip("/")
        self.token = token
        self.mine = threading.local()

    def json(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Ask, and read the answer's JSON. Tried again where the network or the server fails for a moment."""
        told = {name: value for name, value in query.items() if value is not None}
        address = f"/api/v1{path}" + (f"?{urlencode(told)}" if told else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        status, _, content = retried(lambda: self.request(method, address, data, headers))
        return json.loads(content) if status != 204 else None

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request; raises Refused for statuses of 400 and above."""
        answer = self.open(method, path, body, headers or {})
        content = answer.read()
        if answer.status >= 400:
            raise Refused(answer.status, reason_in(content) or f"The server answered {answer.status} {answer.reason}.")
        return answer.status, answer.headers, content

    def open(self, method: str, path: str, body: Any, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Send a request; the answer is still to be read."""
        connection = getattr(self.mine, "connection", None) or self.connect()
        sent = {"User-Agent": f"mirage-cli/{VERSION} ({socket.gethostname()})", "Tus-Resumable": "1.0.0", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        try:
            connection.request(method, self.base + path, body, sent)
            return connection.getresponse()
        except (OSError, http.client.HTTPException):
            self.mine.connection = None
            connection.close()
            raise

    def connect(self) -> http.client.HTTPConnection:
        if self.secure:
            context = ssl.create_default_context()
            self.mine.connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=120, blocksize=BLOCK, context=context
            )
        else:
            self.mine.connection = http.client.HTTPConnection(self.host, self.port, timeout=120, blocksize=BLOCK)
        return self.mine.connection


def retried(ask: Callable[[], Any]) -> Any:
    """Ask again, with longer and longer pauses, where the network broke or the server was overloaded."""
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
    """Why, as the server says it."""
    try:
        return str(json.loads(content)["detail"])
    except (ValueError, KeyError, TypeError):
        return content.decode(errors="replace").strip()[:300] if not content.lstrip().startswith(b"<") else ""


# --- who --------------------------------------------------------------------------------------------------------------


def signed_in() -> Server:
    """The server of the last `login`, or of MIRAGE_URL and MIRAGE_TOKEN."""
    if os.environ.get("MIRAGE_URL") and os.environ.get("MIRAGE_TOKEN"):
        return Server(os.environ["MIRAGE_URL"], os.environ["MIRAGE_TOKEN"])
    try:
        kept = json.loads(CONFIG.read_text())
        return Server(kept["url"], kept["token"])
    except (OSError, ValueError, KeyError) as error:
        raise Failed("You are not signed in: mirage-cli login https://photos.example.org") from error


def login(options: argparse.Namespace) -> int:
    """Sign in with name and password, or with a token made in the browser, and remember it in a file of one's own."""
    server = Server(options.url)
    if options.token:
        server.token = getpass.getpass("Token: ") if options.token == "-" else options.token
    else:
        server.token = ask_for_token(server, options.user)
    me = server.json("GET", "/me")
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(CONFIG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"url": server.address, "token": server.token}, file)
    print(f"Signed in to {server.address} as {me['username']}.")
    return 0


def ask_for_token(server: Server, user: str | None) -> str:
    """Name and password, then the code of the second factor if the server wants one."""
    name = user or input("Name: ")
    password = os.environ.get("MIRAGE_PASSWORD") or getpass.getpass("Password: ")
    wanted = {
        "username": name,
        "password": password,
        "name": f"mirage-cli on {socket.gethostname()}"[:120],
        "days": None,
    }
    try:
        return server.json("POST", "/tokens", wanted)["token"]
    except Refused as refusal:
        if refusal.status != 401 or "code" not in str(refusal):
            raise
    return server.json("POST", "/tokens", {**wanted, "code": input("Code of your authenticator: ").strip()})["token"]


def logout(options: argparse.Namespace) -> int:
    """Revoke the token and forget it."""
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
    """What became of the files."""

    added: int = 0
    present: int = 0
    back: int = 0  # from the trash
    skipped: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)  # what no import takes, and links that lead back


def upload(options: argparse.Namespace) -> int:
    """Send a folder: what is not there yet, several files at once, going on where an earlier run was stopped."""
    root: Path = options.folder.expanduser().absolute()
    if not root.is_dir():
        raise Failed(f"{options.folder} is not a folder.")
    server, report = signed_in(), Report()
    files = Search(server, root, report).files()
    if options.dry_run:
        print(f"{len(files)} photos and videos, {sum(one.size for one in files) / 1e6:,.0f} MB")
        return 0
    begun = {(one["name"], one["folder"], one["size"]): one for one in server.json("GET", "/uploads")["uploads"]}
    with Progress(len(files), sum(one.size for one in files)) as progress:
        Uploader(server, begun, report, progress).run(files, options.jobs)
    tell(report)
    return 1 if report.failures else 0


def tell(report: Report) -> None:
    """What became of the files."""
    print(
        f"{report.added} added, {report.present} already there, {report.skipped} skipped, {len(report.failures)} failed"
    )
    if report.back:
        print(f"{report.back} back from the trash; History on the page can undo that")
    if report.left_out:
        print(f"{len(report.left_out)} left out:")
    for lines, stream in ((report.left_out, sys.stdout), (report.failures, sys.stderr)):
        for name, reason in lines.items():
            print(f"  {shown(name)}: {reason}", file=stream)


class Search:
    """Goes through a folder: every file once, wherever links lead."""

    def __init__(self, server: Server, root: Path, report: Report) -> None:
        self.server, self.root, self.report = server, root, report
        self.extensions = set(server.json("GET", "/uploads/kinds")["extensions"])
        self.seen: set[tuple[int, int]] = set()

    def files(self) -> list[File]:
        """The photos and videos below the folder, each with the sidecars that the server says belong to it."""
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
        """Whether the folder was not gone through by another way."""
        status = folder.stat()
        if (status.st_dev, status.st_ino) in self.seen:
            self.report.left_out[str(folder)] = "leads back to a folder that was gone through"
            return False
        self.seen.add((status.st_dev, status.st_ino))
        return True

    def ask(self, here: Path, names: list[str], folders: list[str]) -> dict[str, list[str]]:
        """The sidecars of each photo, as the server pairs them; what it says to leave out is noted, and not entered."""
        own = {shown(name): name for name in [*names, *folders]}
        body = {
            "names": list(map(shown, names)),
            "folders": list(map(shown, folders)),
            "folder": shown(str(here))[-1024:],
        }
        answer = self.server.json("POST", "/uploads/pairs", body) if own else {"sidecars": {}}
        for name, reason in answer.get("left_out", {}).items():
            self.report.left_out[str(here / own[name])] = reason
        folders[:] = [name for name in folders if str(here / name) not in self.report.left_out]
        return {own[name]: [own[other] for other in others] for name, others in answer["sidecars"].items()}

    def described(self, path: Path, sidecars: list[Path]) -> list[File]:
        """The file, unless it is none or cannot be looked at."""
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
    """A name as it can be sent and printed: bytes that are no UTF-8 are replaced."""
    return os.fsencode(name).decode(errors="replace")


class Uploader:
    """Files from the disk to the server: summed, asked about in batches, sent in parallel."""

    def __init__(self, server: Server, begun: dict[Any, Any], report: Report, progress: "Progress") -> None:
        self.server, self.begun, self.report, self.progress = server, begun, report, progress
        self.lock = threading.Lock()

    def run(self, files: list[File], jobs: int) -> None:
        """All of them. While one batch is sent the next is summed."""
        with ThreadPoolExecutor(jobs) as pool:
            try:
                sent: set[Future[None]] = set()
                for batch in batches(files, BATCH):
                    for same, known in self.ask(pool, batch):
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
        """The readable files of the batch, those of the same content together; with the key of their photo, if any."""
        same: dict[str, list[File]] = {}
        for one, summed in zip(batch, pool.map(self.sum, batch), strict=True):
            if summed:
                same.setdefault(one.sha256, []).append(one)
        photos = self.server.json("POST", "/uploads/check", {"sha256": sorted(same)})["photos"]
        if trashed := [one["sha256"] for one in photos if one["trashed"]]:
            self.report.back += len(self.server.json("POST", "/uploads/back", {"sha256": trashed})["keys"])
        known = {one["sha256"]: one["key"] for one in photos}
        yield from ((files, known.get(sha256, "")) for sha256, files in same.items())

    def sum(self, one: File) -> bool:
        """Read the file once for its SHA-256; whether that went well."""
        try:
            with one.path.open("rb") as stream:
                one.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            self.fail(one, error.strerror or str(error))
            return False
        return True

    def bring_all(self, same: list[File], key: str) -> None:
        """Files of the same content, in the order of the folder: which sidecar comes first is no matter of chance."""
        for one in same:
            key = self.bring(one, key)

    def bring(self, one: File, key: str) -> str:
        """One file and its sidecars; the key of its photo."""
        try:
            if key:
                self.progress.advance(one.size)
                outcome = "already there"
            else:
                outcome, key = self.send(one)
            for sidecar in one.sidecars if key else ():
                self.attach(key, sidecar)
        except (Failed, OSError) as error:
            if isinstance(error, Refused) and error.status in (401, 507):
                raise  # signed out, or the disk is full: it would be the same for all that follow
            self.fail(one, str(error))
            return key
        with self.lock:
            name = OUTCOMES.get(outcome, "skipped")
            setattr(self.report, name, getattr(self.report, name) + 1)
        self.progress.finish_one(shown(one.path.name))
        return key

    def send(self, one: File) -> tuple[str, str]:
        """Announce it or go on with it, then let it be taken in; what became of it, and the photo's key."""
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
        """What an earlier run had begun is being taken in at this moment (423), is gone (404), or is another file."""
        for _ in range(60 if status == 423 else 1):
            known = self.server.json("POST", "/uploads/check", {"sha256": [one.sha256]})["photos"]
            if known:
                return "already there", known[0]["key"]
            if status == 423:
                time.sleep(1)
        return self.send(one)

    def announce(self, one: File) -> str:
        seconds, fraction = divmod(one.modified, 1)
        milliseconds = f"{int(seconds) * 1000 + round(fraction * 1e6) / 1000:.3f}"  # to the microsecond
        described = {"filename": shown(one.path.name), "folder": one.folder, "modified": milliseconds}
        metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in described.items())
        headers = {"Upload-Length": str(one.size), "Upload-Metadata": metadata}
        _, answer, _ = retried(lambda: self.server.request("POST", "/api/v1/uploads/tus", b"", headers))
        return answer["Location"].rstrip("/").rpartition("/")[2]

    def send_rest(self, one: File, key: str) -> None:
        """The bytes that the server does not have yet."""
        path = f"/api/v1/uploads/tus/{key}"
        _, headers, _ = self.server.request("HEAD", path)
        offset = int(headers["Upload-Offset"])
        if offset == one.size:
            self.progress.advance(one.size)
            return
        self.progress.advance(offset)
        with one.path.open("rb") as stream:
            stream.seek(offset)
            sent = {
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(one.size - offset),
                "Upload-Offset": str(offset),
            }
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
        self.progress.finish_one(shown(one.path.name))


class Counted:
    """The rest of an open file, of a length that was announced, telling the progress bar what has gone out."""

    def __init__(self, stream: Any, left: int, progress: "Progress") -> None:
        self.stream, self.left, self.progress, self.read_bytes = stream, left, progress, 0

    def read(self, size: int = BLOCK) -> bytes:
        block = self.stream.read(min(max(size, BLOCK), self.left))
        self.left -= len(block)
        self.read_bytes += len(block)
        self.progress.advance(len(block))
        return block


def batches(items: list[File], size: int) -> Iterator[list[File]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Progress:
    """A line on the terminal: how many files, how many bytes, how long still. Silent where there is no terminal."""

    def __init__(self, files: int, size: int) -> None:
        self.files, self.size, self.done, self.sent, self.shown = files, size, 0, 0, 0.0
        self.started, self.lock = time.monotonic(), threading.Lock()
        self.visible = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self.visible:
            self.show()
            print(file=sys.stderr)

    def advance(self, count: int) -> None:
        with self.lock:
            self.sent += count
            if self.visible and time.monotonic() - self.shown > 0.1:
                self.show()

    def finish_one(self, name: str) -> None:
        with self.lock:
            self.done += 1
            if self.visible:
                self.show()

    def show(self) -> None:
        self.shown = time.monotonic()
        share = min(1.0, self.sent / self.size) if self.size else 1.0
        seconds = (self.shown - self.started) / share * (1 - share) if share > 0.01 else 0
        bar = "█" * round(share * 24) + "░" * (24 - round(share * 24))
        left = f", {seconds // 60:.0f} min {seconds % 60:02.0f} s left" if seconds else ""
        line = f"{bar} {self.done}/{self.files} files, {self.sent / 1e6:,.0f} of {self.size / 1e6:,.0f} MB{left}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


# --- finding and fetching ---------------------------------------------------------------------------------------------


def found(server: Server, query: str, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The photos that a search finds, newest first; without a query all."""
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
    """Print what a search finds: when, what, where, and its address."""
    server = signed_in()
    photos: Iterable[dict[str, Any]] = found(server, " ".join(options.query), options.limit)
    for photo in photos:
        if options.json:
            print(json.dumps(photo, ensure_ascii=False))
            continue
        place = ", ".join(part for part in (photo["place"], photo["country"]) if part)
        told = [photo["taken_local"][:16].replace("T", " "), photo["title"] or photo["name"], place]
        print("  ".join(part for part in told if part), f" {server.address}/photo/{photo['key']}/")
    return 0


def download(options: argparse.Namespace) -> int:
    """Fetch the originals of what a search finds, into folders by year and month; not again what is there."""
    server = signed_in()
    target: Path = options.to.expanduser()
    count = 0
    for photo in found(server, " ".join(options.query), options.limit):
        path = target / photo["taken_local"][:4] / photo["taken_local"][5:7] / safe_name(photo["name"])
        path = free_place(path, photo["sha256"])
        if not path.exists():
            retried(partial(fetch, server, photo, path))
        count += 1
        print(path, file=sys.stderr)
    print(f"{count} files in {target}")
    return 0


def safe_name(name: str) -> str:
    """A name that leads nowhere else, whatever the server says."""
    clean = "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in name).strip(" .")
    return clean or "unnamed"


def free_place(path: Path, sha256: str) -> Path:
    """Where the file is or is to be: another one of the same name gets a number."""
    place, number = path, 0
    while place.exists():
        with place.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() == sha256:
                return place
        number += 1
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def fetch(server: Server, photo: dict[str, Any], path: Path) -> None:
    """One original, going on with what an interrupted run has left; it appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{photo['sha256'][:16]}.part")
    start = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={start}-"} if 0 < start < photo["size"] else {}
    answer = server.open("GET", f"/api/v1/photos/{photo['key']}/original", None, headers)
    if answer.status >= 400:
        raise Refused(answer.status, reason_in(answer.read()) or f"The server answered {answer.status}.")
    with part.open("ab" if answer.status == 206 else "wb") as file:
        while block := answer.read(BLOCK):
            file.write(block)
    with part.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != photo["sha256"]:
            part.unlink()
            raise OSError("the file was damaged on the way")
    moment = datetime.fromisoformat(photo["taken_local"])
    if moment.year >= 1970:
        os.utime(part, (moment.timestamp(), moment.timestamp()))
    os.replace(part, path)


def main(arguments: list[str] | None = None) -> int:
    """The commands."""
    parser = argparse.ArgumentParser(
        prog="mirage-cli", description="Upload to, search and download from a Mirage library."
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("login", help="sign in to a server")
    one.add_argument("url", help="such as https://photos.example.org")
    one.add_argument("--user", help="the name to sign in with")
    one.add_argument("--token", help="a token made in the browser instead of a password; - asks for it")
    one.set_defaults(run=login)
    commands.add_parser("logout", help="revoke the token").set_defaults(run=logout)

    one = commands.add_parser("upload", help="send a folder")
    one.add_argument("folder", type=Path)
    one.add_argument("--jobs", type=int, default=4, choices=range(1, 33), metavar="N", help="files at once (4)")
    one.add_argument("--dry-run", action="store_true", help="only say what is there")
    one.set_defaults(run=upload)

    one = commands.add_parser("search", help="print what a search finds")
    one.add_argument("query", nargs="*")
    one.add_argument("--limit", type=int, default=100)
    one.add_argument("--json", action="store_true", help="one object a line, with all that is known")
    one.set_defaults(run=search)

    one = commands.add_parser("download", help="fetch the originals of what a search finds")
    one.add_argument("query", nargs="*")
    one.add_argument("--to", type=Path, default=Path("."), help="the folder (here)")
    one.add_argument("--limit", type=int)
    one.set_defaults(run=download)

    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except Failed as error:
        print(f"mirage-cli: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on where it was.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
