"""Guests: what opens a link, what it shows, and what it hides."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import SecurityEvent, User
from accounts.security import lockout
from albums.models import Album, ShareLink
from albums.public import guests, links
from albums.public.guests import Guest, Locked, guest_of, unlock
from albums.public.links import Terms
from photos.gallery.timeline import Listing, Page, Timeline
from photos.models import Photo

Maker = Callable[..., Photo]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def browser(db: Any = None) -> HttpRequest:
    """A browser that comes for the first time."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "192.0.2.9"
    request.session = SessionStore()
    return request


@pytest.fixture
def link(owner: User, make_photo: Maker, make_album: Callable[..., Album]) -> Callable[..., tuple[ShareLink, str]]:
    """`link(password="x")`: a link to an album of one photo, and its token."""

    def make(**terms: Any) -> tuple[ShareLink, str]:
        made = links.make(owner, Terms(**terms), album=make_album("Norway", [make_photo(name="a.jpg", title="Us")]))
        return made, links.token_of(made)

    return make


def views(link: ShareLink) -> int:
    link.refresh_from_db()
    return link.views


# --- opening ---------------------------------------------------------------------------------------------------------


def test_each_browser_counts_as_one_visit(link: Callable[..., Any]) -> None:
    made, token = link()
    one, other = browser(), browser()
    assert guest_of(one, token).link == made
    assert views(made) == 0  # a thumbnail is no visit
    for _ in range(2):
        guest_of(one, token, arriving=True)
    assert views(made) == 1
    guest_of(other, token, arriving=True)
    assert views(made) == 2


@pytest.mark.parametrize("close", ["unknown", "revoked", "expired", "album", "owner"])
def test_closed_links_are_not_found(link: Callable[..., Any], owner: User, close: str) -> None:
    made, token = link()
    match close:
        case "unknown":
            token = "x" * 32
        case "revoked":
            links.revoke(made)
        case "expired":
            ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "album":
            Album.objects.update(deleted_at=timezone.now())
        case "owner":
            User.objects.filter(pk=owner.pk).update(is_active=False)
    for ask in (lambda: guest_of(browser(), token), lambda: unlock(browser(), token, "")):
        with pytest.raises(Http404):
            ask()


def test_a_password_is_asked_for_once(link: Callable[..., Any]) -> None:
    made, token = link(password="fjord")
    request = browser()
    with pytest.raises(Locked):
        guest_of(request, token, arriving=True)
    assert not unlock(request, token, "wrong")
    assert views(made) == 0
    assert unlock(request, token, "fjord")
    assert unlock(request, token, "fjord")
    assert guest_of(request, token, arriving=True).link == made
    assert views(made) == 1
    assert list(SecurityEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "failed a link's password",
        "opened a link",
    ]


def test_a_new_password_closes_the_link_for_old_visitors(link: Callable[..., Any]) -> None:
    made, token = link(password="fjord")
    request = browser()
    unlock(request, token, "fjord")
    links.set_terms(made, Terms(password="fjell"))
    with pytest.raises(Locked):
        guest_of(request, token)
    links.set_terms(made, Terms(password=""))
    assert guest_of(request, token)


def test_guessing_is_locked_out(link: Callable[..., Any]) -> None:
    _, token = link(password="fjord")
    for _ in range(lockout.FREE_FAILURES):
        unlock(browser(), token, "wrong")
    with pytest.raises(lockout.LockedOut):
        unlock(browser(), token, "fjord")


def test_a_limit_of_visits_does_not_shut_out_current_visitors(link: Callable[..., Any]) -> None:
    made, token = link(view_limit=1)
    first, second = browser(), browser()
    with pytest.raises(Locked):  # opened by a form, so that previews of addresses do not count
        guest_of(first, token, arriving=True)
    assert unlock(first, token, "")
    assert guest_of(first, token, arriving=True)
    with pytest.raises(Http404):
        guest_of(second, token)
    with pytest.raises(Http404):
        unlock(second, token, "")
    assert views(made) == 1


# --- what is shown ---------------------------------------------------------------------------------------------------


def visit(link: Callable[..., Any], **terms: Any) -> Guest:
    return Guest(*link(**terms))


PLACE = {"latitude": 1.0, "longitude": 2.0, "altitude": 3.0, "direction": 4.0, "place": "Oslo", "country": "Norway"}


