"""What the fixtures of tests in a browser take for an error, what a test leaves behind, and what runs only once."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from mirage.testing import emptying, ground, selection
from mirage.testing.browser import is_gone
from photos.models import Photo


def test_a_picture_of_a_deleted_photo_is_no_error_of_the_page(make_photo: Callable[..., Photo]) -> None:
    """The page may still have been fetching it."""
    photo = make_photo()
    said = f"Failed to load resource: status of 404 (Not Found) http://localhost/media/{photo.key}/medium.webp"
    assert not is_gone(said)
    photo.delete()
    assert is_gone(said)
    assert not is_gone(said.replace("404", "500"))
    assert not is_gone("status of 404 (Not Found) http://localhost/static/js/app.js")


@pytest.mark.django_db(transaction=True)
def test_after_a_test_with_real_transactions_only_constant_tables_have_rows(make_photo: Callable[..., Photo]) -> None:
    make_photo(title="Lisbon").delete()  # triggers have noted both
    make_photo()
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names))
        assert {name for name, rows in cursor.fetchall() if rows} == emptying.CONSTANT
    assert ContentType.objects.get_for_model(Photo)


@pytest.mark.parametrize(
    ("path", "is_shown"),
    [
        ("photos/tests/views/test_map.py", True),
        ("api/tests/routes/test_tags.py", True),
        ("media/tests/test_motion.py", True),
        ("photos/tests/gallery/test_map.py", False),
        ("search/tests/views/test_results.py", False),  # whose SQL differs
        ("mirage/tests/access/test_matrix.py", False),  # on each database, for all pages
    ],
)
def test_tests_of_what_is_shown_run_once(path: str, is_shown: bool) -> None:
    item: Any = SimpleNamespace(path=selection.ROOT / path, nodeid=path)
    assert selection.is_of_what_is_shown(item) is is_shown


def test_tests_of_pages_that_send_what_no_other_sends_run_on_each_database() -> None:
    files = {selection.ROOT / name.partition("::")[0] for name in selection.senders()}
    assert len(selection.senders()) > 100
    for name in selection.senders():
        path, _, test = name.partition("::")
        item: Any = SimpleNamespace(path=selection.ROOT / path, nodeid=f"{name}[1]")
        assert not selection.is_of_what_is_shown(item)
        assert f"def {test}(" in (selection.ROOT / path).read_text(), "run benchmarks/pages/statements.py"
    assert all(selection.is_in_folder_of_pages(SimpleNamespace(path=path)) for path in files)  # type: ignore[arg-type]


def test_what_differs_from_database_to_database_is_marked() -> None:
    """Else a test that is skipped on SQLite would never run."""
    unmarked = []
    for path in selection.ROOT.glob("*/tests/**/test_*.py"):
        item: Any = SimpleNamespace(path=path, nodeid="")
        text = path.read_text()
        if "connection.vendor" in text and selection.is_of_what_is_shown(item) and "each_database" not in text:
            unmarked.append(path)
    assert unmarked == []


def test_packages_without_a_database_are_not_even_collected_for_another() -> None:
    config: Any = SimpleNamespace(option=SimpleNamespace(markexpr="not once"))
    ignored = [
        name
        for name in ("media", "photos", "photos/media")
        if selection.pytest_ignore_collect(selection.ROOT / name, config)
    ]
    assert ignored == ["media"]
    config.option.markexpr = ""
    assert selection.pytest_ignore_collect(selection.ROOT / "media", config) is None


def test_a_chromium_without_windows_is_used_where_that_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"chromium-headless-shell": "/usr/bin/chromium-headless-shell", "chromium": "/usr/bin/chromium"}
    monkeypatch.setattr(ground.shutil, "which", installed.get)
    monkeypatch.delenv("MIRAGE_TEST_CHROMIUM", raising=False)
    assert ground.chromium_of(ground.CHROMIUMS) == "/usr/bin/chromium-headless-shell"
    assert ground.chromium_of(ground.CHROMIUMS[1:]) == "/usr/bin/chromium"
    monkeypatch.setenv("MIRAGE_TEST_CHROMIUM", "/opt/chromium-headless-shell")
    assert ground.chromium_of(ground.CHROMIUMS) == "/opt/chromium-headless-shell"
    assert ground.chromium_of(ground.CHROMIUMS[1:]) == "/usr/bin/chromium"
    monkeypatch.setenv("MIRAGE_TEST_CHROMIUM", "/opt/chrome")
    assert ground.chromium_of(ground.CHROMIUMS[1:]) == "/opt/chrome"
    monkeypatch.delenv("MIRAGE_TEST_CHROMIUM")
    monkeypatch.setattr(ground.shutil, "which", lambda name: None)
    with pytest.raises(pytest.skip.Exception):
        ground.chromium_of(ground.CHROMIUMS)
