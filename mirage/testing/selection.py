"""Which tests run on only one database, and which belong together in a parallel run.

`pytest -m "not once"` leaves out tests without a database, and browser tests, because the tests of views cover each
database. Tests that start processes on the run's database are marked `each_database`.

`pytest -n 2 --dist loadgroup` runs tests that share a module's fixtures (a browser, a server, loaded models) in one
process, so that these are prepared once.
"""

import pytest

USE_IT = {"db", "transactional_db", "live_server", "any_database"}


@pytest.hookimpl(tryfirst=True)  # before pytest reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if shares_fixtures(item):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
        if not item.get_closest_marker("each_database") and (drives_a_browser(item) or not uses_database(item)):
            item.add_marker("once")


def drives_a_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


def uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or USE_IT & set(getattr(item, "fixturenames", ())))


def shares_fixtures(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo", None)
    known = fixtures.name2fixturedefs.values() if fixtures else ()
    return bool(item.get_closest_marker("models")) or any(each[-1].scope == "module" for each in known)
