"""Refusals are shown on the page they came from, and pages are compressed. Security: test_security.py."""

import gzip

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from accounts.models import User
from mirage.web.middleware import CompressionMiddleware

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_pages_are_compressed_and_no_two_answers_are_alike(anna: Client) -> None:
    pages = [anna.get("/albums/", headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    assert {page.headers["Content-Encoding"] for page in pages} == {"gzip"}
    assert "Accept-Encoding" in pages[0].headers["Vary"]
    assert "<html" in gzip.decompress(pages[0].content).decode()
    assert len({len(page.content) for page in pages}) > 1
    assert "Content-Encoding" not in anna.get("/albums/").headers


def test_pictures_and_what_is_streamed_go_as_they_are() -> None:
    compression = CompressionMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    picture = HttpResponse(b"x" * 1000, content_type="image/webp")
    stream = StreamingHttpResponse([b"x" * 1000], content_type="text/html")
    for response in (picture, stream):
        assert "Content-Encoding" not in compression.process_response(request, response).headers


def test_htmx_gets_a_toast_with_the_reason(anna: Client) -> None:
    response = anna.post("/albums/new/", {"name": " "}, headers=HTMX)
    assert response.status_code == 422
    assert "Give the album a name." in response.content.decode()
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#toasts", "beforeend")


@pytest.mark.parametrize(
    ("form", "referrer", "target"),
    [
        ({}, "http://testserver/albums/?order=name", "http://testserver/albums/?order=name"),
        ({"next": "/people/"}, "http://testserver/albums/", "/people/"),
        ({}, "https://elsewhere.example/albums/", "/"),
        ({}, "", "/"),
    ],
)
def test_a_form_leads_back_to_its_page(anna: Client, form: dict[str, str], referrer: str, target: str) -> None:
    response = anna.post("/albums/new/", {"name": "", **form}, headers={"Referer": referrer})
    assert (response.status_code, response.headers["Location"]) == (302, target)
    assert [(str(message), message.level_tag) for message in get_messages(response.wsgi_request)] == [
        ("Give the album a name.", "error")
    ]


def test_other_errors_are_not_swallowed(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_values: object) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr("albums.actions.create", fail)
    with pytest.raises(ValueError, match="a fault"):
        anna.post("/albums/new/", {"name": "Lisbon"})
