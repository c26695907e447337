"""How an address of the access rules is requested, and the arguments that it takes."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

from accounts import invitations
from accounts.models import BrowserSession, Invitation, Lockout, Role, Token
from accounts.security import tokens
from albums.models import FolderRule, Share
from albums.public.links import token_of
from dav.models import Device
from media.streams.plans import Plan
from mirage.tests.access.world import (
    OWNER,
    World,
)
from notices.models import PushSubscription
from photos.models import LeftOut, Photo, WatchedFolder
from photos.storage import paths
from photos.storage.streaming.sources import PLAN
from switching.models import Switch

Actors = frozenset[str]
Arguments = Callable[[World], list[Any]]


@dataclass(frozen=True)
class Rule:
    """Who is admitted at an address, how to request it, and who may change the owner's rows with it."""

    who: Actors
    arguments: Arguments
    method: str
    fields: dict[str, Any] = field(default_factory=dict)
    writes: Actors = OWNER
    json: bool = False


def nothing(world: World) -> list[Any]:
    return []


def get(who: Actors, arguments: Arguments = nothing, **query: Any) -> Rule:
    """An address that shows something."""
    return Rule(who, arguments, "GET", query)


def post(who: Actors, arguments: Arguments = nothing, *, writes: Actors | None = None, **form: Any) -> Rule:
    """An address that does something."""
    return Rule(who, arguments, "POST", form, OWNER & who if writes is None else writes)


def api(method: str, who: Actors, arguments: Arguments = nothing, *, writes: Actors | None = None, **body: Any) -> Rule:
    """An operation of the HTTP API, with a token and a JSON body."""
    return Rule(who, arguments, method, body, OWNER & who if writes is None else writes, json=True)


def done(kind: str) -> Arguments:
    """An action of the owner."""
    return lambda world: [world.done[kind].pk]


def tag_pk(world: World) -> list[Any]:
    return [world.tag.pk]


# --- arguments of addresses and fields of forms -----------------------------------------------------------------------


def photo_key(world: World) -> list[Any]:
    return [world.photo.key]


def video_key(world: World) -> list[Any]:
    """The shared photo as a video, some seconds of which are there."""
    Photo.objects.filter(pk=world.photo.pk).update(kind="video", media_type="video/mp4")
    folder = paths.streams_folder() / f"{world.photo.sha256[:32]}-original"
    (folder / "small").mkdir(parents=True, exist_ok=True)
    (folder / "small" / "0.ts").write_bytes(b"seconds")
    (folder / PLAN).write_text(json.dumps(asdict(Plan(400, 300, 30.0, 1.0, (0.0,), has_sound=False))))
    return [world.photo.key]


def stream_quality(world: World) -> list[Any]:
    return [*video_key(world), "small"]


def stream_segment(world: World) -> list[Any]:
    return [*video_key(world), "small", 0]


def by_link(arguments: Arguments) -> Arguments:
    """The same below the address of a link."""
    return lambda world: [*token(world), *arguments(world)]


def album_key(world: World) -> list[Any]:
    return [world.album.key]


def person_key(world: World) -> list[Any]:
    return [world.person.key]


def change_id(world: World) -> list[Any]:
    return [world.change.pk]


def left_out_pk(world: World) -> list[Any]:
    """A day that the owner does not want to be reminded of."""
    row, _ = LeftOut.objects.get_or_create(
        user=world.users["owner"], subject="day", value="2024-05-01", name="1 May 2024"
    )
    return [row.pk]


def search_id(world: World) -> list[Any]:
    return [world.search.pk]


def recent_id(world: World) -> list[Any]:
    return [world.recent.pk]


def upload_key(world: World) -> list[Any]:
    return [world.upload.key]


def duplicates_key(*acts: str) -> Arguments:
    return lambda world: [world.duplicates.key, *acts]


def owner_pk(world: World) -> list[Any]:
    return [world.users["owner"].pk]


