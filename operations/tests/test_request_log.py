"""What the log says about a request."""

import logging
from collections.abc import Iterator

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from accounts.models import User
from mirage.runtime.logging import described
from mirage.urls import urlpatterns as addresses
from operations import metrics


def link(request: HttpRequest, token: str) -> HttpResponse:
    if token == "broken-token":
        raise RuntimeError(f"no link {token}")
    if token == "absent-token":
        raise Http404
    return HttpResponse("a link")


link.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("s/<token>/", link, name="link"), *addresses]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict]]:
    """The lines that the test would write to the log."""
    written: list[dict] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(described(record))

    listener = Listener()
    for name in ("operations", "django.request"):
        logging.getLogger(name).addHandler(listener)
    yield written
    for name in ("operations", "django.request"):
        logging.getLogger(name).removeHandler(listener)


@pytest.mark.django_db
def test_a_request_is_one_line(client: Client, lines: list[dict], owner: User) -> None:
    client.force_login(owner)
    answer = client.get("/", {"month": "hunter2"}, headers={"X-Request-ID": "from-the-proxy"})
    [line] = [line for line in lines if line["logger"] == "operations.middleware"]
    assert (line["event"], line["status"], line["user"]) == ("GET /", 200, owner.pk)
    assert line["request"] == answer.headers["X-Request-ID"] == "from-the-proxy"
    assert "hunter2" not in str(lines)


@pytest.mark.django_db
def test_an_id_that_could_break_a_line_is_replaced(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "a b\tc" * 3})
    assert len(answer.headers["X-Request-ID"]) == 16


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["secret-token", "absent-token", "broken-token"])
def test_the_secret_of_a_link_is_never_logged(
    client: Client, lines: list[dict], settings: Settings, token: str
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    client.get(f"/s/{token}/")
    assert [line["event"] for line in lines if line["logger"] == "operations.middleware"] == ["GET /s/…/"]
    assert token not in str(lines)


@pytest.mark.django_db
def test_frequent_requests_are_not_logged(client: Client, lines: list[dict]) -> None:
    client.get("/healthz")
    assert lines == []


@pytest.mark.django_db
def test_requests_are_counted(client: Client) -> None:
    before = metrics.REQUESTS.labels("GET", "operations:healthz", "200")._value.get()
    client.get("/healthz")
    client.get("/no/such/page/")
    assert metrics.REQUESTS.labels("GET", "operations:healthz", "200")._value.get() == before + 1
