"""Public links: their secret, terms, state, photos and limits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from albums.models import Album, ShareLink
from albums.public import links
from albums.public.links import Terms
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]


@pytest.fixture
def link(owner: User, make_album: MakeAlbum) -> ShareLink:
    return links.make(owner, Terms(), album=make_album("Lisbon"))


def fresh(link: ShareLink) -> ShareLink:
    return ShareLink.objects.select_related("owner", "album").get(pk=link.pk)


# --- the secret -------------------------------------------------------------------------------------------------------


def test_no_part_of_the_secret_is_in_the_database(link: ShareLink) -> None:
    token = links.token_of(link)
    kept = str(ShareLink.objects.filter(pk=link.pk).values().get())
    assert len(token) == 32
    assert not any(token[start : start + 6] in kept for start in range(len(token) - 5))


def test_a_link_is_found_by_its_token_only(link: ShareLink) -> None:
    assert links.find(links.token_of(link)) == link
    for other in ("", link.key, link.token_hash, links.token_of(link)[:-1], links.token_of(link).swapcase(), "\udcff"):
        assert links.find(other) is None


def test_two_links_to_one_album_have_different_tokens(owner: User, link: ShareLink) -> None:
    assert links.token_of(links.make(owner, Terms(), album=link.album)) != links.token_of(link)


def test_a_new_key_of_the_installation_changes_all_addresses(link: ShareLink, settings: Settings) -> None:
    request = HttpRequest()
    request.META.update(SERVER_NAME="localhost", SERVER_PORT="80")
    assert links.address_of(request, link) == f"http://localhost/s/{links.token_of(link)}/"
    settings.SECRET_KEY = "another"
    assert links.token_of(link) == ""
    assert links.address_of(request, link) == ""


# --- terms ------------------------------------------------------------------------------------------------------------


def test_terms_are_stored_and_read(owner: User, make_album: MakeAlbum) -> None:
    terms = Terms(
        name="Ours",
        expires_at=timezone.now() + timedelta(days=1),
        view_limit=3,
        allow_download=False,
        show_metadata=False,
        show_place=True,
        allow_upload=True,
        upload_limit_bytes=1000,
    )
    link = links.make(owner, terms, album=make_album())
    assert links.terms_of(fresh(link)) == terms


def test_a_password_stays_until_another_is_set(owner: User, link: ShareLink) -> None:
    for given, opens, refused in (
        ("rosebud", "rosebud", ""),
        (None, "rosebud", "Rosebud"),
        ("sled", "sled", "rosebud"),
    ):
        links.set_terms(link, Terms(password=given))
        assert check_password(opens, fresh(link).password)
        assert not check_password(refused, fresh(link).password)
    assert "sled" not in fresh(link).password
    links.set_terms(link, Terms(password=""))
    assert fresh(link).password == ""


@pytest.mark.parametrize(("kind", "takes"), [("manual", True), ("smart", False), (None, False)])
def test_only_albums_by_hand_accept_files_from_guests(
    owner: User, make_album: MakeAlbum, kind: str | None, takes: bool
) -> None:
    album = make_album(kind=kind) if kind else None
    assert (
        links.make(owner, Terms(allow_upload=True), album=album, query="" if album else "beach").allow_upload is takes
    )


def test_the_description_of_a_link(owner: User, link: ShareLink, make_photo: Maker) -> None:
    assert links.subject_of(link) == "Lisbon"
    assert links.subject_of(links.make(owner, Terms(), query="beach")) == "Search: beach"
    assert links.subject_of(links.make(owner, Terms(), keys=["a"])) == "1 photo"
    assert links.subject_of(links.make(owner, Terms(), keys=["a", "b"])) == "2 photos"


# --- when it opens ----------------------------------------------------------------------------------------------------


def revoke(link: ShareLink) -> None:
    links.revoke(link)


def expire(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())


def delete_album(link: ShareLink) -> None:
    Album.objects.filter(links=link).update(deleted_at=timezone.now())


def shut_out_owner(link: ShareLink) -> None:
    User.objects.filter(pk=link.owner_id).update(is_active=False)


@pytest.mark.parametrize("close", [revoke, expire, delete_album, shut_out_owner])
def test_links_that_are_closed(link: ShareLink, close: Callable[[ShareLink], None]) -> None:
    assert links.is_open(link)
    close(link)
    assert not links.is_open(fresh(link))
    assert links.find(links.token_of(link)) is None


def test_a_link_is_revoked_once(link: ShareLink) -> None:
    links.revoke(link)
    at = fresh(link).revoked_at
    links.revoke(link)
    assert fresh(link).revoked_at == at


# --- what it shows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["album", "smart album", "search", "selection"])
def test_what_a_link_shows(owner: User, stranger: User, make_photo: Maker, make_album: MakeAlbum, kind: str) -> None:
    shown = make_photo(title="beach")
    gone = [
        make_photo(title="beach", trashed_at=timezone.now()),
        make_photo(title="beach", displayable=False),
    ]
    others = [make_photo(title="mountain"), make_photo(title="beach", owner=stranger)]
    kinds: dict[str, dict[str, Any]] = {
        "album": {"album": make_album("Beach", [shown, *gone]) if kind == "album" else None},
        "smart album": {"album": make_album(kind="smart", query="beach") if kind == "smart album" else None},
        "search": {"query": "beach"},
        "selection": {"keys": [photo.key for photo in (shown, *gone, others[1])]},
    }
    assert list(links.photos_in(links.make(owner, Terms(), **kinds[kind]))) == [shown]


def test_an_album_shows_what_others_added_to_it(
    owner: User, viewer: User, make_photo: Maker, make_album: MakeAlbum
) -> None:
    theirs = make_photo(owner=viewer)
    assert list(links.photos_in(links.make(owner, Terms(), album=make_album("Ours", [theirs])))) == [theirs]


def test_a_folder_shows_nothing(owner: User, make_album: MakeAlbum, make_photo: Maker) -> None:
    folder = make_album("Trips", kind="folder")
    make_album("Lisbon", [make_photo()], parent=folder)
    assert not links.photos_in(links.make(owner, Terms(), album=folder)).exists()


# --- limits -----------------------------------------------------------------------------------------------------------


def test_visits_are_counted_up_to_the_limit(link: ShareLink) -> None:
    links.set_terms(link, Terms(view_limit=2))
    assert [links.count_view(link) for _ in range(3)] == [True, True, False]
    assert (fresh(link).views, fresh(link).last_used_at is None) == (2, False)
    links.set_terms(fresh(link), Terms())
    assert links.count_view(link)


def test_use_is_recorded_at_most_once_a_minute(link: ShareLink) -> None:
    links.note_use(link)
    at = fresh(link).last_used_at
    assert at
    links.note_use(fresh(link))
    assert fresh(link).last_used_at == at
    ShareLink.objects.filter(pk=link.pk).update(last_used_at=at - timedelta(seconds=links.USED_EVERY + 1))
    links.note_use(fresh(link))
    assert fresh(link).last_used_at >= at  # type: ignore[operator]


def test_room_for_files_is_reserved_up_to_the_limit_and_given_back(owner: User, make_album: MakeAlbum) -> None:
    link = links.make(owner, Terms(allow_upload=True, upload_limit_bytes=100), album=make_album())
    assert [links.reserve(link, size) for size in (60, 41, 40, 1)] == [True, False, True, False]
    assert fresh(link).uploaded_bytes == 100
    links.give_back(link, 40)
    assert [links.reserve(link, size) for size in (41, 40)] == [False, True]


def test_room_without_a_limit_and_without_uploads(owner: User, link: ShareLink, make_album: MakeAlbum) -> None:
    assert not links.reserve(link, 1)
    open_to_all = links.make(owner, Terms(allow_upload=True), album=make_album())
    assert links.reserve(open_to_all, 10**12)
    links.set_terms(fresh(open_to_all), Terms())
    assert not links.reserve(open_to_all, 1)
