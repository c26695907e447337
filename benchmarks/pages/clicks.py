"""How many clicks the ten most common tasks take, counted in a real Chromium on a running Mirage.

    MIRAGE_PASSWORD=… python benchmarks/pages/clicks.py http://localhost:8000 NAME --person "Marie"
        --search "Lisbon 2024" [--chromium /usr/bin/chromium]

Needs an album, a named and an unnamed person, and a duplicate group; changes the library a little: it names a person
and resolves the group. Each press of the pointer counts, and so does Enter; what is typed is noted as `+ text`. Tasks
with a photo begin at the open photo, the others at the timeline. A task is done when what is asked for is on the page.
"""

import argparse
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


class Hand:
    """Somebody's hand: it presses and types, and counts."""

    def __init__(self, page: "Page") -> None:
        self.page, self.presses, self.typed = page, 0, False

    def press(self, what: "str | Locator") -> None:
        """Press what is on the page, by a selector or as found."""
        (self.page.locator(what) if isinstance(what, str) else what).first.click()
        self.presses += 1

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=re.compile(name)))

    def enter(self, text: str) -> None:
        """Type into what has the focus, and press Enter."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.presses, self.typed = self.presses + 1, True

    def sees(self, what: "str | Locator") -> None:
        (self.page.locator(what) if isinstance(what, str) else what).first.wait_for(state="visible")


def open_newest(hand: Hand) -> None:
    hand.press("#grid .tile-link")
    hand.sees("#viewer")


def find_person(hand: Hand, name: str) -> None:
    hand.press(hand.page.get_by_role("link", name="People", exact=True))
    hand.press(hand.page.get_by_role("link", name=re.compile(name)))
    hand.sees("#grid .tile")


def find_by_place_and_year(hand: Hand, text: str) -> None:
    hand.press("#search-input")
    hand.enter(text)
    hand.page.wait_for_url("**/search/**")
    hand.sees("#grid .tile")


def add_to_album(hand: Hand) -> None:
    hand.button("^Add to album")
    hand.press("dialog[open] .choices label")
    hand.button("^Save$")
    hand.sees("#toasts .toast")


def share_by_link(hand: Hand) -> None:
    hand.button("^Share$")
    hand.button("^Create link$")
    hand.button("^Copy$")
    hand.sees(hand.page.get_by_text("The address is on the clipboard"))


def favourite(hand: Hand) -> None:
    hand.button("^Favourite")
    hand.sees("#toasts .toast")


def delete_and_undo(hand: Hand) -> None:
    hand.button("^Move to the trash")
    hand.button("^Undo$")
    hand.sees(hand.page.locator("#toasts .toast", has_text="Undone"))


def name_a_face(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("link", name="People", exact=True))
    hand.press(hand.page.get_by_placeholder("Add a name"))
    hand.enter("Grandmother")
    hand.sees(hand.page.locator(".person-name", has_text="Grandmother"))


def merge_duplicates(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("link", name=re.compile("^Library")))
    hand.press(hand.page.get_by_role("link", name=re.compile("^Duplicates")))
    hand.press('#duplicates [data-shortcut="Enter"]')
    hand.sees(hand.page.locator("#duplicates", has_text=re.compile("moved to the trash|All kept")))


def see_on_map(hand: Hand) -> None:
    hand.press(hand.page.get_by_role("link", name="Map", exact=True))
    hand.sees("#map, .basemap")


def main() -> None:
    options = read_options()
    tasks: list[tuple[str, bool, Callable[[Hand], None]]] = [
        ("open the newest photo", False, open_newest),
        ("find a person", False, lambda hand: find_person(hand, options.person)),
        ("find by place and year", False, lambda hand: find_by_place_and_year(hand, options.search)),
        ("add to an album", True, add_to_album),
        ("share by link", True, share_by_link),
        ("favourite", True, favourite),
        ("delete and undo", True, delete_and_undo),
        ("name a face", False, name_a_face),
        ("merge duplicates", False, merge_duplicates),
        ("see on the map", False, see_on_map),
    ]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        context = browser.new_context(base_url=options.address, permissions=["clipboard-write"])
        page = context.new_page()
        sign_in(page, options.name)
        for title, opened, do in tasks:
            count(page, title, opened, do)
        browser.close()


def read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description="Count the clicks of ten common tasks.")
    options.add_argument("address")
    options.add_argument("name")
    options.add_argument("--person", required=True, help="who is found")
    options.add_argument("--search", required=True, help="a place and a year")
    options.add_argument("--chromium", default="/usr/bin/chromium")
    return options.parse_args()


def sign_in(page: "Page", name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", os.environ["MIRAGE_PASSWORD"])
    page.click("main .button.primary")
    page.wait_for_url("**/")


def count(page: "Page", title: str, opened: bool, do: Callable[[Hand], None]) -> None:
    """Do the task and print how many presses it took."""
    page.goto("/")
    page.wait_for_load_state("networkidle")
    if opened:
        page.locator("#grid .tile-link").nth(1).click()
        page.locator("#viewer").wait_for()
    hand = Hand(page)
    do(hand)
    stayed = ", in the viewer" if opened and page.locator("#viewer").count() else ""
    print(f"{title}: {hand.presses}{' + text' if hand.typed else ''}{stayed}", flush=True)


if __name__ == "__main__":
    main()
