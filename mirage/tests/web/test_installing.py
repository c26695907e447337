"""The manifest, the service worker, and the pages that belong to them."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from PIL import Image

from accounts.models import User
from mirage.web import installing

pytestmark = pytest.mark.django_db


def test_the_manifest_says_all_that_browsers_ask_for(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    about = json.loads(answer.content)
    assert (about["name"], about["start_url"], about["scope"], about["display"]) == ("Mirage", "/", "/", "standalone")
    purposes = {(icon["sizes"], icon["purpose"]) for icon in about["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= purposes
    for icon in about["icons"]:
        with Image.open(str(finders.find(icon["src"].removeprefix("/static/")))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    share = about["share_target"]
    assert (share["method"], share["enctype"]) == ("POST", "multipart/form-data")
    assert share["params"]["files"][0]["name"] == "files"


def test_where_the_manifest_leads_somebody_answers(client: Client, owner: User) -> None:
    about = json.loads(client.get("/manifest.webmanifest").content)
    client.force_login(owner)
    addresses = [about["start_url"], *(shortcut["url"] for shortcut in about["shortcuts"])]
    assert [client.get(address).status_code for address in addresses] == [200] * 4
    assert client.get(about["share_target"]["action"]).status_code == 302


def test_pages_name_the_manifest_and_who_is_signed_in(client: Client, owner: User, stranger: User) -> None:
    marks = []
    for user in (owner, stranger, None):
        if user:
            client.force_login(user)
        else:
            client.logout()
        page = client.get("/accounts/login/" if user is None else "/").content.decode()
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        found = re.search(r'data-user="(\w*)"', page)
        marks.append(found[1] if found else None)
    assert marks == [installing.mark_of(owner), installing.mark_of(stranger), ""]
    assert len(set(marks)) == 3


def test_the_service_worker_lies_at_the_top_and_is_asked_for_each_time(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "'self'" in answer.headers["Content-Security-Policy"]
    told = json.loads(re.search(r"self\.mirage = (\{.*\});", answer.content.decode())[1])  # type: ignore[index]
    assert told["version"] == installing.version()
    assert told["shell"][0] == told["offline"] == "/offline/"
    for address in told["shell"][1:]:
        assert finders.find(address.removeprefix("/static/")), address


def test_the_version_changes_with_the_page_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(DEBUG=True):
        before = installing.version()
        assert before == installing.version()
        monkeypatch.setattr(installing, "render_to_string", lambda name: "another page")
        assert installing.version() != before


def test_the_page_for_no_network_holds_nothing_of_anybody(client: Client, owner: User) -> None:
    unknown = client.get("/offline/").content
    client.force_login(owner)
    assert client.get("/offline/").content == unknown
    assert b"You are offline" in unknown
    assert b"csrf" not in unknown.lower()


def test_the_session_says_who_is_there_and_its_token_opens_forms(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get("/session/").json()["user"] == ""
    client.force_login(owner)
    answer = client.get("/session/")
    assert "no-store" in answer.headers["Cache-Control"]
    told = answer.json()
    assert told["user"] == installing.mark_of(owner)
    sums = {"sha256": "0" * 64}
    assert client.post("/upload/check/", sums).status_code == 403
    assert client.post("/upload/check/", sums, headers={"X-CSRFToken": told["token"]}).json() == {"photos": {}}
