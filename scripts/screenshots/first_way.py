"""The way of a new user, from an empty folder to a shared album with a named person, photographed step by step.

    scripts/take-first-way [--to DIR] [--pictures DIR] [--width 1440]

Starts Mirage on an empty folder and does only what the pages offer: no address is typed but the one that the terminal
shows. Fails where the way leads nowhere. Prints for each step how many presses it took and how long the page let
somebody wait. The pictures are the example library of the user's guide.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from scripts.screenshots import take
from scripts.screenshots.pictures import draw_library
from scripts.screenshots.take import NAME, PASSWORD, PATIENCE, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MEASURED = ROOT / "docs" / "measured"
PERSON = "Grace"
ACROSS, STEP_WIDTH, GAP = 4, 560, 12  # pictures beside one another on the sheet; pixels
LONGEST_MS = 600_000  # that a step waits for Mirage's work


@dataclass
class Way:
    """A page, what was pressed on it, and the steps so far with their pictures."""

    page: "Page"
    folder: Path
    presses: int = 0
    pictures: list[Image.Image] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def press(self, what: "Locator") -> None:
        what.first.click()
        self.presses += 1

    def link(self, name: str) -> None:
        self.press(self.page.get_by_role("link", name=re.compile(name)))

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=re.compile(name)))

    def sees(self, what: str, text: str = "") -> None:
        found = self.page.locator(what, has_text=text) if text else self.page.locator(what)
        found.first.wait_for(state="visible", timeout=LONGEST_MS)

    def step(self, title: str, do: "Callable[[Way], None]") -> None:
        self.presses, started = 0, time.perf_counter()
        do(self)
        row = f"| {title} | {self.presses} | {time.perf_counter() - started:.1f} |"
        print(row, flush=True)
        self.rows.append(row)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(600)
        self.pictures.append(Image.open(BytesIO(self.page.screenshot())).convert("RGB"))


def make_account(way: Way) -> None:
    way.page.get_by_label("Name").fill(NAME)
    way.page.get_by_label("Password").fill(PASSWORD)
    way.button("^Create my account$")
    way.sees("h2", "Where are your photos?")


def choose_folder(way: Way) -> None:
    way.link("^Choose a folder$")
    way.sees("#choose-folder")
    while not way.page.get_by_role("button", name="Use this folder").count() or opened(way.page) != way.folder:
        way.press(nearest(way.page, way.folder))
        way.page.wait_for_load_state("networkidle")


def opened(page: "Page") -> Path | None:
    """The folder that is open in the page."""
    shown = parse_qs(urlsplit(page.url).query).get("in")
    return Path(shown[0]) if shown else None


def nearest(page: "Page", folder: Path) -> "Locator":
    """The link to the folder, or to the one above it that lies nearest."""
    links = page.locator("#choose-folder .folder-row").all()
    paths = [Path(parse_qs(urlsplit(str(link.get_attribute("href"))).query)["in"][0]) for link in links]
    leading = [pair for pair in zip(paths, links, strict=True) if folder.is_relative_to(pair[0])]
    return max(leading, key=lambda pair: len(pair[0].parts))[1]


def use_folder(way: Way) -> None:
    way.button("^Use this folder$")
    way.sees("#welcome h2")


def wait_for_people(way: Way) -> None:
    way.sees("#welcome a", "Name them")


def open_people(way: Way) -> None:
    way.link("^Name them$")
    way.sees(".person-input")


def name_somebody(way: Way) -> None:
    way.press(way.page.get_by_placeholder("Add a name"))
    way.page.keyboard.type(PERSON)
    way.page.keyboard.press("Enter")
    way.presses += 1
    way.sees(".person-name", PERSON)


def open_person(way: Way) -> None:
    way.link(f"^{PERSON}")
    way.sees("#grid .tile")


def make_album(way: Way) -> None:
    way.button("^Album$")
    way.page.wait_for_url("**/albums/album/**")
    way.sees("#grid .tile")


def share_album(way: Way) -> None:
    way.link("^Share$")
    way.sees("dialog[open]")


def create_link(way: Way) -> None:
    way.button("^Create (the )?link$")
    way.sees("dialog[open] .link-address")


def open_as_guest(way: Way) -> None:
    address = way.page.locator(".link-address input").first.input_value()
    browser = way.page.context.browser
    assert browser
    viewport = way.page.viewport_size
    way.page = browser.new_context(reduced_motion="reduce", viewport=viewport).new_page()
    way.page.goto(address)
    way.sees("#grid .tile")


STEPS: "tuple[tuple[str, Callable[[Way], None]], ...]" = (
    ("open the address that the terminal shows", lambda way: way.sees("#id_username")),
    ("make the account: a name, a password", make_account),
    ("choose the folder", choose_folder),
    ("use it", use_folder),
    ("wait until Mirage has found people in it", wait_for_people),
    ("open the people who wait for a name", open_people),
    ("name one", name_somebody),
    ("open this person", open_person),
    ("make an album of the photos", make_album),
    ("share it", share_album),
    ("create a link", create_link),
    ("what somebody sees who has the link", open_as_guest),
)


def main() -> None:
    options = argparse.ArgumentParser(description="Photograph the way of a new user.")
    options.add_argument("--to", type=Path, default=MEASURED, metavar="DIR")
    options.add_argument("--pictures", type=Path, metavar="DIR", help="where the example library is kept")
    options.add_argument("--width", type=int, default=1440)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-screenshots-") as scratch, take.chromium() as browser:
        home = Path(scratch).resolve() / "home"
        pictures = home / "Pictures"
        if given.pictures:
            shutil.copytree(given.pictures, pictures, ignore=shutil.ignore_patterns(".*"))
        else:
            draw_library(pictures)
        with started(Path(scratch) / "data", home) as address:
            size = {"width": given.width, "height": 900 if given.width > 700 else 844}
            page = browser.new_context(reduced_motion="reduce", viewport=size).new_page()  # type: ignore[arg-type]
            page.goto(address)
            way = Way(page, pictures)
            for title, do in STEPS:
                way.step(title, do)
    given.to.mkdir(parents=True, exist_ok=True)
    sheet(way.pictures).save(given.to / "first-way.webp", quality=72, method=6)


@contextmanager
def started(data: Path, home: Path) -> Iterator[str]:
    """Mirage with an empty library, for a user with that home; ended with the block. The address that it shows."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    left_out = {"DATABASE_URL", "REDIS_URL", "MIRAGE_ADMIN_NAME", "MIRAGE_ADMIN_PASSWORD"}
    models = os.environ.get("MIRAGE_MODELS", str(ROOT / "data" / "models"))
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment |= {"MIRAGE_DATA": str(data), "MIRAGE_MODELS": models, "HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", port]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as served:
        try:
            yield shown_by(served)
        finally:
            served.terminate()
            served.communicate()  # it says good-bye


def shown_by(served: "subprocess.Popen[str]") -> str:
    """The address for the first account. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    for line in served.stdout or ():
        if found := re.search(r"http\S+/accounts/first/\S*", line):
            return found[0]
        if time.monotonic() > end:
            break
    raise TimeoutError("no address was shown")


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """The steps beside and below one another."""
    high = round(STEP_WIDTH * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // ACROSS)
    whole = Image.new("RGB", (ACROSS * (STEP_WIDTH + GAP) + GAP, rows * (high + GAP) + GAP), (128, 128, 128))
    for number, picture in enumerate(pictures):
        place = GAP + number % ACROSS * (STEP_WIDTH + GAP), GAP + number // ACROSS * (high + GAP)
        whole.paste(picture.resize((STEP_WIDTH, high), Image.Resampling.LANCZOS), place)
    return whole


if __name__ == "__main__":
    main()
