"""The owner's pages of public links: making, changing, revoking."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, User
from albums.models import Album, Share, ShareLink
from albums.public import links
from albums.public.links import Terms
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]
HTMX = {"HX-Request": "true"}
PAGE = "/albums/sharing/"


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def link(owner: User, make_photo: Maker, make_album: MakeAlbum) -> ShareLink:
    terms = Terms(name="Holiday", expires_at=timezone.now() + timedelta(days=3), upload_limit_bytes=5_000_000)
    return links.make(owner, terms, album=make_album("Lisbon", [make_photo()]))


# --- the form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "title"),
    [("album", "A link to Lisbon"), ("photos", "A link to 2 photos"), ("search", "A link to this search")],
)
def test_the_form_says_what_the_link_will_show(
    signed_in: Client, make_photo: Maker, make_album: MakeAlbum, about: str, title: str
) -> None:
    photos = [make_photo(), make_photo()]
    sent = {
        "album": {"album": make_album("Lisbon", photos).key},
        "photos": {"keys": [photo.key for photo in photos]},
        "search": {"query": " beach "},
    }[about]
    page = signed_in.post("/albums/links/", sent)
    assert (page.status_code, "<html" in page.text, title in page.text) == (200, True, True)
    dialog = signed_in.post("/albums/links/", sent, headers=HTMX)
    assert (dialog.headers["HX-Retarget"], "<html" in dialog.text) == ("#dialog-place", False)
    assert ("Guests may add photos" in dialog.text) is (about == "album")
    assert not ShareLink.objects.exists()


def test_a_form_about_nothing_is_refused(signed_in: Client, stranger: User, make_photo: Maker) -> None:
    for sent in ({}, {"query": " "}, {"keys": make_photo(owner=stranger).key}):
        answer = signed_in.post("/albums/links/", sent, headers=HTMX)
        assert (answer.status_code, "none is selected" in answer.text) == (422, True)


@pytest.mark.parametrize("path", ["/albums/links/", "/albums/links/make/"])
def test_only_owners_make_links_to_albums(
    client: Client, viewer: User, make_album: MakeAlbum, share: Callable[..., Share], path: str
) -> None:
    album = make_album()
    share(viewer, album, "co-owner")
    client.force_login(viewer)
    assert client.post(path, {"album": album.key}).status_code == 404
    assert not ShareLink.objects.exists()


# --- making -----------------------------------------------------------------------------------------------------------


def test_a_link_is_made_and_its_address_shown(signed_in: Client, make_photo: Maker, make_album: MakeAlbum) -> None:
    album = make_album("Lisbon", [make_photo()])
    sent = {"album": album.key, "name": "Ours", "password": " rosebud ", "show_place": "yes", "upload_limit_mb": "7"}
    made = signed_in.post("/albums/links/make/", sent, headers=HTMX)
    link = ShareLink.objects.get()
    assert f"http://testserver/s/{links.token_of(link)}/" in made.text
    assert (link.album, link.name, link.show_place, link.allow_download) == (album, "Ours", True, False)
    assert link.upload_limit_bytes == 7_000_000
    assert check_password(" rosebud ", link.password)
    event = SecurityEvent.objects.get(verb__contains="link")
    assert (event.verb, event.subject) == ("made a link", "Lisbon")
    assert "rosebud" not in f"{made.text}{event.detail}"


def test_a_link_to_photos_and_one_to_a_search(signed_in: Client, make_photo: Maker, stranger: User) -> None:
    photo, theirs = make_photo(), make_photo(owner=stranger)
    signed_in.post("/albums/links/make/", {"keys": [photo.key, theirs.key]})
    signed_in.post("/albums/links/make/", {"query": "beach"})
    first, second = ShareLink.objects.order_by("pk")
    assert (first.photo_keys, first.query, second.photo_keys, second.query) == ([photo.key], "", [], "beach")


@pytest.mark.parametrize("wrong", [{"view_limit": "0"}, {"view_limit": "many"}, {"expires": "2001-01-01"}])
def test_invalid_terms_are_reported_in_the_form(
    signed_in: Client, make_album: MakeAlbum, wrong: dict[str, str]
) -> None:
    answer = signed_in.post("/albums/links/make/", {"album": make_album().key, "name": "Kept", **wrong})
    assert (answer.status_code, 'role="alert"' in answer.text, 'value="Kept"' in answer.text) == (422, True, True)
    assert not ShareLink.objects.exists()


def test_the_owner_makes_lists_changes_and_revokes(client, owner, stranger, make_photo, make_album):
    album = make_album("Lisbon", [make_photo()])
    client.force_login(owner)
    made = client.post("/albums/links/make/", {"album": album.key, "name": "Holiday", "allow_download": "yes"})
    link = ShareLink.objects.get()
    assert f"/s/{links.token_of(link)}/" in made.content.decode()
    assert "Holiday" in client.get("/albums/sharing/").content.decode()
    client.post(f"/albums/links/{link.key}/edit/", {"name": "Ours", "view_limit": "3"})
    link.refresh_from_db()
    assert (link.name, link.view_limit, link.allow_download) == ("Ours", 3, False)
    bad = client.post(f"/albums/links/{link.key}/edit/", {"expires": "2001-01-01"}, headers={"HX-Request": "true"})
    assert (bad.status_code, "already over" in bad.content.decode()) == (422, True)
    client.force_login(stranger)
    assert client.post(f"/albums/links/{link.key}/revoke/").status_code == 404
    assert client.post("/albums/links/make/", {"album": album.key}).status_code == 404
    client.force_login(owner)
    client.post(f"/albums/links/{link.key}/revoke/")
    assert links.find(links.token_of(link)) is None


def test_nobody_makes_a_link_to_what_others_own(
    client: Client, viewer: User, make_photo: Maker, make_album: MakeAlbum, share: Callable[..., Share]
) -> None:
    photo = make_photo()
    share(viewer, make_album(photos=[photo]))
    client.force_login(viewer)
    client.post("/albums/links/make/", {"keys": photo.key})
    assert not ShareLink.objects.exists()


# --- changing ---------------------------------------------------------------------------------------------------------


def test_the_form_holds_the_terms(signed_in: Client, link: ShareLink) -> None:
    day = (timezone.now() + timedelta(days=3)).date()
    text = signed_in.get(f"/albums/links/{link.key}/edit/").text
    for value in ("Holiday", day.isoformat(), "5"):
        assert f'value="{value}"' in text
    assert 'placeholder="none"' in text  # there is no password


def test_an_empty_field_lifts_a_limit_and_keeps_a_password(signed_in: Client, link: ShareLink) -> None:
    links.set_terms(link, Terms(password="rosebud", expires_at=link.expires_at, view_limit=3))
    answer = signed_in.post(f"/albums/links/{link.key}/edit/", {"name": "Ours"}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, '{"albums:changed": {}}')
    link.refresh_from_db()
    assert (link.name, link.expires_at, link.view_limit) == ("Ours", None, None)
    assert check_password("rosebud", link.password)
    signed_in.post(f"/albums/links/{link.key}/edit/", {"no_password": "yes"})
    link.refresh_from_db()
    assert link.password == ""


def test_a_link_is_open_until_the_end_of_its_last_day(signed_in: Client, link: ShareLink) -> None:
    signed_in.post(f"/albums/links/{link.key}/edit/", {"expires": timezone.now().date().isoformat()})
    link.refresh_from_db()
    assert link.expires_at
    assert (link.expires_at.hour, link.expires_at.minute) == (23, 59)
    assert links.is_open(link)


def test_strangers_cannot_see_change_or_revoke_a_link(client: Client, stranger: User, link: ShareLink) -> None:
    client.force_login(stranger)
    assert client.get(f"/albums/links/{link.key}/edit/").status_code == 404
    for path in ("edit", "revoke"):
        assert client.post(f"/albums/links/{link.key}/{path}/", {"name": "Mine"}).status_code == 404
    link.refresh_from_db()
    assert (link.name, link.revoked_at) == ("Holiday", None)
    assert "Holiday" not in client.get(PAGE).text


def test_a_revoked_link_stays_in_the_list_but_is_closed(signed_in: Client, client: Client, link: ShareLink) -> None:
    address = f"/s/{links.token_of(link)}/"
    assert Client().get(address).status_code == 200
    answer = signed_in.post(f"/albums/links/{link.key}/revoke/")
    assert (answer.status_code, answer.url) == (302, PAGE)  # type: ignore[attr-defined]
    assert Client().get(address).status_code == 404
    assert "Holiday" in signed_in.get(PAGE).text
    assert SecurityEvent.objects.filter(verb="revoked a link", subject="Lisbon").count() == 1


def test_the_list_shows_the_state_of_each_link(signed_in: Client, owner: User, link: ShareLink) -> None:
    assert links.address_of(request(signed_in), link) in signed_in.get(PAGE).text
    links.set_terms(link, Terms(view_limit=1))
    ShareLink.objects.filter(pk=link.pk).update(views=1)
    (row,) = signed_in.get(PAGE).context["links"]
    assert (row["open"], row["used_up"], row["subject"]) == (True, True, "Lisbon")


def request(client: Client) -> HttpRequest:
    return client.get(PAGE).wsgi_request
