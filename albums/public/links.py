"""Public links: an album, a selection or a search for whoever has the address, without an account.

The secret part of the address is derived from the installation's key, so that its owner can copy it again, while the
database holds a hash by which it is found and nothing that opens it. Whether a link still opens is asked anew at every
request: a revoked one is closed at once.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from albums.models import Album, ShareLink
from albums.smart import photos_matching, readable
from mirage.wording import counted
from photos.access import photos_of
from photos.models import Photo, PhotoQuerySet

SALT = "albums.public.links"
USED_EVERY = 60  # seconds between two notes of use


@dataclass(frozen=True)
class Terms:
    """What a link allows. `password` None leaves the one it has."""

    name: str = ""
    password: str | None = None
    expires_at: datetime | None = None
    view_limit: int | None = None
    allow_download: bool = True
    show_metadata: bool = True
    show_place: bool = False
    allow_upload: bool = False
    upload_limit_bytes: int | None = None


def token_of(link: ShareLink) -> str:
    """The secret part of its address, 192 bits; "" where the installation's key has changed since it was made."""
    digest = salted_hmac(SALT, link.key, algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(digest[:24]).decode()
    return token if not link.token_hash or hash_of(token) == link.token_hash else ""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def make(
    owner: User, terms: Terms, *, album: Album | None = None, keys: Sequence[str] = (), query: str = ""
) -> ShareLink:
    """A link to an album, to the owner's photos of these keys, or to a search. Raises NotPossible."""
    link = ShareLink(owner=owner, album=album, photo_keys=list(keys), query=readable(query))
    link.token_hash = hash_of(token_of(link))
    set_terms(link, terms)
    return link


def set_terms(link: ShareLink, terms: Terms) -> None:
    """Let the link allow this, and save it."""
    for name in (
        "name",
        "expires_at",
        "view_limit",
        "allow_download",
        "show_metadata",
        "show_place",
        "upload_limit_bytes",
    ):
        setattr(link, name, getattr(terms, name))
    link.allow_upload = terms.allow_upload and link.album is not None and link.album.is_manual
    if terms.password is not None:
        link.password = make_password(terms.password) if terms.password else ""
    link.save()


def subject_of(link: ShareLink) -> str:
    """What the link shows, in words."""
    if link.album:
        return link.album.name
    return f"Search: {link.query}" if link.query else counted(len(link.photo_keys))


def address_of(request: HttpRequest, link: ShareLink) -> str:
    """The full address that opens the link; empty if the installation's key has changed since the link was made."""
    token = token_of(link)
    return request.build_absolute_uri(reverse("guest:page", args=[token])) if token else ""


def terms_of(link: ShareLink) -> Terms:
    """What the link allows now; its password stays unless another is put in."""
    names = (field.name for field in fields(Terms) if field.name != "password")
    return Terms(**{name: getattr(link, name) for name in names})


def revoke(link: ShareLink) -> None:
    """Close it, at once and for good."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def find(token: str) -> ShareLink | None:
    """The link of that token while it is open: not revoked, not expired, what it shows not deleted."""
    link = ShareLink.objects.select_related("owner", "album").filter(token_hash=hash_of(token), revoked_at=None).first()
    return link if link and is_open(link) else None


def is_open(link: ShareLink) -> bool:
    """Whether it shows anything to whoever has its address."""
    expired = link.expires_at is not None and link.expires_at <= timezone.now()
    gone = link.album is not None and link.album.deleted_at is not None
    return link.revoked_at is None and link.owner.is_active and not expired and not gone


def count_view(link: ShareLink) -> bool:
    """Count a visit; False if the link has had all it may have."""
    left = Q(view_limit=None) | Q(views__lt=F("view_limit"))
    now = timezone.now()
    return ShareLink.objects.filter(left, pk=link.pk).update(views=F("views") + 1, last_used_at=now) == 1


def note_use(link: ShareLink) -> None:
    """Remember when it was used last, once a minute at most."""
    now = timezone.now()
    if link.last_used_at is None or (now - link.last_used_at).total_seconds() > USED_EVERY:
        ShareLink.objects.filter(pk=link.pk).update(last_used_at=now)


def opens_with(link: ShareLink, password: str) -> bool:
    return check_password(password, link.password)


def photos_in(link: ShareLink) -> PhotoQuerySet:
    """What the link shows: of a search what it finds now, of a selection what is still there."""
    if link.album and link.album.is_manual:
        return Photo.objects.filter(album_items__album=link.album).present().displayable()
    if link.album and link.album.is_smart:
        return photos_matching(link.owner, link.album.query)
    if link.query:
        return photos_matching(link.owner, link.query)
    return photos_of(link.owner).present().displayable().filter(key__in=link.photo_keys)


def reserve(link: ShareLink, size: int) -> bool:
    """Make room for a guest's file within the link's limit; whether there is."""
    room = Q(upload_limit_bytes=None) | Q(upload_limit_bytes__gte=F("uploaded_bytes") + size)
    rows = ShareLink.objects.filter(room, pk=link.pk, allow_upload=True)
    return rows.update(uploaded_bytes=F("uploaded_bytes") + size) == 1


def give_back(link: ShareLink, size: int) -> None:
    """The file did not come in after all."""
    ShareLink.objects.filter(pk=link.pk).update(uploaded_bytes=F("uploaded_bytes") - size)
