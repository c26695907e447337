"""The access rule of every address. A new address needs a line here.

    "albums:album": get(ALBUM, album_key),                       # seen by all who see the shared album
    "albums:edit": post(CO_OWNERS, album_key, name="Other"),     # and changed by these alone
    "photos:edit": post(OWNER, photo_key, field="title", value="x"),

`get`, `post` and, for the HTTP API, `api` take who is admitted, a function of the world (access_world.py) that returns
the arguments of the address, and fields of the query or form, which may also be functions of the world. Everybody else
must get what a stranger gets: 404, 403, or the sign-in page. Only those in `writes`, by default the owner, may change
what belongs to the owner.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts import invitations, tokens
from accounts.models import BrowserSession, Invitation, Lockout, Role, Token
from albums.models import Share
from albums.public.links import token_of
from mirage.tests.access_world import (
    ALBUM,
    CO_OWNERS,
    CONTRIBUTORS,
    EVERYBODY,
    GUEST,
    LIBRARY,
    NOBODY,
    OWNER,
    SEES,
    SIGNED_IN,
    STAFF,
    World,
)
from photos.addresses import THUMBNAILS

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


def album_key(world: World) -> list[Any]:
    return [world.album.key]


def person_key(world: World) -> list[Any]:
    return [world.person.key]


def change_id(world: World) -> list[Any]:
    return [world.change.pk]


def search_id(world: World) -> list[Any]:
    return [world.search.pk]


def upload_key(world: World) -> list[Any]:
    return [world.upload.key]


def duplicates_key(*acts: str) -> Arguments:
    return lambda world: [world.duplicates.key, *acts]


def owner_pk(world: World) -> list[Any]:
    return [world.users["owner"].pk]


def token_pk(world: World) -> list[Any]:
    found = Token.objects.filter(user=world.users["owner"]).first()
    return [(found or tokens.issue(world.users["owner"], "phone", ["read"])[0]).pk]


def session_pk(world: World) -> list[Any]:
    key = {"user": world.users["owner"], "session_key": "somewhere"}
    return [BrowserSession.objects.get_or_create(session_key=key["session_key"], defaults=key)[0].pk]


def invitation_pk(world: World) -> list[Any]:
    found = Invitation.objects.first()
    return [(found or invitations.invite(world.users["admin"], Role.GUEST)[0]).pk]


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
RULES: dict[str, Rule | list[Rule]] = {
    # media
    "photos:thumbnail": [get(SEES, thumbnail(size)) for size in sorted(THUMBNAILS)],
    "photos:original": get(SEES, photo_key),
    "photos:video": get(SEES, photo_key),
    "photos:download": get(SEES, photo_key),
    "photos:download_selection": post(SEES, keys=key_of_photo),
    # uploads
    "photos:upload": get(SIGNED_IN),
    "photos:upload_check": post(SIGNED_IN, sha256=lambda world: world.private.sha256),
    "photos:upload_back": post(SIGNED_IN, keys=key_of_photo),
    "photos:upload_sidecar": post(SIGNED_IN, photo=key_of_photo),
    "photos:tus": post(SIGNED_IN),
    "photos:tus_file": Rule(OWNER, upload_key, "HEAD"),
    "photos:upload_finish": post(OWNER, upload_key),
    # what is going on
    "photos:attention": get(SIGNED_IN),
    "photos:attention_act": post(SIGNED_IN, fixed("retry"), all="yes"),
    "photos:activity": get(SIGNED_IN),
    # editing
    "photos:edit": post(OWNER, photo_key, field="title", value="Shownword again"),
    "photos:tags": get(OWNER, photo_key),
    "photos:edit_selection": post(SIGNED_IN, keys=both_keys, field="title", value="x"),
    "photos:write_files": post(SIGNED_IN, fixed("write"), keys=both_keys),
    "photos:change": get(OWNER, change_id),
    "photos:undo": post(OWNER, change_id),
    # the map and the calendar
    "photos:map": get(SIGNED_IN),
    "photos:map_clusters": get(SIGNED_IN, zoom=3, **PARTS),
    "photos:map_photos": get(SIGNED_IN, **PARTS),
    "photos:towns": get(SIGNED_IN, name="Lis"),
    "photos:countries": get(SIGNED_IN),
    "photos:explore": get(SIGNED_IN),
    "photos:library": get(SIGNED_IN),
    "photos:tidy_up": get(SIGNED_IN),
    "photos:storage": get(SIGNED_IN),
    "photos:years": get(SIGNED_IN),
    "photos:year": get(SIGNED_IN, fixed(2024)),
    "photos:memories": get(SIGNED_IN, day="05-01"),
    # what looks alike
    "photos:similar": get(SEES, photo_key),
    "photos:search_by_picture": [get(SIGNED_IN), post(SIGNED_IN)],
    "photos:picture": get(OWNER, lambda world: [world.picture.key]),
    # duplicates and stacks
    "duplicates:queue": get(SIGNED_IN),
    "duplicates:exact": get(SIGNED_IN),
    "duplicates:rules": post(SIGNED_IN, move="size:up"),
    "duplicates:group": get(OWNER, duplicates_key()),
    "duplicates:act": [post(OWNER, duplicates_key(act), keep=key_of_photo) for act in ("keep", "keep-all", "stack")],
    "duplicates:undo": post(OWNER, lambda world: [world.done["duplicates"].pk]),
    "duplicates:many": get(SIGNED_IN, tier="same"),
    "duplicates:resolve_many": post(SIGNED_IN, tier="same"),
    "duplicates:many_progress": get(OWNER, lambda world: [world.done["many"].pk]),
    "duplicates:undo_many": post(OWNER, lambda world: [world.done["many"].pk]),
    "photos:stack": post(SIGNED_IN, keys=both_keys),
    "photos:unstack": post(OWNER, photo_key),
    "photos:cover": post(OWNER, photo_key),
    "photos:undo_stack": post(OWNER, lambda world: [world.done["stacks"].pk]),
    # the search
    "search:search": [get(SIGNED_IN, q="lisbon"), get(SIGNED_IN, q="personword"), get(SIGNED_IN, q="tag:tagword")],
    "search:narrow": get(SIGNED_IN, q="lisbon"),
    "search:complete": [get(SIGNED_IN, q=text) for text in ("per", "person:", "tag:", "album:", "place:")],
    "search:saved": get(SIGNED_IN),
    "search:pinned": get(SIGNED_IN),
    "search:keep": post(SIGNED_IN, name="Beach", query="beach"),
    "search:change": post(OWNER, search_id, name="Beach", query="beach"),
    "search:pin": post(OWNER, search_id, pinned="on"),
    "search:delete": post(OWNER, search_id),
    # the gallery
    "photos:timeline": get(SIGNED_IN),
    "photos:recent": get(SIGNED_IN),
    "photos:favourites": get(SIGNED_IN),
    "photos:videos": get(SIGNED_IN),
    "photos:archive": get(SIGNED_IN),
    "photos:trash": get(SIGNED_IN),
    "photos:months": get(SIGNED_IN),
    "photos:keys": get(SEES, **{"from": key_of_photo, "to": key_of_photo}),
    "photos:photo": get(SEES, photo_key),
    "photos:info": get(SEES, photo_key),
    "photos:boxes": get(OWNER, photo_key),
    "teach:overview": get(SIGNED_IN),
    "teach:tag": get(OWNER, tag_pk),
    "teach:undo": post(OWNER, tag_pk),
    "teach:apply": post(OWNER, tag_pk, above="0.9"),
    "teach:answer": post(OWNER, lambda world: [world.tag.pk, world.photo.key, "skip"]),
    "photos:labels_wanted": post(OWNER, photo_key, wanted="no"),
    "photos:selection": post(SIGNED_IN, fixed("trash"), keys=both_keys),
    "photos:delete": post(SIGNED_IN, keys=both_keys, confirmed="yes"),
    "photos:empty_trash": post(SIGNED_IN, confirmed="yes"),
    # people
    "people:people": get(SIGNED_IN),
    "people:merge": post(SIGNED_IN, keys=lambda world: world.person.key),
    "people:history": get(SIGNED_IN),
    "people:hide": post(SIGNED_IN, fixed("hide"), keys=lambda world: world.person.key),
    "people:undo": post(OWNER, lambda world: [world.done["people"].pk]),
    "people:shared": get(LIBRARY - OWNER, person_key),  # the owner has a page that can do more
    "people:crop": get(LIBRARY, lambda world: [world.face.pk, "small"]),
    "people:faces_act": post(SIGNED_IN, fixed("not-a-face"), faces=lambda world: world.face.pk),
    "people:photo_faces": get(OWNER, photo_key),
    "people:draw": post(OWNER, photo_key, x=0.1, y=0.1, width=0.2, height=0.2, name="Personword"),
    "people:move_box": post(
        OWNER, lambda world: [world.private.key], face=lambda world: world.face.pk, x=0.1, y=0.1, width=0.3, height=0.3
    ),
    "people:review": get(SIGNED_IN),
    "people:review_undo": post(SIGNED_IN),
    "people:answer": post(SIGNED_IN, lambda world: [world.question.pk, "no"]),
    "people:person": get(OWNER, person_key),
    "people:head": get(OWNER, person_key),
    "people:person_faces": get(OWNER, person_key),
    "people:person_history": get(OWNER, person_key),
    "people:name": post(OWNER, person_key, name="Personword the third"),
    "people:birthday": post(OWNER, person_key, birthday="2000-01-01"),
    "people:others": get(OWNER, person_key),
    # comments: by all who see the photo; changed by their author and the photo's owner
    "photos:comments": get(SEES, photo_key),
    "photos:edit_comment": post(OWNER, lambda world: [world.comment.pk], text="Other words"),
    "photos:remove_comment": post(OWNER, lambda world: [world.comment.pk]),
    "photos:restore_comment": post(OWNER, lambda world: [world.done["comments"].pk]),
    # tags
    "tags:tags": get(SIGNED_IN),
    "tags:add": post(SIGNED_IN, name="New"),
    "tags:undo": post(OWNER, lambda world: [world.done["tags"].pk]),
    "tags:choose": post(SIGNED_IN, keys=both_keys),
    "tags:put": post(SIGNED_IN, keys=both_keys, add="Other"),
    "tags:tag": get(OWNER, tag_pk),
    "tags:menu": get(OWNER, tag_pk),
    "tags:change": [
        post(OWNER, tag_pk, name="Tagword again"),
        post(OWNER, tag_pk, delete="yes"),
        post(OWNER, tag_pk, parent=""),
    ],
    # albums
    "albums:albums": get(SIGNED_IN),
    "albums:create": post(SIGNED_IN, name="New"),
    "albums:suggestions": get(SIGNED_IN),
    "albums:make": [
        post(SIGNED_IN, first="2024-05-01", last="2024-05-01", name="New"),
        post(OWNER, **{"in": lambda world: f"person.{world.person.key}"}),
    ],
    "albums:undo": post(OWNER, lambda world: [world.done["albums"].pk]),
    "albums:choose": post(SIGNED_IN, keys=both_keys),
    "albums:put": post(
        SIGNED_IN,
        writes=CONTRIBUTORS,
        keys=lambda world: ",".join(photo.key for photo in (world.photo, world.private, *world.added.values())),
        add=key_of_album,
    ),
    "albums:album": get(ALBUM, album_key),
    "albums:head": get(ALBUM, album_key),
    "albums:cover": get(ALBUM, album_key),
    "albums:edit": post(CO_OWNERS, album_key, writes=CO_OWNERS, name="Albumword again"),
    "albums:delete": post(OWNER, album_key),
    "albums:remove": post(CONTRIBUTORS, album_key, writes=CO_OWNERS, keys=key_of_photo),
    "albums:move": post(CO_OWNERS, album_key, writes=CO_OWNERS, keys=key_of_photo),
    "albums:sort": post(CO_OWNERS, album_key, writes=CO_OWNERS),
    "albums:heading": post(CO_OWNERS, album_key, writes=CO_OWNERS, keys=key_of_photo, heading="Noon"),
    "albums:download": get(ALBUM, album_key),
    "albums:sharing": get(SIGNED_IN),
    "albums:partner": post(SIGNED_IN, user="stranger"),
    "albums:on_timeline": post(SIGNED_IN, writes=OWNER | {"partner"}, user="owner", shown=""),
    "albums:begin_link": post(SIGNED_IN, query="2024"),
    "albums:make_link": [post(SIGNED_IN, query="2024"), post(OWNER, album=key_of_album)],
    "albums:edit_link": get(OWNER, link_key),
    "albums:revoke_link": post(OWNER, link_key),
    "albums:sharing_of": get(OWNER, album_key),
    "albums:share": post(OWNER, album_key, user="stranger", role="viewer"),
    "albums:leave": post(ALBUM, album_key, writes=ALBUM),
    # public links
    "guest:page": get(GUEST | {"guest_locked"}, token),  # who has yet to give the password is asked for it
    "guest:unlock": post(GUEST, token, writes=GUEST, password="wrong"),
    "guest:keys": get(GUEST, token, day="0"),
    "guest:photo": get(GUEST | {"guest_locked"}, token_and_photo),  # as the page
    "guest:thumbnail": [get(GUEST, thumbnail_by_link(size)) for size in sorted(THUMBNAILS)],
    "guest:video": get(GUEST, token_and_photo),
    "guest:original": get(GUEST, token_and_photo),
    "guest:download": get(GUEST, token_and_photo),
    "guest:download_all": get(GUEST, token),
    "guest:upload": Rule(GUEST, token, "PUT"),
    # the HTTP API
    "api-nowhere": get(NOBODY),
    "api-1:openapi-json": get(EVERYBODY),
    "api-1:openapi-view": get(EVERYBODY),
    "api-1:api-root": get(NOBODY),
    "api-1:sign_in": api("POST", NOBODY, username="owner", password="wrong", name="x", scopes=["read"]),
    "api-1:me": api("GET", SIGNED_IN),
    "api-1:sign_out": api("DELETE", SIGNED_IN),
    "api-1:listing": api("GET", SIGNED_IN),
    "api-1:photo": api("GET", SEES, photo_key),
    "api-1:edit": api("PATCH", OWNER, photo_key, title="Shownword again"),
    "api-1:trash": api("DELETE", OWNER, photo_key),
    "api-1:act": api("POST", SIGNED_IN, fixed("trash"), keys=lambda world: both_keys(world).split(",")),
    "api-1:thumbnail": [api("GET", SEES, thumbnail(size)) for size in sorted(THUMBNAILS)],
    "api-1:original": api("GET", SEES, photo_key),
    "api-1:original_head": api("HEAD", SEES, photo_key),
    "api-1:video": api("GET", SEES, photo_key),
    "api-1:kinds": api("GET", SIGNED_IN),
    "api-1:pairs": api("POST", SIGNED_IN, names=["a.jpg", "a.jpg.xmp"]),
    "api-1:back": api("POST", SIGNED_IN, sha256=lambda world: [world.private.sha256]),
    "api-1:check": api("POST", SIGNED_IN, sha256=lambda world: [world.private.sha256]),
    "api-1:single": api("POST", SIGNED_IN),
    "api-1:unfinished": api("GET", SIGNED_IN),
    "api-1:finish": api("POST", OWNER, upload_key, sha256="0" * 64),
    "api-1:sidecar": api("POST", SIGNED_IN, photo_key),
    "api-1:tus_announce": api("POST", SIGNED_IN),
    "api-1:tus_options": Rule(EVERYBODY, nothing, "OPTIONS"),
    "api-1:tus_file": api("HEAD", OWNER, upload_key),
    "api-1:albums": api("GET", SIGNED_IN),
    "api-1:create_album": api("POST", SIGNED_IN, name="New"),
    "api-1:album": api("GET", ALBUM, album_key),
    "api-1:edit_album": api("PATCH", CO_OWNERS, album_key, writes=CO_OWNERS, name="Albumword again"),
    "api-1:delete_album": api("DELETE", OWNER, album_key),
    "api-1:fill_album": api("POST", CONTRIBUTORS, album_key, writes=CONTRIBUTORS, keys=list_of_keys),
    "api-1:empty_album": api("POST", CONTRIBUTORS, album_key, writes=CO_OWNERS, keys=list_of_keys),
    "api-1:tags": api("GET", SIGNED_IN),
    "api-1:taught_tags": api("GET", SIGNED_IN),
    "api-1:question": api("GET", OWNER, lambda world: [world.tag.pk]),
    "api-1:answer_question": api(
        "POST", OWNER, lambda world: [world.tag.pk], photo=lambda world: world.photo.key, said="skip"
    ),
    "api-1:undo_answer": api("POST", OWNER, lambda world: [world.tag.pk]),
    "api-1:set_threshold": api("PUT", OWNER, lambda world: [world.tag.pk], above=None),
    "api-1:map_clusters": api("GET", SIGNED_IN, zoom=3),
    "api-1:map_photos": api("GET", SIGNED_IN),
    "api-1:memories": api("GET", SIGNED_IN),
    "api-1:write_files": api("POST", SIGNED_IN, fixed("write"), keys=list_of_keys),
    "api-1:change_tags": api("POST", SIGNED_IN, keys=list_of_keys, add=["mine"]),
    "api-1:people": api("GET", SIGNED_IN),
    "api-1:person": api("GET", OWNER, person_key),
    "api-1:edit_person": api("PATCH", OWNER, person_key, name="Personword again"),
    "api-1:merge_people": api("POST", OWNER, person_key, people=lambda world: [world.person.key]),
    "api-1:faces": api("GET", OWNER, photo_key),
    "api-1:name_faces": api("POST", SIGNED_IN, faces=lambda world: [world.face.pk], name="Mine"),
    "api-1:not_faces": api("POST", SIGNED_IN, faces=lambda world: [world.face.pk]),
    "api-1:duplicates": api("GET", SIGNED_IN),
    "api-1:keep_duplicates": api("POST", OWNER, duplicates_key()),
    "api-1:keep_all_duplicates": api("POST", OWNER, duplicates_key()),
    "api-1:stack_duplicates": api("POST", OWNER, duplicates_key()),
    "api-1:delete_photos": api("POST", SIGNED_IN, keys=list_of_keys),
    "api-1:empty_the_trash": api("POST", SIGNED_IN),
    "api-1:shares": api("GET", SIGNED_IN),
    "api-1:share": api("POST", OWNER, user="stranger", album=lambda world: world.album.key),
    "api-1:unshare": api("DELETE", OWNER, share_pk),
    "api-1:public_links": api("GET", SIGNED_IN),
    "api-1:make_link": api("POST", OWNER, album=lambda world: world.album.key),
    "api-1:revoke_link": api("DELETE", OWNER, link_key),
    "api-1:edit_link": api("PATCH", OWNER, link_key, name="Again"),
    "api-1:move_photos": api("POST", CO_OWNERS, album_key, writes=CO_OWNERS, keys=lambda world: [world.photo.key]),
    "api-1:photo_comments": api("GET", SEES, photo_key),
    "api-1:add_comment": api("POST", SEES, photo_key, writes=SEES, text="Fine"),
    "api-1:edit_comment": api("PATCH", OWNER, lambda world: [world.comment.pk], text="Other words"),
    "api-1:remove_comment": api("DELETE", OWNER, lambda world: [world.comment.pk]),
    "api-1:saved_searches": api("GET", SIGNED_IN),
    "api-1:save_search": api("POST", SIGNED_IN, name="New", query="sun"),
    "api-1:edit_search": api("PATCH", OWNER, lambda world: [world.search.pk], pinned=True),
    "api-1:delete_search": api("DELETE", OWNER, lambda world: [world.search.pk]),
    "api-1:make_stack": api("POST", SIGNED_IN, keys=list_of_keys),
    "api-1:take_apart": api("DELETE", NOBODY, photo_key),  # it is in no stack
    "api-1:set_stack_cover": api("PUT", NOBODY, photo_key),
    "api-1:changes": api("GET", SIGNED_IN),
    "api-1:undo_change": [
        api("POST", OWNER, done(kind)) for kind in ("albums", "comments", "tags", "people", "duplicates", "stacks")
    ],
    "api-1:jobs": api("GET", SIGNED_IN),
    "api-1:health": api("GET", STAFF),
    # accounts
    "accounts:login": get(EVERYBODY),
    # monitoring; test_monitors.py tests who sees what
    "operations:healthz": get(EVERYBODY),
    "operations:readyz": get(EVERYBODY),
    "operations:metrics": get(EVERYBODY),
    "accounts:logout": post(SIGNED_IN),
    "accounts:theme": post(SIGNED_IN, theme="dark"),
    "accounts:forgot": get(NOBODY),  # there is no mail server
    "accounts:join": get(NOBODY, fixed("made-up")),
    "accounts:reset": get(NOBODY, fixed("MQ", "made-up")),
    "accounts:account": get(SIGNED_IN),
    "accounts:profile": post(SIGNED_IN, home_zone=""),
    "accounts:password": get(SIGNED_IN),
    "accounts:make_token": get(SIGNED_IN),
    "accounts:revoke_token": post(OWNER, token_pk),
    "accounts:revoke_tokens": post(SIGNED_IN),
    "accounts:end_session": post(OWNER, session_pk),
    "accounts:end_sessions": post(SIGNED_IN),
    "accounts:users": get(STAFF),
    "accounts:invite": post(STAFF, role="guest"),
    "accounts:user": get(STAFF, owner_pk),
    "accounts:reset_link": post(STAFF, owner_pk),
    "accounts:delete_user": post(STAFF, owner_pk),  # without the name typed
    "accounts:withdraw": post(STAFF, invitation_pk),
    "accounts:lift": post(STAFF, lockout_pk),
    "accounts:log": get(SIGNED_IN),
    "accounts:history": get(SIGNED_IN),
    "accounts:undo": [
        post(OWNER, done(kind)) for kind in ("albums", "comments", "tags", "people", "duplicates", "stacks")
    ],
    # the second factor: pages of django-allauth
    "mfa_authenticate": get(EVERYBODY),  # leads to the sign-in, except between password and code
    "mfa_login_webauthn": get(EVERYBODY),
    "mfa_deactivate_totp": get(NOBODY),  # nobody has one
    "mfa_remove_webauthn": get(NOBODY, fixed(1)),
    "mfa_edit_webauthn": get(NOBODY, fixed(1)),
    "mfa_view_recovery_codes": get(NOBODY),
    "mfa_download_recovery_codes": get(NOBODY),
    **{
        name: get(SIGNED_IN)
        for name in (
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "account_email",
            "account_change_password",
        )
    },
    # nobody in this world has a password to confirm with
    **{name: get(NOBODY) for name in ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")},
    # names of allauth's that lead to the sign-in
    **{name: get(EVERYBODY) for name in ("account_login", "account_inactive", "administration_login")},
    # administration: its addresses are Django's and django-rq's own, all behind the same check
    "admin:*": get(STAFF),
    "django_rq:*": get(STAFF),
}
