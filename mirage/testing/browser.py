"""Fixtures for browser tests: a real Chromium, and pages opened as the owner."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page
    from pytest_django.live_server_helper import LiveServer

    from accounts.models import User

PATIENCE = 20_000  # milliseconds for a page to show what a test expects, on a busy machine
# WebGL in software, for machines without a graphics card. Only maps are drawn with it: pages drawn so
# take twice the time.
WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
WEBGL += ["--disable-gpu-compositing"]
NO_WEBGL = ["--disable-gpu"]
REFUSED = ("status of 422",)  # the page shows why
# Requests that a test aborts are not errors, and not the service worker's page for when it is offline.
ABORTED = ("net::ERR_FAILED", "htmx:afterRequest", "htmx:sendError", "status of 503 ()")

PICTURE = re.compile(r"/media/(?P<key>[\w-]+)/[\w-]+\.webp")

LAST_ANSWERS = 10  # seconds that a server may take for its last requests


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the server of a test finish its requests before the tables are emptied, which could deadlock PostgreSQL.

    An automatic fixture is torn down after those with pages and before the database.
    """
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    server = request.getfixturevalue("live_server")
    yield
    end_requests(server.url)


def end_requests(url: str) -> None:
    """Wait for the requests of this process' live server. Its clients have left or have idle connections."""
    address = urlsplit(url)
    last = HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE / 1000)
    last.request("GET", "/static/icons/mirage.svg", headers={"Connection": "close"})  # accepted after all others
    last.getresponse().read()
    last.close()
    end = time.monotonic() + LAST_ANSWERS
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name and thread.is_alive():
            thread.join(max(end - time.monotonic(), 0))


@pytest.fixture(scope="module")
def browser(chromium: str, request: pytest.FixtureRequest) -> "Iterator[Browser]":
    """A Chromium for the tests of a module: one that draws maps, or shows messages, if the module is marked so."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread; the tests' queries too
    with sync_playwright() as playwright:
        if request.node.get_closest_marker("shows_messages"):
            chromium = request.getfixturevalue("whole_chromium")
        args = WEBGL if request.node.get_closest_marker("draws_maps") else NO_WEBGL
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: "Browser", live_server: "LiveServer", owner: "User") -> "Iterator[Callable[..., Page]]":
    """Open an address as the owner: `visit("/", width=390)`.

    Errors in the browser and requests to other sites fail the test. There is no service worker unless a test asks for
    it with `service_workers="allow"`: requests that pass through one cannot be held up or watched.
    """
    from django.test import Client

    client = Client()
    client.force_login(owner)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    complaints: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(address: str, width: int = 1200, height: int = 800, **options: Any) -> "Page":
        options.setdefault("service_workers", "block")
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(complaint(said)) if said.type == "error" else None)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    serious = [said for said in complaints if not (any(words in said for words in ABORTED + REFUSED) or is_gone(said))]
    assert serious == [], serious
    assert [url for url in asked if not url.startswith((live_server.url, "blob:", "data:", "about:"))] == []


def complaint(said: "ConsoleMessage") -> str:
    """What the browser's console said, and of which address."""
    return f"{said.text} {said.location.get('url', '')}".strip()


def is_gone(said: str) -> bool:
    """Whether a complaint is about a picture of a photo that the test deleted while the page was fetching it."""
    from photos.models import Photo

    asked = PICTURE.search(said)
    if asked is None or "status of 404" not in said:
        return False
    return not Photo.objects.filter(key=asked["key"]).exists()


def shortcuts(page: "Page", title: str) -> set[str]:
    """The keyboard shortcuts under a title of the help sheet: "x", "Ctrl a", "← →"."""
    section = page.locator("#shortcuts section").filter(
        has=page.get_by_role("heading", name=title, include_hidden=True)
    )
    return {text.strip() for text in section.locator("dt").all_text_contents()}
