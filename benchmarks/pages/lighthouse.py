"""What Lighthouse says of the main pages in a library of 10,000 photos, on a phone and on a desk.

    python benchmarks/pages/lighthouse.py [--photos 10000] [--tries 3] [--pages timeline,people] [--data FOLDER]
        [--pictures FOLDER] [--told FOLDER]

Needs node and Lighthouse (`npm install lighthouse@13.5.0`, in the current folder or on the PATH) and a Chromium
(MIRAGE_TEST_CHROMIUM); says so and ends where one is absent. Makes a library like `benchmarks/web.py`, whose photos
all have thumbnails: of landscapes that are drawn, or of the pictures of a folder. Serves it as `serve` does and opens
each page several times. Prints the best performance, since a busy machine only takes away from it, and the lowest of
the other marks; then what was found wrong. --data keeps the library, --told keeps what Lighthouse told.
"""

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
NAME = "benchmark"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
DRAWN = 48  # landscapes
FORMS = {"phone": (), "desk": ("--preset=desktop",)}
FIGURES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
    "speed-index": "SI",
}


class Told(NamedTuple):
    """What Lighthouse told of one try: marks from 0 to 100, figures, and the names of audits that failed."""

    marks: dict[str, int]
    figures: dict[str, str]
    wrong: frozenset[str]


def main() -> None:
    options = read_options()
    program = lighthouse()
    if program is None:
        print("Lighthouse is not here: `npm install lighthouse@13.5.0` (needs node), then start this again.")
        return
    with folder_of(options.data) as folder:
        os.environ.update(MIRAGE_DATA=str(folder), MIRAGE_DEBUG="no", DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        make_library(folder, options)
        pages = {name: path for name, path in addresses().items() if name in options.pages.split(",")}
        with serving() as address, chromium(address, session()) as port:
            print(f"{'':20}perf access practice seo  " + "  ".join(f"{name:>7}" for name in FIGURES.values()))
            for page, path in pages.items():
                for form in FORMS:
                    tried([*program, address + path, f"--port={port}"], page, form, options)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--pages", default="timeline,viewer,people,search,album,explore")
    parser.add_argument("--data", default="", help="folder of a library that is kept")
    parser.add_argument("--pictures", type=Path, help="folder of JPEG files whose thumbnails the photos show")
    parser.add_argument("--told", type=Path, help="folder for what Lighthouse told, as JSON")
    return parser.parse_args()


def lighthouse() -> list[str] | None:
    """The command, if node and Lighthouse are here."""
    local = Path("node_modules/lighthouse/cli/index.js")
    node, found = shutil.which("node"), shutil.which("lighthouse")
    if node and local.exists():
        return [node, str(local.resolve())]
    return [found] if found else None


@contextmanager
def folder_of(kept: str) -> Iterator[Path]:
    """The folder of the library: the one that is kept, or a temporary one."""
    if kept:
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        yield Path(folder)


def make_library(folder: Path, options: argparse.Namespace) -> None:
    """The photos with their words, an album and thumbnails, where there are none yet."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    from benchmarks import web
    from photos.models import Photo

    if Photo.objects.exists():
        return
    web.fill(options.photos)
    web.index()
    make_album()
    draw_thumbnails(folder, options.pictures)


def make_album() -> None:
    """An album of 300 photos."""
    from accounts.models import User
    from albums.models import Album, AlbumItem
    from photos.models import Photo

    owner = User.objects.get(username=NAME)
    album = Album.objects.create(owner=owner, name="Summer by the sea")
    photos = Photo.objects.filter(owner=owner, trashed_at=None).order_by("-taken_local")[:300]
    AlbumItem.objects.bulk_create(
        [AlbumItem(album=album, photo=photo, position=place) for place, photo in enumerate(photos)]
    )


def draw_thumbnails(folder: Path, pictures: Path | None) -> None:
    """Thumbnails for every photo: links to those of a few pictures."""
    from media import thumbnails
    from photos.models import Photo
    from photos.storage import paths

    sources = sorted(pictures.rglob("*.jp*g")) if pictures else list(drawn(folder / "drawn"))
    made = []
    for number, source in enumerate(sources[:DRAWN]):
        target = folder / "pictures" / str(number)
        made.append((target, thumbnails.render(source, "image/jpeg", target)))
    photos = list(Photo.objects.all())
    for number, photo in enumerate(photos):
        target, rendering = made[number % len(made)]
        photo.width, photo.height, photo.thumbhash = rendering.width, rendering.height, rendering.thumbhash
        shown = paths.derived_folder(photo.sha256)
        shown.mkdir(parents=True)
        for size in ("small", "medium", "large"):
            (shown / f"{size}.webp").hardlink_to(target / f"{size}.webp")
    Photo.objects.bulk_update(photos, ["width", "height", "thumbhash"], batch_size=1_000)


def drawn(folder: Path) -> Iterator[Path]:
    """Landscapes as large as a phone's photos."""
    import numpy as np

    from scripts.screenshots.pictures import MOODS, landscape

    folder.mkdir(parents=True)
    chance = np.random.default_rng(16)
    for number in range(DRAWN):
        path = folder / f"{number}.jpg"
        size = random.Random(number).choice(((2016, 1512), (2016, 1512), (1512, 2016), (2016, 1134)))
        landscape(chance, size, MOODS[number % len(MOODS)]).save(path, quality=90)
        yield path


def addresses() -> dict[str, str]:
    """The pages, by their names."""
    from accounts.models import User
    from albums.models import Album

    owner = User.objects.get(username=NAME)
    newest = owner.photos.filter(trashed_at=None, archived=False, kind="photo").order_by("-taken_local")[3]
    album = Album.objects.get(owner=owner, name="Summer by the sea")
    return {
        "timeline": "/",
        "viewer": f"/photo/{newest.key}/",
        "people": "/people/",
        "search": "/search/?q=lisbon",
        "album": f"/albums/album/{album.key}/",
        "explore": "/explore/",
    }


@contextmanager
def serving() -> Iterator[str]:
    """The site as `serve` runs it, without workers. Its address."""
    from mirage.runtime import programs

    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.set_inheritable(listener.fileno(), True)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        program = programs.web(listener.fileno())
        Path(os.environ["MIRAGE_DATA"], "run").mkdir(exist_ok=True)
        environment = os.environ | program.environment
        with (
            Path(os.environ["MIRAGE_DATA"], "run", "web.log").open("w") as log,
            subprocess.Popen(
                program.command, env=environment, pass_fds=[listener.fileno()], stdout=log, stderr=log
            ) as served,
        ):
            try:
                time.sleep(4)
                yield address
            finally:
                served.terminate()


@contextmanager
def chromium(address: str, session: str) -> Iterator[int]:
    """A Chromium that has signed in. Its port for programs."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("MIRAGE_TEST_CHROMIUM", "/usr/bin/chromium")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as profile, sync_playwright() as playwright:
        command = [program, "--headless=new", "--no-sandbox", f"--remote-debugging-port={port}",
                   f"--user-data-dir={profile}", "about:blank"]  # fmt: skip
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as started:
            try:
                time.sleep(4)
                browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
                context = browser.contexts[0]
                context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
                for path in ("/", "/explore/", "/people/"):  # a server that has just begun is slow once
                    context.request.get(address + path)
                yield port
            finally:
                started.terminate()


def session() -> str:
    """The key of a session of the library's owner."""
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=NAME))
    return client.cookies["sessionid"].value


