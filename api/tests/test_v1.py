"""The API as a whole: how refusals are told, and what its schema says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from ninja.errors import AuthenticationError, ValidationError

from accounts.lockout import LockedOut
from api import tags
from api.auth import SECONDS, TooManyRequests
from api.v1 import REFUSALS, api
from photos.ingest.uploads import Refused, TooLarge

SCHEMA: dict[str, Any] = api.get_openapi_schema()
OPERATIONS = [(method, path, told) for path, methods in SCHEMA["paths"].items() for method, told in methods.items()]


def answered(error: Exception) -> Any:
    """What the API answers when an operation ends with this."""
    return api.on_exception(RequestFactory().get("/api/v1/photos"), error)


@pytest.mark.parametrize("kind", [*REFUSALS, Refused, TooLarge])
def test_every_refusal_is_told_in_its_words(kind: type[Exception]) -> None:
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


def test_what_nobody_expected_is_not_told(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(tags, "photos_of", fail)
    with pytest.raises(RuntimeError):  # it goes on to Django, which tells no reason
        ask("POST", "/tags/change", json={"keys": ["a"], "add": ["b"]})


# --- the schema -------------------------------------------------------------------------------------------------------


def test_every_operation_says_what_it_does_who_may_and_how_it_refuses() -> None:
    for _, path, told in OPERATIONS:
        assert told["summary"], path
        assert told["tags"], path
        assert bool(told.get("security")) is (path != "/api/v1/tokens"), path
        assert {401, 403, 404, 422, 429} <= told["responses"].keys(), path


def test_operations_have_names_of_their_own() -> None:
    names = [told["operationId"] for _, _, told in OPERATIONS]
    assert len(set(names)) == len(names)
    assert {path.split("/")[2] for _, path, _ in OPERATIONS} == {"v1"}


def test_the_schema_is_there_for_everybody(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json()["info"] == {
        "title": "Mirage",
        "version": "1",
        "description": SCHEMA["info"]["description"],
    }
    assert client.get("/api/v1/docs").status_code == 200
