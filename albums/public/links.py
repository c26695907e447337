"""Public links: they show an album, a selection or a search to anybody who has the address, without an account.

The secret part of the address, the token, is derived from the installation's key, so that the owner can copy it again.
The database has only its hash, which does not open the link. Each request checks whether the link is still open, so
revoking takes effect at once.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.security.tokens import digest
from albums.models import Album, ShareLink
from albums.rules.smart import photos_matching, readable
from mirage.wording import photos_in_words
from photos.access import photos_of
from photos.models import Photo, PhotoQuerySet

SALT = "albums.public.links"
USED_EVERY = 60  # seconds between two notes of use


@dataclass(frozen=True)
class Terms:
    """What a link allows. A `password` of None keeps the current one."""

    name: str = ""
    password: str | None = None
    expires_at: datetime | None = None
    view_limit: int | None = None
    allow_download: bool = True
    allow_originals: bool = False
    show_metadata: bool = True
    show_place: bool = False
    allow_upload: bool = False
    upload_limit_bytes: int | None = None


def token_of(link: ShareLink) -> str:
    """The secret part of its address, 192 bits; empty if the installation's key has changed since it was made."""
    secret = salted_hmac(SALT, link.key, algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(secret[:24]).decode()
    return token if not link.token_hash or digest(token) == link.token_hash else ""


def make(
    owner: User, terms: Terms, *, album: Album | None = None, keys: Sequence[str] = (), query: str = ""
) -> ShareLink:
    """Make a link to an album, to the owner's photos with these keys, or to a search. Raises NotPossible."""
    link = ShareLink(owner=owner, album=album, photo_keys=list(keys), query=readable(query))
    link.token_hash = digest(token_of(link))
    set_terms(link, terms)
    return link


def set_terms(link: ShareLink, terms: Terms) -> None:
    """Set what the link allows, and save it."""
    for field in fields(terms):
        if field.name not in ("password", "allow_upload"):
            setattr(link, field.name, getattr(terms, field.name))
    link.allow_upload = terms.allow_upload and link.album is not None and link.album.is_manual
    if terms.password is not None:
        link.password = make_password(terms.password) if terms.password else ""
    link.save()


def shown_subject_of(link: ShareLink) -> str:
    """A description of what the link shows."""
    if link.album:
        return link.album.name
    if link.query:
        return _("Search: %(search)s") % {"search": link.query}
    return photos_in_words(len(link.photo_keys))


def subject_of(link: ShareLink) -> str:
    """The same for the security log, which is kept in English."""
    with override("en"):
        return shown_subject_of(link)


def address_of(request: HttpRequest, link: ShareLink) -> str:
    """The full address that opens the link; empty if the installation's key has changed since the link was made."""
    token = token_of(link)
    return request.build_absolute_uri(reverse("guest:page", args=[token])) if token else ""


def terms_of(link: ShareLink) -> Terms:
    """What the link allows now, without its password."""
    names = (field.name for field in fields(Terms) if field.name != "password")
    return Terms(**{name: getattr(link, name) for name in names})


def revoke(link: ShareLink) -> None:
    """Close the link permanently."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def find(token: str) -> ShareLink | None:
    """The link with that token, if it is open."""
    link = ShareLink.objects.select_related("owner", "album").filter(token_hash=digest(token)).first()
    return link if link and is_open(link) else None


def is_open(link: ShareLink) -> bool:
    """Whether the link is neither revoked nor expired, its owner active and its album not deleted."""
    expired = link.expires_at is not None and link.expires_at <= timezone.now()
    gone = link.album is not None and link.album.deleted_at is not None
    return link.revoked_at is None and link.owner.is_active and not expired and not gone


def count_view(link: ShareLink) -> bool:
    """Count a visit. Returns False if the limit is reached."""
    left = Q(view_limit=None) | Q(views__lt=F("view_limit"))
    now = timezone.now()
    return ShareLink.objects.filter(left, pk=link.pk).update(views=F("views") + 1, last_used_at=now) == 1


def note_use(link: ShareLink) -> None:
    """Record when the link was last used, at most once a minute."""
    now = timezone.now()
    if link.last_used_at is None or (now - link.last_used_at).total_seconds() > USED_EVERY:
        ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)


def photos_in(link: ShareLink) -> PhotoQuerySet:
    """The photos that the link shows: for a search its current results, for a selection the photos still there."""
    if link.album and link.album.is_manual:
        return Photo.objects.filter(album_items__album=link.album).present().displayable()
    query = link.album.query if link.album else link.query
    if query:
        return photos_matching(link.owner, query)
    return photos_of(link.owner).present().displayable().filter(key__in=link.photo_keys)


def reserve(link: ShareLink, size: int) -> bool:
    """Reserve room for a guest's file. Returns False if the link's limit is reached."""
    room = Q(upload_limit_bytes=None) | Q(upload_limit_bytes__gte=F("uploaded_bytes") + size)
    rows = ShareLink.objects.filter(room, pk=link.pk, allow_upload=True)
    return rows.update(uploaded_bytes=F("uploaded_bytes") + size) == 1


def give_back(link: ShareLink, size: int) -> None:
    """Give back room that was reserved for a file."""
    ShareLink.objects.filter(pk=link.pk).update(uploaded_bytes=F("uploaded_bytes") - size)
