"""The API as a whole: its refusals and its schema."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from ninja.errors import AuthenticationError, ValidationError

from accounts.security import tokens
from accounts.security.lockout import LockedOut
from accounts.security.programs import SECONDS, TooManyRequests
from api.routes import tags
from api.v1 import REFUSALS, api
from photos.ingest.uploads import Refused, TooLarge

SCHEMA: dict[str, Any] = api.get_openapi_schema()
OPERATIONS = [(method, path, told) for path, methods in SCHEMA["paths"].items() for method, told in methods.items()]


def answered(error: Exception) -> Any:
    """The response of the API if an operation raises this."""
    return api.on_exception(RequestFactory().get("/api/v1/photos"), error)


@pytest.mark.parametrize("kind", [*REFUSALS, Refused, TooLarge])
def test_exceptions_become_refusals_with_their_messages(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "Give the album a name.")
    answer = answered(error)
    assert answer.status_code == REFUSALS.get(kind, getattr(error, "status", None))
    assert answer.content == b'{"detail": "Give the album a name."}'


@pytest.mark.parametrize(
    ("error", "status", "header", "value"),
    [
        (AuthenticationError(), 401, "WWW-Authenticate", "Bearer"),
        (LockedOut(timezone.now() - timedelta(minutes=1)), 429, "Retry-After", "1"),
        (TooManyRequests(), 429, "Retry-After", str(SECONDS)),
    ],
)
def test_a_refusal_that_says_what_to_do_next(error: Exception, status: int, header: str, value: str) -> None:
    answer = answered(error)
    assert (answer.status_code, answer.headers[header]) == (status, value)


def test_every_wrong_field_is_named() -> None:
    errors = [
        {"loc": ("body", "body", "name"), "msg": "Field required"},
        {"loc": ("query", "cursor"), "msg": "String should match"},
    ]
    answer = answered(ValidationError(errors))
    assert answer.status_code == 422
    assert answer.content == b'{"detail": "body.name: Field required; cursor: String should match"}'


@pytest.mark.parametrize("body", ["[]", "1", "null", "{", "nonsense"])
def test_a_body_is_an_object(ask: Callable[..., Any], body: str) -> None:
    answer = ask("POST", "/albums", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert isinstance(answer.json()["detail"], str)


def test_unexpected_exceptions_are_not_handled_here(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(tags, "photos_of", fail)
    with pytest.raises(RuntimeError):  # it goes on to Django, which tells no reason
        ask("POST", "/tags/change", json={"keys": ["a"], "add": ["b"]})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/photos/", 404),
        ("GET", "/photos/no-such-key", 404),
        ("POST", "/me", 405),
        ("PUT", "/photos", 405),
        ("PATCH", "/uploads/tus/no-such-key", 412),
        ("POST", "/uploads/tus", 412),
    ],
)
def test_all_refusals_share_one_schema(ask: Callable[..., Any], method: str, path: str, status: int) -> None:
    answer = ask(method, path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert (list(answer.json()), isinstance(answer.json()["detail"], str)) == (["detail"], True)
    assert status != 405 or "GET" in answer.headers["Allow"]


def test_unknown_api_addresses_do_not_redirect_to_sign_in(client: Client) -> None:
    for address in ("/api/", "/api/v2/photos", "/api/v1"):
        answer = client.get(address)
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])


def test_a_body_that_is_too_large_is_413(ask: Callable[..., Any], settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = ask("POST", "/albums", json={"name": "x" * 200})
    assert (answer.status_code, answer.json()) == (413, {"detail": "The body is too large."})


def test_a_server_error_does_not_reveal_its_reason(
    program: Callable[..., Any], owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(tags, "photos_of", fail)
    _, secret = tokens.issue(owner, "test", ["edit"])
    client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)
    body = {"keys": ["a"], "add": ["b"]}
    answer = client.post("/api/v1/tags/change", body, content_type="application/json")
    assert answer.status_code == 500
    assert list(answer.json()) == ["detail"]
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path", "options", "name"),
    [
        ("GET", "/photos?qeury=dog", {}, "qeury"),
        ("GET", "/me?verbose=1", {}, "verbose"),
        ("POST", "/albums", {"json": {"name": "A", "colour": "red"}}, "colour"),
        ("PATCH", "/photos/KEY", {"json": {"titel": "A"}}, "titel"),
        ("PATCH", "/photos/KEY", {"json": {"taken": {"local": "2024-01-01T10:00:00", "zone": "UTC"}}}, "zone"),
        ("POST", "/uploads", {"data": {"folders": "A"}}, "file"),
    ],
)
def test_unknown_fields_are_named(
    ask: Callable[..., Any], make_photo: Callable[..., Any], method: str, path: str, options: dict[str, Any], name: str
) -> None:
    answer = ask(method, path.replace("KEY", make_photo().key), **options)
    assert answer.status_code == 422
    assert name in answer.json()["detail"]


# --- the schema -------------------------------------------------------------------------------------------------------


def test_every_operation_documents_purpose_scope_and_refusals() -> None:
    for _, path, told in OPERATIONS:
        assert told["summary"], path
        assert told["tags"], path
        assert bool(told.get("security")) is (path != "/api/v1/tokens"), path
        assert {401, 403, 404, 405, 413, 422, 429, 500} <= told["responses"].keys(), path


def test_operation_ids_are_unique() -> None:
    names = [told["operationId"] for _, _, told in OPERATIONS]
    assert len(set(names)) == len(names)
    assert {path.split("/")[2] for _, path, _ in OPERATIONS} == {"v1"}


def test_the_schema_is_public(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"] == {
        "title": "Mirage",
        "version": "1",
        "description": SCHEMA["info"]["description"],
    }
    assert client.get("/api/v1/docs").status_code == 200


def test_a_refusal_reaches_clients_that_ask_for_compressed_answers(client: Client, db: None) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    body = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    assert (answer.status_code, json.loads(body)) == (404, {"detail": "Nothing is at this address."})
