"""Guests, who visit through a public link, and what the link lets them see."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.contrib.auth.hashers import check_password
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import activity
from accounts.security import lockout
from albums.models import ShareLink
from albums.public import links
from albums.timeline import of_album
from photos.addresses import THUMBNAILS
from photos.gallery.timeline import Listing, Page, Timeline
from photos.models import Photo
from search.limits import SearchedTimeline, in_time

PURPOSE = "link"  # of the lockout
SESSION = "links"  # the session's key for the links that this browser has opened, and with which password


class Locked(Exception):
    """The link must be opened with the form first."""


@dataclass(frozen=True)
class Guest:
    """A visit through an open link."""

    link: ShareLink
    token: str

    @property
    def timeline(self) -> Timeline:
        """The link's photos as a list of the gallery."""
        if self.link.album:
            return of_album(self.link.album, arranged=True)  # days would tell dates that a link may hide
        shown = links.photos_in(self.link)
        listing = Listing("guest", self.title, "images", lambda photos: photos.filter(pk__in=shown.values("pk")))
        made = SearchedTimeline if self.link.query else Timeline
        return made(listing, Photo.objects.filter(owner=self.link.owner))

    @property
    def title(self) -> str:
        return self.link.name or (self.link.album.name if self.link.album else _("Photos"))

    @property
    def shows_all(self) -> bool:
        """Whether guests get the files with all their metadata."""
        return self.link.show_metadata and self.link.show_place

    def photo_or_404(self, key: str) -> Photo:
        """A photo that the link shows."""
        with in_time():
            return get_object_or_404(links.photos_in(self.link), key=key)


def guest_of(request: HttpRequest, token: str, *, arriving: bool = False) -> Guest:
    """The visit. Raises Http404 if the link is closed, Locked if this browser must open it with the form.

    A link with a password or a limit of visits is opened with a form, so that programs that preview addresses neither
    see photos nor count as visits. Other links count one visit for each browser when it arrives.
    """
    link = links.find(token)
    if link is None:
        raise Http404("no such link")
    opened = request.session.get(SESSION, {}).get(str(link.pk)) == mark_of(link)
    if not opened and (link.password or link.view_limit is not None):
        if link.view_limit is not None and link.views >= link.view_limit:
            raise Http404("used up")
        raise Locked
    if arriving and opened:
        links.note_use(link)
    elif arriving:
        links.count_view(link)
        remember(request, link)
    return Guest(link, token)


def mark_of(link: ShareLink) -> str:
    """What a session stores for an opened link. It changes with the password."""
    return link.password[-16:] if link.password else "open"


def remember(request: HttpRequest, link: ShareLink) -> None:
    """Record that this browser has opened the link."""
    request.session[SESSION] = request.session.get(SESSION, {}) | {str(link.pk): mark_of(link)}


def unlock(request: HttpRequest, token: str, password: str) -> bool:
    """Open a link, with its password if it has one, and count the visit. Returns whether the password was right.

    Raises Http404 if the link is closed or used up, LockedOut after too many wrong passwords.
    """
    link = links.find(token)
    if link is None:
        raise Http404("no such link")
    if link.password:
        lockout.require(PURPOSE, link.key, request)
        if not check_password(password, link.password):
            lockout.fail(PURPOSE, link.key, request)
            activity.record("failed a link's password", request, subject=link.name or link.key)
            return False
        lockout.succeed(PURPOSE, link.key, request)
    if request.session.get(SESSION, {}).get(str(link.pk)) != mark_of(link):
        if not links.count_view(link):
            raise Http404("used up")
        activity.record("opened a link", request, subject=link.name or link.key)
    remember(request, link)
    return True


def prepare(guest: Guest, photo: Photo) -> Photo:
    """The photo as this guest may see it: with addresses below the link's, and without what the link hides."""
    photo.address_of = partial(address_of, guest.token, photo.key)  # type: ignore[attr-defined]
    photo.favourite = False
    if not guest.shows_all:
        photo.latitude = photo.longitude = photo.altitude = photo.direction = None
        photo.place = photo.region = photo.country = photo.country_code = ""
    if not guest.link.show_metadata:
        photo.title = photo.description = ""
        photo.original_name = _("Video") if photo.is_video else pgettext("one", "Photo")
        photo.untold = True  # type: ignore[attr-defined]
    return photo


def address_of(token: str, key: str, page: str) -> str:
    """The guest's address of the photo's page, or of its thumbnail in that size."""
    if page in THUMBNAILS:
        return reverse("guest:thumbnail", args=[token, key, page])
    return reverse(f"guest:{page}", args=[token, key])


def prepare_page(guest: Guest, page: Page) -> Page:
    """A page for a guest. Keys replace cursors, which contain times. Without metadata, one section replaces days."""
    days: list[Any] = []
    for day in page.days:
        photos = [prepare(guest, photo) for photo in day.photos]
        if days and not guest.link.show_metadata and not day.heading:
            days[-1] = replace(days[-1], photos=days[-1].photos + photos, end=photos[-1].key)
        else:
            ends: Any = {"start": photos[0].key, "end": photos[-1].key}
            days.append(replace(day, photos=photos, **ends))
    newer = days[0].photos[0].key if page.newer and days else None
    older = days[-1].photos[-1].key if page.older and days else None
    return Page(days=days, newer=newer, older=older)
