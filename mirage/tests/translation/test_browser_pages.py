"""Every page on a narrow phone in texts 40 % longer, from left to right and from right to left: everything has room.

Half of the pages are looked at in one direction, half in the other; with MIRAGE_PSEUDO=all each in both.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mirage.testing import pseudo
from mirage.testing.pseudo import own_words, unmarked
from mirage.tests.access.test_axe import pages
from mirage.tests.access.world import make_world
from mirage.tests.translation.test_pages import SAME
from mirage.translation.pseudo import LEFT, RIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pseudo_languages")]

WIDTH, HEIGHT = 360, 740
ROOM = Path(pseudo.__file__).with_name("room.js").read_text()
OTHERS = ("admin:", "api-1:")  # Django's administration and Swagger lay their pages out themselves


@pytest.mark.parametrize("language", [LEFT, RIGHT])
def test_everything_has_room(language: str, browser: "Browser", live_server: "LiveServer", settings: Any) -> None:
    settings.LANGUAGE_CODE = language
    world = make_world()
    known = own_words() | frozenset(re.findall("[a-z]+", str(settings.MIRAGE_DATA).casefold()))  # its path is shown
    wrong: list[str] = []
    contexts: dict[str, Page] = {}
    for number, (name, actor, address) in enumerate(pages(world)):
        if name.startswith(OTHERS) or (os.environ.get("MIRAGE_PSEUDO") != "all" and number % 2 != (language == RIGHT)):
            continue
        if actor not in contexts:
            context = browser.new_context(
                base_url=live_server.url,
                viewport={"width": WIDTH, "height": HEIGHT},
                locale=language,
                reduced_motion="reduce",
                service_workers="block",
            )
            if actor in world.cookies:
                context.add_cookies([{"name": "sessionid", "value": world.cookies[actor], "url": live_server.url}])
            contexts[actor] = context.new_page()
        page = contexts[actor]
        page.goto(address)
        same = frozenset(SAME.get(name, "").split())
        found = [*page.evaluate(ROOM), *unmarked(page.content(), known | same)]
        wrong += [f"{name} {address}: {each}" for each in found]
    for page in contexts.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)
