"""Which tests a second database need not see again, and which belong together in a parallel run.

`pytest -m "not once"` leaves out those that use no database, and those of a browser: what these show of the database,
the tests of views show on each. A test that starts processes on the database of the run is marked `each_database`.

`pytest -n 2 --dist loadgroup` gives tests that share what their file prepares (a browser, a server, loaded models) to
one process, so that it is prepared once.
"""

import pytest

USE_IT = {"db", "transactional_db", "live_server", "any_database"}


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if shares_what_its_file_prepares(item):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
        if not item.get_closest_marker("each_database") and (drives_a_browser(item) or not uses_database(item)):
            item.add_marker("once")


def drives_a_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


def uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or USE_IT & set(getattr(item, "fixturenames", ())))


def shares_what_its_file_prepares(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo", None)
    known = fixtures.name2fixturedefs.values() if fixtures else ()
    return bool(item.get_closest_marker("models")) or any(each[-1].scope == "module" for each in known)
