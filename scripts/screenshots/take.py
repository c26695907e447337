"""Take the screenshots: run Mirage on the example library, fill it through the HTTP API, photograph its pages.

    scripts/take-screenshots [NAME…] [--to DIR] [--pictures DIR]

Without NAME all are taken. `--pictures` keeps the example library in a folder and uses it again.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PIL import Image

from scripts.screenshots.pictures import draw_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "docs" / "use" / "screenshots"
NAME, PASSWORD, FRIEND = "anna", "the sea is blue", "ben"
DESK, PHONE = (1200, 760), (390, 780)
PHONE_BELOW = 700  # pixels, as in the style sheets
PATIENCE = 3_600  # seconds that the start, and the example library, may take


class Api:
    """The HTTP API of the running Mirage, as its administrator."""

    def __init__(self, address: str) -> None:
        self.address, self.token = address, ""
        scopes = ["read", "edit", "share", "admin"]
        self.token = self("POST", "tokens", {"username": NAME, "password": PASSWORD, "scopes": scopes})["token"]

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", method=method)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None) as answer:
            return json.loads(answer.read() or b"null")

    def photos(self, query: str = "") -> list[str]:
        """Keys of the photos that a search finds, newest first."""
        return [photo["key"] for photo in self("GET", f"photos?query={urllib.parse.quote(query)}")["photos"]]


@dataclass(frozen=True)
class Shot:
    """A page, by a function that says its address, at a size; `prepare` does what is to be seen on it."""

    address: Callable[[Api], str]
    prepare: "Callable[[Page], None]" = lambda page: None
    size: tuple[int, int] = DESK


def person(api: Api, name: str) -> str:
    return next(found["key"] for found in api("GET", "people")["people"] if found["name"] == name)


def album(api: Api, name: str) -> str:
    return next(found["key"] for found in api("GET", "albums")["albums"] if found["name"] == name)


def select_some(page: "Page") -> None:
    first, *others = page.locator(".tile").all()[:4]
    first.locator(".tile-link").focus()
    page.keyboard.press("x")
    for tile in others:
        tile.locator(".tile-check").click()


def open_information(page: "Page") -> None:
    if not page.locator(".viewer.with-info").count():  # it stays open from photo to photo
        page.keyboard.press("i")


SHOTS = {
    "timeline": Shot(lambda api: "/"),
    "upload": Shot(lambda api: "/upload/"),
    "photo": Shot(lambda api: f"/photo/{api.photos('file:Lisbon')[3]}/", open_information),
    "search": Shot(lambda api: "/search/?q=place:Lisbon+OR+dog+OR+cat"),
    "people": Shot(lambda api: "/people/"),
    "person": Shot(lambda api: f"/people/person/{person(api, 'Grace')}/"),
    "duplicates": Shot(lambda api: "/duplicates/"),
    "albums": Shot(lambda api: "/albums/"),
    "album": Shot(lambda api: f"/albums/album/{album(api, 'Lisbon in May')}/"),
    "sharing": Shot(lambda api: f"/albums/album/{album(api, 'Lisbon in May')}/sharing/"),
    "tags": Shot(lambda api: "/tags/"),
    "selection": Shot(lambda api: "/", select_some),
    "map": Shot(lambda api: "/map/"),
    "calendar": Shot(lambda api: "/years/2025/"),
    "history": Shot(lambda api: "/accounts/history/"),
    "phone": Shot(lambda api: "/", size=PHONE),
    "phone-photo": Shot(lambda api: f"/photo/{api.photos('file:Kyoto')[2]}/", size=PHONE),
}


def main() -> None:
    options = argparse.ArgumentParser(description="Take the screenshots of the user's guide.")
    options.add_argument("names", nargs="*", metavar="NAME", choices=[[], *SHOTS], help=", ".join(SHOTS))
    options.add_argument("--to", type=Path, default=SCREENSHOTS, metavar="DIR")
    options.add_argument("--pictures", type=Path, metavar="DIR", help="where the example library is kept")
    given = options.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with library(given.pictures) as api, chromium() as browser:
        take(browser, api, given.names or list(SHOTS), given.to)


@contextmanager
def library(kept: Path | None) -> Iterator[Api]:
    """Mirage on the example library, which is drawn unless `kept` holds it already, with names, albums and tags."""
    with tempfile.TemporaryDirectory(prefix="mirage-screenshots-") as scratch:
        pictures = kept or Path(scratch) / "pictures"
        if not pictures.exists():
            draw_library(pictures)
        with running(Path(scratch) / "data", pictures) as api:
            wait_until_done(api, len(list(pictures.glob("*.jpg"))))
            fill(api)
            yield api


@contextmanager
def running(data: Path, pictures: Path) -> Iterator[Api]:
    """Mirage with the pictures in its library, and a second account; ended with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | {
        "MIRAGE_DATA": str(data),
        "MIRAGE_MODELS": os.environ.get("MIRAGE_MODELS", str(ROOT / "data" / "models")),
        "MIRAGE_ADMIN_NAME": NAME,
        "MIRAGE_ADMIN_PASSWORD": PASSWORD,
        "MIRAGE_HOME_ZONE": "Europe/Vienna",
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    with subprocess.Popen([*manage, "serve", str(pictures), "--port", port], env=environment, cwd=ROOT) as served:
        try:
            api = connect(f"http://127.0.0.1:{port}")
            add = f"from accounts.models import User; User.objects.create_user({FRIEND!r})"
            subprocess.run([*manage, "shell", "-v", "0", "-c", add], env=environment, cwd=ROOT, check=True)
            yield api
        finally:
            served.terminate()


def connect(address: str) -> Api:
    """The API as soon as it answers. Raises TimeoutError."""
    for _ in range(PATIENCE):
        try:
            return Api(address)
        except urllib.error.URLError:
            time.sleep(1)
    raise TimeoutError(f"{address} does not answer")


def wait_until_done(api: Api, pictures: int) -> None:
    """Until all pictures are in the library and nothing is left to do. Raises TimeoutError."""
    for _ in range(PATIENCE // 5):
        stages = api("GET", "jobs")["stages"]
        left = sum(stage["waiting"] + stage["running"] for stage in stages)
        if left == 0 and max((stage["done"] for stage in stages), default=0) >= pictures:
            return
        time.sleep(5)
    raise TimeoutError("the example library is not ready")


def fill(api: Api) -> None:
    """What somebody would have done with this library: names, albums, tags, favourites, a share and a link."""
    for found in api("GET", "people")["people"]:
        [first, *_] = api("GET", f"photos?list=person.{found['key']}")["photos"]
        api("PATCH", f"people/{found['key']}", {"name": "Eileen" if "astronaut" in first["name"] else "Grace"})
    lisbon, alps, kyoto = (api.photos(f"file:{name}") for name in ("Lisbon", "Zermatt", "Kyoto"))
    for name, keys in (("Lisbon in May", lisbon), ("A week in the Alps", alps), ("Kyoto", kyoto)):
        made = api("POST", "albums", {"name": name})
        api("POST", f"albums/{made['key']}/photos", {"keys": keys})
    api("POST", "albums", {"name": "Summers", "kind": "smart", "query": "date:summer"})
    for tag, keys in (("travel/portugal", lisbon), ("travel/japan", kyoto), ("travel/alps", alps)):
        api("POST", "tags/change", {"keys": keys, "add": [tag]})
    api("POST", "tags/change", {"keys": api.photos("file:cat"), "add": ["pets"]})
    api("POST", "photos/actions/favourite", {"keys": [*lisbon[1:3], *alps[4:6], *kyoto[2:4]]})
    api("PATCH", f"photos/{lisbon[3]}", {"title": "Above the river", "description": "The evening of the last day."})
    api("POST", "shares", {"user": FRIEND, "album": album(api, "Lisbon in May"), "role": "contributor"})
    api("POST", "links", {"album": album(api, "Lisbon in May"), "name": "For the grandparents"})


@contextmanager
def chromium() -> "Iterator[Browser]":
    """A Chromium that draws maps."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("MIRAGE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    webgl = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=webgl)
        yield browser
        browser.close()


def signed_in(browser: "Browser", api: Api, scheme: Literal["light", "dark"] = "light", phone: bool = False) -> "Page":
    """A page whose user has signed in. That of a phone is touched, and has no bar to scroll with."""
    page = browser.new_context(
        base_url=api.address, reduced_motion="reduce", color_scheme=scheme, is_mobile=phone, has_touch=phone
    ).new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")
    return page


def is_phone(size: tuple[int, int]) -> bool:
    return size[0] < PHONE_BELOW


def open_at(page: "Page", shot: Shot, api: Api, size: tuple[int, int]) -> None:
    """Show what is to be photographed, at this width and height."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(shot.address(api))
    page.wait_for_load_state("networkidle")
    shot.prepare(page)
    page.wait_for_timeout(1_500)  # what fades in, and the map's tiles


def take(browser: "Browser", api: Api, names: list[str], folder: Path) -> None:
    """Photograph the pages by these names into the folder, as WebP."""
    pages = [signed_in(browser, api, phone=phone) for phone in (False, True)]
    for name in names:
        page = pages[is_phone(SHOTS[name].size)]
        open_at(page, SHOTS[name], api, SHOTS[name].size)
        picture = Image.open(BytesIO(page.screenshot()))
        picture.convert("RGB").save(folder / f"{name}.webp", quality=80, method=6)


if __name__ == "__main__":
    main()
