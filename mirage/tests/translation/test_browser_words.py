"""Scripts in another language, and keys where reading goes to the left."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from mirage.testing.pictures import write_thumbnails
from mirage.translation.pseudo import LEFT, RIGHT, said
from photos.storage import paths

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from accounts.models import User
    from photos.models import Photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pseudo_languages")]

ASKED = """async () => {
  const words = await import("/static/js/mirage/words.js");
  return [
    words.pgettext("what a key does", "Undo"), words.gettext("constructor"), words.gettext("Nobody marked this"),
    words.pgettext("nowhere", "Undo"), words.ngettext("one thing", "%(number)s things", 2),
    words.interpolate("%(a)s and %(b)s", { a: 1, b: "<b>" }), words.number(12345),
  ];
}"""


def test_scripts_say_it_in_the_language_of_the_page(visit: "Callable[..., Page]", owner: "User") -> None:
    owner.language = LEFT
    owner.save()
    page = visit("/")
    assert page.evaluate(ASKED) == [
        *(said("Undo"), "constructor", "Nobody marked this", "Undo", "%(number)s things", "1 and <b>"),
        "12,345",
    ]
    owner.language = "en"
    owner.save()
    page.reload()
    assert page.evaluate(ASKED)[0] == "Undo"


def test_keys_follow_the_direction_of_reading(
    visit: "Callable[..., Page]", owner: "User", make_photo: "Callable[..., Photo]"
) -> None:
    for _ in range(4):
        write_thumbnails(paths.derived_folder(make_photo(width=600, height=400).sha256), (600, 400))
    owner.language = RIGHT
    owner.save()
    page: Any = visit("/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    links = page.locator(".tile-link")
    first, second = (links.nth(at).bounding_box()["x"] for at in (0, 1))
    assert second < first
    for key, focused in (("ArrowLeft", 0), ("ArrowLeft", 1), ("ArrowLeft", 2), ("ArrowRight", 1)):
        page.keyboard.press(key)
        expect(links.nth(focused)).to_be_focused()
    rail = page.locator(".rail").bounding_box()
    assert rail["x"] > 600  # at the right