def token_pk(world: World) -> list[Any]:
    found = Token.objects.filter(user=world.users["owner"]).first()
    return [(found or tokens.issue(world.users["owner"], "phone", ["read"])[0]).pk]


def subscription_pk(world: World) -> list[Any]:
    owner = world.users["owner"]
    session, _ = BrowserSession.objects.get_or_create(user=owner, session_key="with messages")
    known = {"user": owner, "session": session, "site": "https://photos.example.org"}
    return [PushSubscription.objects.get_or_create(endpoint="https://push.example.org/1", defaults=known)[0].pk]


def device_pk(world: World) -> list[Any]:
    token = Token.objects.get(pk=token_pk(world)[0])
    return [Device.objects.get_or_create(token=token, defaults={"user": token.user})[0].pk]


def session_pk(world: World) -> list[Any]:
    key = {"user": world.users["owner"], "session_key": "somewhere"}
    return [BrowserSession.objects.get_or_create(session_key=key["session_key"], defaults=key)[0].pk]


def invitation_pk(world: World) -> list[Any]:
    found = Invitation.objects.first()
    return [(found or invitations.invite(world.users["admin"], Role.GUEST)[0]).pk]


def folder_path(world: World) -> list[Any]:
    Photo.objects.filter(pk=world.private.pk).update(folder="Pictures/2019")
    return ["Pictures/2019"]


def folder_pk(action: str) -> Arguments:
    def of_the_world(world: World) -> list[Any]:
        folder, _ = WatchedFolder.objects.get_or_create(owner=world.users["owner"], path="/srv/photos")
        return [folder.pk, action]

    return of_the_world


def own_folder_pk(world: World) -> list[Any]:
    """A folder in use of the administrator's own."""
    return [WatchedFolder.objects.get_or_create(owner=world.users["admin"], path="/srv/own")[0].pk]


def rule_pk(action: str) -> Arguments:
    """A rule for albums from the owner's folders."""
    return lambda world: [FolderRule.objects.get_or_create(owner=world.users["owner"], folder="Pictures")[0].pk, action]


def switch_key(world: World) -> list[Any]:
    """A library of another program that was read."""
    made = {"owner": world.users["owner"], "program": "immich", "path": "/srv/dump.sql", "state": Switch.State.READY}
    return [Switch.objects.create(**made).key]


def lockout_pk(world: World) -> list[Any]:
    return [Lockout.objects.get_or_create(key="sign-in 192.0.2.1", defaults={"last_at": timezone.now()})[0].pk]


def fixed(*arguments: Any) -> Arguments:
    """The same in every world."""
    return lambda world: list(arguments)


def thumbnail(size: str) -> Arguments:
    return lambda world: [world.photo.key, size]


def share_pk(world: World) -> list[Any]:
    return [Share.objects.filter(owner=world.users["owner"]).values_list("pk", flat=True)[0]]


def link_key(world: World) -> list[Any]:
    return [world.links["guest"].key]


def token(world: World) -> list[Any]:
    """The actor's token; others guess one."""
    link = world.links.get(world.asking)
    return [token_of(link) if link else "made-up"]


def token_and_photo(world: World) -> list[Any]:
    return [*token(world), world.photo.key]


def thumbnail_by_link(size: str) -> Arguments:
    return lambda world: [*token_and_photo(world), size]


def both_keys(world: World) -> str:
    """The photo in the album and the one that is in none."""
    return f"{world.photo.key},{world.private.key}"


def list_of_keys(world: World) -> list[str]:
    """Those as the API takes them."""
    return both_keys(world).split(",")


def key_of_photo(world: World) -> str:
    return world.photo.key


def key_of_album(world: World) -> str:
    return world.album.key


PARTS = {"box": "-180,-85,180,85"}  # the whole world, on the map

# A key ending in * is for all names that begin so; a list holds a rule for each of several arguments.
