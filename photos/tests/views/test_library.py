"""The pages Library and Tidy up, and how much room a library takes."""

import pytest

from mirage.testing.html import folded
from photos.models import ImportFailure

HTMX = {"HX-Request": "true"}
ADDRESSES = ("/library/", "/tidy/", "/storage/", "/explore/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_anonymous_sign_in(client, db, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ADDRESSES)
def test_htmx_gets_the_fragment(client, owner, address):
    client.force_login(owner)
    assert b"<html" in client.get(address).content
    assert b"<html" not in client.get(address, headers=HTMX).content


def test_tidying_is_said_on_the_library(client, owner):
    client.force_login(owner)
    assert "Nothing to do" in folded(client.get("/library/"))
    ImportFailure.objects.create(owner=owner, path="broken.jpg", reason="It is broken.")
    assert "Needs attention: 1" in folded(client.get("/library/"))
    assert '<span class="badge">1 file</span>' in folded(client.get("/tidy/"))


def test_a_strangers_failures_are_not_counted(client, owner, stranger):
    ImportFailure.objects.create(owner=owner, path="broken.jpg", reason="It is broken.")
    client.force_login(stranger)
    assert "Nothing to do" in folded(client.get("/library/"))


def test_the_room_that_photos_take_is_their_owners(client, owner, stranger, make_photo):
    make_photo(size=5_000_000)
    owner.quota_bytes = 10_000_000
    client.force_login(owner)
    owner.save()
    assert "4.8 MB of 9.5 MB used" in folded(client.get("/storage/", headers=HTMX)).replace("\xa0", " ")
    client.force_login(stranger)
    assert "0 bytes used" in folded(client.get("/storage/", headers=HTMX)).replace("\xa0", " ")