def tried(command: list[str], page: str, form: str, options: argparse.Namespace) -> None:
    """Open the page some times and print the best."""
    every = [once(command, form, told_file(options.told, page, form, number)) for number in range(options.tries)]
    best = max(every, key=lambda told: told.marks["performance"])
    marks = [best.marks["performance"], *(min(told.marks[name] for told in every) for name in CATEGORIES[1:])]
    figures = "  ".join(f"{best.figures[name]:>7}" for name in FIGURES)
    print(f"{page:12} {form:6}" + "".join(f"{mark:6}" for mark in marks) + f"   {figures}", flush=True)
    for name in sorted(frozenset().union(*(told.wrong for told in every))):
        print(f"    {name}")


def told_file(folder: Path | None, page: str, form: str, number: int) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{page}-{form}-{number}.json"


def once(command: list[str], form: str, kept: Path | None) -> Told:
    """One run of Lighthouse."""
    whole = [*command, *FORMS[form], "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    done = subprocess.run(whole, check=True, capture_output=True, text=True)
    if kept:
        kept.write_text(done.stdout)
    return read(json.loads(done.stdout))


def read(report: dict[str, Any]) -> Told:
    """The marks, figures and failed audits of a report."""
    audits, categories = report["audits"], report["categories"]
    weighty = {ref["id"] for name in CATEGORIES[1:] for ref in categories[name]["auditRefs"] if ref["weight"]}
    return Told(
        {name: round(100 * categories[name]["score"]) for name in CATEGORIES},
        {name: audits[name]["displayValue"].replace("\xa0", " ") for name in FIGURES},
        frozenset(f"{name}: {audits[name]['title']}" for name in weighty if audits[name]["score"] == 0),
    )


if __name__ == "__main__":
    main()
