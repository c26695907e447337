"""The pages about devices: connecting one, what it sends, revoking it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Token, User
from albums.models import Album, AlbumItem, Share
from dav.models import Device
from dav.tests.conftest import Program
from photos.models import Photo

FORM = {"name": "Anna's phone", "app": "photosync", "may": "see", "album": "", "folders_as_albums": ""}


@pytest.mark.parametrize("app", Device.App.values)
def test_connecting_a_phone(signed_in: Client, owner: User, make_picture: Callable[..., Path], app: str) -> None:
    page = signed_in.post("/devices/new/", FORM | {"app": app})
    assert page.status_code == 200
    secret = page.context["secret"]
    assert secret in page.content.decode()
    token = Token.objects.get()
    assert (token.name, token.scopes, token.kind) == ("Anna's phone", ["read", "upload"], "password")
    program = Program(owner)
    program.secret = secret
    assert program.put("Upload/a.jpg", make_picture()).status_code == 201
    listed = signed_in.get("/devices/").content.decode()
    assert "1 photo," in listed
    assert "a.jpg" in listed
    assert secret not in listed


def test_forms_that_are_wrong(signed_in: Client, stranger: User) -> None:
    theirs = Album.objects.create(owner=stranger, name="Theirs")
    for wrong in ({"name": " "}, {"app": "x"}, {"may": "everything"}, {"album": theirs.pk}):
        assert signed_in.post("/devices/new/", FORM | wrong).status_code == 422
    assert not Device.objects.exists()


def test_connecting_asks_for_the_password_again(owner: User, client: Client) -> None:
    owner.set_password("correct horse")
    owner.save()
    client.post("/accounts/login/", {"username": "anna", "password": "correct horse"})
    assert "confirm" in client.get("/devices/new/").headers["Location"]


def test_guests_connect_nothing(signed_in: Client, owner: User) -> None:
    owner.is_guest = True
    owner.save()
    assert signed_in.post("/devices/new/", FORM).status_code in (302, 422)
    assert not Device.objects.exists()
    assert "Connect a phone" not in signed_in.get("/devices/").content.decode()


def test_strangers_have_no_part(signed_in: Client, stranger: User) -> None:
    theirs = Program(stranger)
    device = Device.objects.create(user=stranger, token=theirs.token)
    assert signed_in.get(f"/devices/{device.pk}/").status_code == 404
    assert signed_in.post(f"/devices/{device.pk}/revoke/").status_code == 404
    assert "phone" not in signed_in.get("/devices/").context["devices"].values_list("token__name", flat=True)


def test_revoking(signed_in: Client, owner: User, make_picture: Callable[..., Path]) -> None:
    program = Program(owner)
    program.put("Upload/a.jpg", make_picture())
    signed_in.post(f"/devices/{Device.objects.get().pk}/revoke/")
    assert program("PROPFIND").status_code == 401
    assert Photo.objects.count() == 1
    assert not Device.objects.exists()


def test_a_shared_album_takes_what_a_device_sends(
    signed_in: Client, owner: User, stranger: User, make_picture: Callable[..., Path]
) -> None:
    album = Album.objects.create(owner=stranger, name="Family")
    share = Share.objects.create(owner=stranger, user=owner, album=album, role="contributor")
    program = Program(owner)
    program.put("Upload/before.jpg", make_picture())
    device = Device.objects.get()
    changed = {"name": "Renamed", "album": album.pk}
    assert signed_in.post(f"/devices/{device.pk}/", changed).status_code == 302
    assert Token.objects.get(pk=program.token.pk).name == "Renamed"
    program.put("Upload/a.jpg", make_picture())
    item = AlbumItem.objects.get(album=album)
    assert (item.photo.original_name, item.added_by) == ("a.jpg", owner)
    share.role = "viewer"
    share.save()
    program.put("Upload/b.jpg", make_picture())
    assert AlbumItem.objects.count() == 1


def test_folders_become_albums(owner: User, make_picture: Callable[..., Path]) -> None:
    program = Program(owner)
    Device.objects.create(user=owner, token=program.token, folders_as_albums=True)
    picture = make_picture()
    for folder in ("DCIM", "2024-05", "WhatsApp Images"):
        program("MKCOL", f"Upload/{folder}")
        program.put(f"Upload/{folder}/a.jpg", make_picture())
    album = Album.objects.get()
    assert (album.name, AlbumItem.objects.count()) == ("WhatsApp Images", 1)
    Album.objects.update(name="Chats")
    program.put("Upload/WhatsApp Images/b.jpg", picture)
    assert AlbumItem.objects.filter(album=album).count() == 2
    AlbumItem.objects.all().delete()
    program.put("Upload/WhatsApp Images/b.jpg", picture)  # sent again: the user has removed it
    assert AlbumItem.objects.count() == 0


def test_the_list_takes_as_many_queries_for_more_devices(
    signed_in: Client, owner: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        Device.objects.create(user=owner, token=Program(owner).token)
    with django_assert_max_num_queries(16):
        signed_in.get("/devices/")
