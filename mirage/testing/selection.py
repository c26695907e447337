"""Which tests run on only one database, which belong together in a parallel run, and which get a second chance.

`pytest -m "not once"` leaves out what no database answers differently: tests without one, browser tests, and tests of
pages and of the HTTP API that send no statement but those that other tests send. statements.txt lists the others of
them, and on each database the access matrix asks for every address. Tests that start processes on the run's database
are marked `each_database`.

`pytest -n 2 --dist loadgroup` runs tests that share a module's fixtures (a browser, a server, loaded models) in one
process, so that these are prepared once.

A test that drives a browser runs once more if it fails, as on a busy machine it may look at a page a moment too early.
Each that needed this is listed as RERUN at the end of the run: read why, for some were the only sign of a real fault.
"""

from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITHOUT = {"cli", "media", "vision"}  # know no database (mirage/tests/test_layers.py)
SHOWN = {"pages", "routes", "templatetags", "translation", "views"}  # folders of tests of what is shown
DIFFERS = "search"  # whose SQL is written for each database
STATEMENTS = Path(__file__).with_name("statements.txt")  # written by benchmarks/pages/statements.py
USE_IT = {"db", "transactional_db", "live_server", "any_database"}


@pytest.hookimpl(tryfirst=True)  # before pytest reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if shares_fixtures(item):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
        if drives_a_browser(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if not item.get_closest_marker("each_database") and (
            drives_a_browser(item) or not uses_database(item) or is_of_what_is_shown(item)
        ):
            item.add_marker("once")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where these are left out, do not even import the tests of whole packages that know no database."""
    is_without = collection_path.parent == ROOT and collection_path.name in WITHOUT
    return True if is_without and config.option.markexpr == "not once" else None


def drives_a_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


def is_of_what_is_shown(item: pytest.Item) -> bool:
    """Whether it is of a page, and sends only statements that other tests send as well."""
    in_package = item.path.relative_to(ROOT).parts[0] in WITHOUT
    return in_package or (is_in_folder_of_pages(item) and item.nodeid.partition("[")[0] not in senders())


def is_in_folder_of_pages(item: pytest.Item) -> bool:
    parts = item.path.relative_to(ROOT).parts
    return parts[0] != DIFFERS and bool(SHOWN.intersection(parts))


@cache
def senders() -> frozenset[str]:
    """The tests of pages that send what no other test sends."""
    return frozenset(STATEMENTS.read_text().split())


def uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or USE_IT & set(getattr(item, "fixturenames", ())))


def shares_fixtures(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo", None)
    known = fixtures.name2fixturedefs.values() if fixtures else ()
    return bool(item.get_closest_marker("models")) or any(each[-1].scope == "module" for each in known)
