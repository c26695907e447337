"""Photograph every main page at five widths, light and dark, as one sheet a page: docs/build/look/.

    scripts/take-look [NAME…] [--to DIR] [--pictures DIR]

The sheets are for whoever changes a page: take them before and after, and look at both. texts.json says for translators
which texts stand on which sheet. They show the example library
of the user's guide. Without NAME all are taken.
"""

import argparse
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from scripts.screenshots import take, texts
from scripts.screenshots.take import ROOT, SHOTS, Api, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOK = ROOT / "docs" / "build" / "look"
SIZES = ((360, 740), (390, 844), (768, 1024), (1440, 900), (1920, 1080))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ROW = 360  # pixels that a picture is high on the sheet
GAP = 12

PAGES = {name: SHOTS[name] for name in SHOTS if not name.startswith("phone")} | {
    "explore": Shot(lambda api: "/explore/"),
    "library": Shot(lambda api: "/library/"),
    "tidy-up": Shot(lambda api: "/tidy/"),
    "attention": Shot(lambda api: "/attention/"),
    "nothing-found": Shot(lambda api: "/search/?q=zzyzx"),
    "account": Shot(lambda api: "/accounts/"),
    "administration": Shot(lambda api: "/administration/"),
}


def main() -> None:
    options = argparse.ArgumentParser(description="Photograph every main page at five widths, light and dark.")
    options.add_argument("names", nargs="*", metavar="NAME", choices=[[], *PAGES], help=", ".join(PAGES))
    options.add_argument("--to", type=Path, default=LOOK, metavar="DIR")
    options.add_argument("--pictures", type=Path, metavar="DIR", help="where the example library is kept")
    given = options.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with take.library(given.pictures) as api, take.chromium() as browser:
        photograph(browser, api, given.names or list(PAGES), given.to)


def photograph(browser: "Browser", api: Api, names: list[str], folder: Path) -> None:
    """Make the sheets of the pages by these names."""
    pages = {
        (scheme, phone): take.signed_in(browser, api, scheme, phone) for scheme in SCHEMES for phone in (False, True)
    }
    said: dict[str, Iterable[str]] = {}
    for name in names:
        rows = [
            [picture(pages[scheme, take.is_phone(size)], PAGES[name], api, size) for size in SIZES]
            for scheme in SCHEMES
        ]
        sheet(rows).save(folder / f"{name}.webp", quality=72, method=6)
        said[name] = texts.on_page(pages[SCHEMES[-1], False])
        print(name, flush=True)
    texts.write(said, folder / "texts.json")


def picture(page: "Page", shot: Shot, api: Api, size: tuple[int, int]) -> Image.Image:
    """The page at a size, as high as a row of the sheet."""
    take.open_at(page, shot, api, size)
    image = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return image.resize((round(image.width * ROW / image.height), ROW), Image.Resampling.LANCZOS)


def sheet(rows: list[list[Image.Image]]) -> Image.Image:
    """The pictures beside and below one another."""
    width = max(sum(image.width + GAP for image in row) for row in rows) + GAP
    whole = Image.new("RGB", (width, len(rows) * (ROW + GAP) + GAP), (128, 128, 128))
    for number, row in enumerate(rows):
        left = GAP
        for image in row:
            whole.paste(image, (left, GAP + number * (ROW + GAP)))
            left += image.width + GAP
    return whole


if __name__ == "__main__":
    main()