@pytest.mark.parametrize(
    ("terms", "place", "words"),
    [
        ({"show_place": True}, True, True),
        ({"show_place": False}, False, True),
        ({"show_metadata": False, "show_place": True}, False, False),
        ({"show_metadata": False}, False, False),
    ],
)
def test_photos_lose_what_the_link_hides(
    link: Callable[..., Any], make_photo: Maker, terms: dict[str, bool], place: bool, words: bool
) -> None:
    guest = visit(link, **terms)
    photo = guests.prepare(guest, make_photo(name="a.jpg", title="Us", favourite=True, **PLACE))
    assert guest.shows_all is (place and words)
    assert (photo.latitude, photo.place, photo.country) == ((1.0, "Oslo", "Norway") if place else (None, "", ""))
    assert (photo.altitude, photo.direction) == ((3.0, 4.0) if place else (None, None))
    assert (photo.title, photo.original_name) == (("Us", "a.jpg") if words else ("", "Photo"))
    assert photo.favourite is False


def test_the_name_of_a_video_is_hidden(link: Callable[..., Any], make_photo: Maker) -> None:
    guest = visit(link, show_metadata=False)
    assert guests.prepare(guest, make_photo(kind="video")).original_name == "Video"


def test_addresses_are_below_the_address_of_the_link(link: Callable[..., Any], make_photo: Maker) -> None:
    guest = visit(link)
    photo: Any = guests.prepare(guest, make_photo())
    assert photo.address_of("small").startswith(f"/s/{guest.token}/")
    assert photo.key in photo.address_of("photo")


def test_only_photos_of_the_link_are_given(link: Callable[..., Any], make_photo: Maker) -> None:
    guest = visit(link)
    inside = links.photos_in(guest.link).get()
    assert guest.photo_or_404(inside.key) == inside
    with pytest.raises(Http404):
        guest.photo_or_404(make_photo().key)


@pytest.mark.parametrize(
    ("name", "query", "title"), [("For Nan", "", "For Nan"), ("", "", "Photos"), ("", "rating:5", "Photos")]
)
def test_a_selection_and_a_search_have_a_title(
    owner: User, make_photo: Maker, name: str, query: str, title: str
) -> None:
    photo = make_photo(rating=5)
    made = links.make(owner, Terms(name=name), keys=[] if query else [photo.key], query=query)
    guest = Guest(made, links.token_of(made))
    assert guest.title == title
    assert list(guest.timeline.photos()) == [photo]


def test_an_album_is_called_by_its_name(link: Callable[..., Any]) -> None:
    assert visit(link).title == "Norway"
    assert visit(link, name="For Nan").title == "For Nan"


# --- pages -----------------------------------------------------------------------------------------------------------


def page_of(owner: User, **given: Any) -> Page:
    everything = Listing("all", "All", "images", lambda photos: photos)
    page = Timeline(everything, Photo.objects.filter(owner=owner)).older()
    return replace(page, **given)


@pytest.fixture
def two_days(make_photo: Maker) -> list[Photo]:
    day = timezone.now().replace(tzinfo=None, hour=12)
    return [make_photo(taken=day - timedelta(days=number // 2, minutes=number)) for number in range(4)]


def test_cursors_are_keys_and_reveal_no_times(owner: User, link: Callable[..., Any], two_days: list[Photo]) -> None:
    page = guests.prepare_page(visit(link), page_of(owner, newer="1714557600.1", older="1714557600.4"))
    shown = [photo for day in page.days for photo in day.photos]
    assert (page.newer, page.older) == (shown[0].key, shown[-1].key)
    assert [(day.start, day.end) for day in page.days] == [(day.photos[0].key, day.photos[-1].key) for day in page.days]


def test_without_metadata_there_are_no_days(owner: User, link: Callable[..., Any], two_days: list[Photo]) -> None:
    told, kept = visit(link), visit(link, show_metadata=False)
    apart = guests.prepare_page(told, page_of(owner))
    together = guests.prepare_page(kept, page_of(owner))
    assert len(apart.days) > len(together.days) == 1
    (day,) = together.days
    assert len(day.photos) == sum(len(each.photos) for each in apart.days)
    assert day.end == day.photos[-1].key


def test_an_empty_page(link: Callable[..., Any]) -> None:
    page = guests.prepare_page(visit(link), Page(days=[], newer="x", older="y"))
    assert (page.days, page.newer, page.older) == ([], None, None)
