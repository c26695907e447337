"""Refusals are shown on the page that they came from. Security headers: mirage/tests/test_security.py."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


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
