"""The settings: database, storage of the library, security, and the list of variables."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from mirage.settings import database, library_storage


def test_a_database_address_is_parsed() -> None:
    read = database("postgres://an%40na:s%3Acret@db.example:5433/mirage?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("an@na", "s:cret", "db.example", "5433")
    assert (read["NAME"], read["OPTIONS"]["sslmode"]) == ("mirage", "require")
    assert read["OPTIONS"]["options"] == "-c random_page_cost=1.1"
    assert database("postgres://db.example/mirage?options=")["OPTIONS"]["options"] == ""  # for a pooler that takes none
    assert database("")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        database("mysql://somewhere")


def test_every_variable_is_in_the_example() -> None:
    source = "".join(
        (settings.BASE_DIR / "mirage" / name).read_text() for name in ("settings.py", "runtime/logging.py")
    )
    variables = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    example = (settings.BASE_DIR / "example.env").read_text()
    assert len(variables) > 15
    assert {name for name in variables if not re.search(rf"^#?{name}=", example, re.M)} == set()


@pytest.mark.parametrize("url", ["postgresql://db/mirage", "postgres://db/mirage/"])
def test_either_name_of_postgresql(url: str) -> None:
    read = database(url)
    assert (read["ENGINE"], read["NAME"], read["HOST"]) == ("django.db.backends.postgresql", "mirage", "db")
    assert (read["USER"], read["PORT"]) == ("", "")


def test_a_socket_of_postgresql() -> None:
    read = database("postgres://anna@/mirage?host=%2Frun%2Fpostgresql")
    assert (read["HOST"], read["USER"]) == ("/run/postgresql", "anna")
    assert "host" not in read["OPTIONS"]


def test_sqlite_somewhere_else() -> None:
    assert database("sqlite:////srv/mirage.sqlite3")["NAME"] == "/srv/mirage.sqlite3"


@pytest.mark.parametrize("url", ["postgres://db", "postgres://db/", "mirage"])
def test_a_database_without_a_name_is_refused(url: str) -> None:
    with pytest.raises(SystemExit, match="postgres://user:password@host:port/name"):
        database(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "s3://key:s%2Fcret@s3.example:9000/photos/mirage/anna?region=eu-west-1",
            {
                "endpoint_url": "https://s3.example:9000",
                "bucket_name": "photos",
                "location": "mirage/anna",
                "access_key": "key",
                "secret_key": "s/cret",
                "region_name": "eu-west-1",
            },
        ),
        (
            "s3+http://minio/photos",
            {
                "endpoint_url": "http://minio",
                "bucket_name": "photos",
                "location": "",
                "access_key": "",
                "secret_key": "",
                "region_name": "us-east-1",
            },
        ),
    ],
)
def test_object_storage(url: str, expected: dict[str, str]) -> None:
    read = library_storage(url)
    assert read["OPTIONS"] == expected
    assert import_string(read["BACKEND"]).__name__ == "Bucket"


@pytest.mark.parametrize("url", ["s3://key:hush@host", "s3:///bucket", "ftp://key:hush@host/bucket"])
def test_an_invalid_storage_address_is_refused_without_showing_its_secret(url: str) -> None:
    with pytest.raises(SystemExit) as caught:
        library_storage(url)
    assert "STORAGE_URL" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_without_an_address_the_library_is_on_the_disk() -> None:
    assert import_string(library_storage("")["BACKEND"]).__name__ == "LocalDisk"


NAMES = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "MIRAGE_PROXIES")


def read_with(**variables: str) -> dict[str, Any]:
    """These settings, and the last value of the providers, as another process reads them."""
    code = (
        "import json; from mirage import settings as s;"
        f"print(json.dumps([[getattr(s, name) for name in {NAMES}], s.SOCIALACCOUNT_PROVIDERS, s.MIRAGE_OIDC_NAME]))"
    )
    environment = {"PATH": os.environ["PATH"], "MIRAGE_DATA": str(settings.MIRAGE_DATA), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    values, providers, name = json.loads(done.stdout)
    return {**dict(zip(NAMES, values, strict=True)), "providers": providers["openid_connect"], "provider": name}


def test_https_and_a_provider_to_sign_in_by() -> None:
    plain = read_with()
    assert [plain[name] for name in NAMES] == [False, False, False, 0, 0]
    assert ("APPS" in plain["providers"], plain["provider"]) == (False, "")
    strict = read_with(MIRAGE_HTTPS="yes", MIRAGE_OIDC_URL="https://id.example", MIRAGE_OIDC_CLIENT="mirage")
    assert [strict[name] for name in NAMES] == [True, True, True, 31_536_000, 1]
    (app,) = strict["providers"]["APPS"]
    assert (app["client_id"], app["settings"]) == ("mirage", {"server_url": "https://id.example"})
    assert strict["provider"] == "OpenID Connect"
