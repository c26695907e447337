"""Nextcloud's app: what it asks first, how it is let in, and that it sees Upload as its own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, User
from dav.models import Device, SignIn
from dav.nextcloud import letting_in
from dav.tests.conftest import Program
from photos.models import Photo


def test_what_the_app_asks_first() -> None:
    client = Client()
    status = client.get("/status.php").json()
    assert (status["installed"], status["maintenance"], status["productname"]) == (True, False, "Mirage")
    for version, code in (("1", 100), ("2", 200)):
        told = client.get(f"/ocs/v{version}.php/cloud/capabilities?format=json").json()["ocs"]
        assert (told["meta"]["statuscode"], told["data"]["capabilities"]["dav"]) == (code, {"chunking": "1.0"})
    assert client.get("/index.php/204").status_code == client.get("/204").status_code == 204
    assert client.get("/ocs/v2.php/apps/spreed/api").status_code == 404


def begin(client: Client) -> tuple[str, str]:
    """What the app asks with, and the page that it opens."""
    answer = client.post("/index.php/login/v2", headers={"User-Agent": "Nextcloud-android/3.29 (Pixel)"}).json()
    assert answer["poll"]["endpoint"] == "http://testserver/index.php/login/v2/poll"
    return answer["poll"]["token"], answer["login"].removeprefix("http://testserver")


def test_an_app_is_let_in_and_uploads(signed_in: Client, make_picture: Callable[..., Path]) -> None:
    phone = Client()
    asks, page = begin(phone)
    poll = "/index.php/login/v2/poll"
    assert phone.post(poll, {"token": asks}).status_code == 404
    assert "Nextcloud-android" in signed_in.get(page).content.decode()
    assert phone.post(poll, {"token": asks}).status_code == 404
    assert signed_in.post(page).headers["Location"] == "/devices/"
    given = phone.post(poll, {"token": asks}).json()
    assert (given["server"], given["loginName"]) == ("http://testserver", "anna")
    assert phone.post(poll, {"token": asks}).status_code == 404
    assert signed_in.get(page).status_code == 404
    assert SecurityEvent.objects.filter(verb="made a token", actor_name="anna").exists()
    program = Program(User.objects.get(username="anna"), base="/remote.php/dav/files/anna/")
    program.secret = given["appPassword"]
    assert program("MKCOL", "InstantUpload").status_code == 201
    assert program.put("InstantUpload/a.jpg", make_picture()).status_code == 201
    destination = "http://testserver/remote.php/dav/files/anna/b.jpg"
    assert program("MOVE", "InstantUpload/a.jpg", Destination=destination).status_code == 201
    assert program.names() == ["InstantUpload", "b.jpg"]
    program.base = "/remote.php/webdav/"
    assert program.names() == ["InstantUpload", "b.jpg"]
    assert Photo.objects.get().original_name == "b.jpg"
    device = Device.objects.get()
    assert (device.app, device.files, device.token.name) == ("nextcloud", 1, "Nextcloud-android/3.29")


def test_a_page_needs_its_user(owner: User) -> None:
    _, page = begin(Client())
    answer = Client().get(page)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert SignIn.objects.get().user is None


def test_an_app_that_waits_too_long(signed_in: Client) -> None:
    asks, page = begin(Client())
    letting_in.let_in(SignIn.objects.get(), User.objects.get())
    SignIn.objects.update(created_at=timezone.now() - letting_in.WAITS - timedelta(seconds=1))
    assert Client().post("/index.php/login/v2/poll", {"token": asks}).status_code == 404
    assert signed_in.get(page).status_code == 404
    begin(Client())
    assert SignIn.objects.count() == 1


def test_a_stranger_cannot_keep_a_phone_out(signed_in: Client, monkeypatch: Any) -> None:
    """One network has few places, and where all are taken the longest wait gives way."""
    monkeypatch.setattr(letting_in, "MOST", 3)
    monkeypatch.setattr(letting_in, "MOST_OF_A_NETWORK", 2)
    phone, strangers = Client(REMOTE_ADDR="192.168.1.7"), Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(2):
        begin(strangers)
    refused = strangers.post("/index.php/login/v2")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    _, page = begin(phone)
    for number in range(2):
        begin(Client(REMOTE_ADDR=f"198.51.100.{number}"))
    assert SignIn.objects.count() == 3
    assert signed_in.get(page).status_code == 200


def test_who_is_signed_in(owner: User, stranger: User) -> None:
    app = Program(owner, base="/ocs/v2.php/cloud/")
    data = app("GET", "user").json()["ocs"]["data"]
    assert (data["id"], data["quota"]["free"] > 0) == ("anna", True)
    assert app("GET", "users/anna").status_code == 200
    assert app("GET", "users/mallory").status_code == 404
    assert Client().get("/ocs/v2.php/cloud/user").status_code == 401


def test_only_ones_own_files(owner: User, stranger: User) -> None:
    app = Program(owner, base="/remote.php/dav/files/mallory/")
    assert app("PROPFIND").status_code == 404
    app.base = "/remote.php/dav/files/anna"
    assert app("PROPFIND").status_code == 207
    assert app("PROPFIND", "/../../Photos").status_code == 400


def test_shelves_are_not_seen(owner: User, make_photo: Any) -> None:
    make_photo(favourite=True)
    app = Program(owner, base="/remote.php/dav/files/anna/")
    assert app.names() == []
    assert app("PROPFIND", "Favourites").status_code == 404
