import socket
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db import connection
from pytest_django import Settings

from accounts import first_account
from mirage.runtime import embedded_redis, groundwork
from mirage.runtime.groundwork import CannotServe


def test_only_one_process_serves_a_data_folder(tmp_path: Path) -> None:
    groundwork.occupy(tmp_path, "http://127.0.0.1:8123/")
    with pytest.raises(CannotServe, match=r"already runs .* at http://127\.0\.0\.1:8123/"):
        groundwork.occupy(tmp_path, "http://127.0.0.1:9000/")


def test_says_that_the_data_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotServe, match=r"file cannot be used: Not a directory\."):
        groundwork.occupy(tmp_path / "file", "")


def test_says_that_the_disk_is_full(tmp_path: Path) -> None:
    groundwork.check_disk(tmp_path, least=1)
    with pytest.raises(CannotServe, match=r"is full: .* MB are free, but Mirage needs 9000000000 MB"):
        groundwork.check_disk(tmp_path, least=9_000_000_000 << 20)


def test_says_that_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotServe, match=f"Another program uses port {port}"):
            groundwork.listen("127.0.0.1", port)


def test_says_that_the_address_is_not_ours() -> None:
    with pytest.raises(CannotServe, match=r"Cannot listen at 192\.0\.2\.1:0: Cannot assign"):
        groundwork.listen("192.0.2.1", 0)


@pytest.mark.django_db
def test_the_first_visitor_makes_the_account_with_the_code(settings: Settings, library: Path) -> None:
    settings.MIRAGE_ADMIN_PASSWORD = ""
    code = groundwork.prepare_first_account()
    assert len(code) > 20
    assert groundwork.prepare_first_account() == code
    assert first_account.is_pending()
    assert not get_user_model().objects.exists()


@pytest.mark.django_db
def test_a_code_is_forgotten_when_there_is_an_account(settings: Settings, library: Path) -> None:
    settings.MIRAGE_ADMIN_PASSWORD = ""
    groundwork.prepare_first_account()
    get_user_model().objects.create_superuser("grandma")
    assert groundwork.prepare_first_account() == ""
    assert not first_account.is_pending()
    assert groundwork.administrator() == "grandma"


@pytest.mark.django_db
def test_a_start_with_photos_makes_the_account_that_they_belong_to(settings: Settings, library: Path) -> None:
    settings.MIRAGE_ADMIN_PASSWORD = ""
    groundwork.prepare_first_account()
    password = groundwork.make_first_account()
    assert authenticate(username=groundwork.administrator(), password=password) is not None
    assert groundwork.make_first_account() == ""
    assert not first_account.is_pending()


@pytest.mark.django_db
def test_a_given_password_is_not_shown(settings: Settings) -> None:
    settings.MIRAGE_ADMIN_NAME, settings.MIRAGE_ADMIN_PASSWORD = "grandma", "a good long one"
    assert groundwork.prepare_first_account() == ""
    assert authenticate(username="grandma", password="a good long one") is not None


@pytest.mark.django_db
def test_without_an_administrator_an_owner_must_be_named() -> None:
    get_user_model().objects.create_user("guest")
    with pytest.raises(CannotServe, match="--owner"):
        groundwork.administrator()


@pytest.mark.django_db(transaction=True)
def test_migrating_again_does_nothing_and_leaves_no_lock() -> None:
    assert groundwork.migrate() == 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            assert cursor.fetchone() == (0,)


def test_static_files_are_collected_when_they_have_changed(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = tmp_path / "gathered"
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATIC_ROOT.mkdir()
    (tmp_path / "static").mkdir()
    assert groundwork.static_files_changed()
    groundwork.note_static_files()
    assert not groundwork.static_files_changed()
    (tmp_path / "static" / "new.css").write_text("body { color: red }")
    assert groundwork.static_files_changed()


def test_says_that_redis_does_not_answer(tmp_path: Path) -> None:
    with embedded_redis.running(tmp_path) as address:
        groundwork.check_redis(address)
    with pytest.raises(CannotServe, match="The Redis in REDIS_URL does not answer"):
        groundwork.check_redis(address)
    with pytest.raises(CannotServe, match="REDIS_URL"):
        groundwork.check_redis("localhost:6379")
