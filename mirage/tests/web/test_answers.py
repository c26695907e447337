"""How views answer forms and actions: toasts, dialogs, other pages, with HTMX and without."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from mirage.web.answers import Undo, lead_to, next_page, open_dialog, refuse, report

Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    """A request as the middleware leaves it: `ask(htmx=True, next="/people/")`."""

    def make(*, htmx: bool = False, **form: str) -> Any:
        request: Any = RequestFactory().post("/", form, headers={"HX-Request": "true"} if htmx else {})
        request.htmx, request.session = HtmxDetails(request), SessionStore()
        request._messages = FallbackStorage(request)
        return request

    return make


def said(request: Any) -> list[tuple[str, str]]:
    """The message on the next page, with its level."""
    return [(str(message), message.level_tag) for message in get_messages(request)]


def test_a_report_is_a_toast_that_triggers_an_event(ask: Ask) -> None:
    response = report(ask(htmx=True), "Tag moved", home="/tags/", event="tags:changed")
    assert response.status_code == 200
    assert "<p>Tag moved</p>" in response.content.decode()
    assert "<form" not in response.content.decode()
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#toasts", "beforeend")
    assert json.loads(response.headers["HX-Trigger"]) == {"tags:changed": {}}


def test_an_undo_is_sent_by_htmx_and_returns_to_the_same_page(ask: Ask) -> None:
    text = report(ask(htmx=True, next="/people/"), "Hidden", undo=Undo("/people/undo/7/")).content.decode()
    assert 'hx-post="/people/undo/7/"' in text
    assert 'hx-target="closest .toast"' in text
    assert 'name="next" value="/people/"' in text
    assert "data-action" not in text


def test_the_undo_of_an_action_on_photos_has_their_keys(ask: Ask) -> None:
    undo = Undo("/selection/restore/", "a,b", "restore")
    text = report(ask(htmx=True), "2 photos moved to the trash", undo=undo).content.decode()
    assert '<form method="post" action="/selection/restore/" data-action="restore" data-undo' in " ".join(
        text.split()
    ).replace(" >", ">")
    assert 'name="keys" value="a,b"' in text
    assert "hx-post" not in text


def test_the_answer_to_an_undo_replaces_its_toast(ask: Ask) -> None:
    for response in (report(ask(htmx=True, undo="yes"), "Undone"), refuse(ask(htmx=True, undo="yes"), "Too late.")):
        assert "HX-Retarget" not in response.headers


def test_without_htmx_the_toast_is_on_the_next_page(ask: Ask) -> None:
    request = ask(next="/albums/")
    response = report(request, "Album changed", home="/elsewhere/", undo=Undo("/albums/undo/1/"))
    assert (response.status_code, response.headers["Location"]) == (302, "/albums/")
    [(text, level)] = said(request)
    assert level == "success"
    assert "Album changed" in text
    assert 'action="/albums/undo/1/"' in text


def test_a_page_that_is_gone_is_left(ask: Ask) -> None:
    request = ask(htmx=True, next="/albums/gone/")
    response = report(request, "Album deleted", home="/albums/", leave=True)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/albums/")
    assert "Album deleted" in said(request)[0][0]
    plain = report(ask(next="/albums/gone/"), "Album deleted", home="/albums/", leave=True)
    assert (plain.status_code, plain.headers["Location"]) == (302, "/albums/")


def test_a_refusal_shows_the_escaped_reason(ask: Ask) -> None:
    response = refuse(ask(htmx=True), ValueError("<b> is no name."))
    assert response.status_code == 422
    assert "&lt;b&gt; is no name." in response.content.decode()
    assert 'class="toast error"' in response.content.decode()
    assert response.headers["HX-Retarget"] == "#toasts"
    request = ask()
    assert refuse(request, "No.", home="/tags/").headers["Location"] == "/tags/"
    assert said(request) == [("No.", "error")]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/people/?a=b", "/people/?a=b"),
        ("", "/home/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
    ],
)
def test_the_next_page_is_one_of_ours(ask: Ask, target: str, expected: str) -> None:
    assert next_page(ask(next=target), "/home/") == expected


def test_without_a_home_the_next_page_is_all_photos(ask: Ask) -> None:
    assert next_page(ask()) == "/"
    assert next_page(RequestFactory().get("/?next=/tags/")) == "/tags/"  # type: ignore[arg-type]


def test_lead_to_is_a_redirect_that_htmx_follows(ask: Ask) -> None:
    assert lead_to(ask(), "/albums/1/").headers["Location"] == "/albums/1/"
    response = lead_to(ask(htmx=True), "/albums/1/")
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/albums/1/")


def test_a_dialog_ignores_the_target_of_the_form() -> None:
    response = open_dialog(HttpResponse("…"))
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#dialog-place", "innerHTML")
    assert open_dialog(HttpResponse("…"), "#ask").headers["HX-Retarget"] == "#ask"
