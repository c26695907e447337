"""The world of the access matrix: Anna's library with everything in it, and everybody who requests it."""

import hashlib
import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse
from PIL import Image

from accounts.models import Activity, User
from accounts.security import tokens
from albums import actions as album_actions
from albums.models import Album, AlbumItem, Share, ShareLink
from albums.public import links
from albums.public.links import Terms
from duplicates import resolving, resolving_many
from duplicates.models import DuplicateGroup, DuplicateMember
from people import actions as people_actions
from people.models import Face, Person, Question
from photos.editing import bulk, edits
from photos.gallery import comments
from photos.gallery.stacking import stacks
from photos.models import Comment, PairDecision, Photo, PictureSearch, Stack, Upload
from photos.storage import paths
from search.models import RecentSearch, SavedSearch
from tags import tree
from tags.models import PhotoTag, Tag
from vision.embeddings import DIMENSION

GUESTS = ("guest", "guest_revoked", "guest_expired", "guest_locked")  # the last has not given the link's password
ACTORS = ("owner", "viewer", "contributor", "co_owner", "partner", "stranger", "admin", "anonymous", *GUESTS)

# Who may do what. A rule names one of these.
OWNER = frozenset({"owner"})
CO_OWNERS = OWNER | {"co_owner"}
CONTRIBUTORS = CO_OWNERS | {"contributor"}
ALBUM = CONTRIBUTORS | {"viewer"}  # all who see the shared album
SEES = ALBUM | {"partner"}  # all who see the photo that is in the album
LIBRARY = OWNER | {"partner"}  # all who see the photo that is in no album
SIGNED_IN = SEES | {"stranger", "admin"}
STAFF = frozenset({"admin"})
EVERYBODY = SIGNED_IN | {"anonymous", *GUESTS}
GUEST = frozenset({"guest"})  # whose link is open
NOBODY: frozenset[str] = frozenset()

# Words that may only ever be shown to some.
WORDS = {
    "Shownword": SEES | GUEST,
    "Secretword": LIBRARY,
    "Albumword": ALBUM | GUEST,
    "Personword": LIBRARY,
    "Tagword": LIBRARY,
}


@dataclass
class World:
    """Everything that an address can refer to."""

    users: dict[str, User]
    photo: Photo  # in the shared album
    private: Photo  # in no album
    added: dict[str, Photo]  # everybody's own photo
    album: Album
    folder: Album
    tag: Tag
    person: Person
    face: Face
    question: Any
    comment: Comment
    duplicates: DuplicateGroup  # of both
    picture: PictureSearch  # what somebody searched with
    upload: Upload
    search: SavedSearch
    recent: RecentSearch
    change: Activity
    done: dict[str, Activity] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    before: list[Any] = field(default_factory=list)
    links: dict[str, ShareLink] = field(default_factory=dict)
    asking: str = ""  # who asks now

    def client(self, actor: str) -> Client:
        """A browser of that actor."""
        client = new_client()
        if actor in self.cookies:
            client.cookies["sessionid"] = self.cookies[actor]
        return client

    def program(self, actor: str) -> Client:
        """A program with a token of that actor."""
        if actor not in self.tokens:
            return new_client()
        return new_client(headers={"Authorization": f"Bearer {self.tokens[actor]}"})


@cache
def handler() -> ClientHandler:
    """The site with its middleware, which all clients share, because each would load it again."""
    return ClientHandler(enforce_csrf_checks=False)


def new_client(**options: Any) -> Client:
    client = Client(**options)
    client.handler = handler()
    return client


def hand_out_links(world: World) -> None:
    """Give each guest a link to the album, and let the first one open it."""
    terms = {
        "guest": Terms(name="Albumword", show_place=True, allow_upload=True),
        "guest_revoked": Terms(name="Albumword"),
        "guest_expired": Terms(name="Albumword", expires_at=datetime(2020, 1, 1, tzinfo=UTC)),
        "guest_locked": Terms(name="Albumword", password="not given"),
    }
    for actor, what in terms.items():
        link = links.make(world.users["owner"], what, album=world.album)
        world.links[actor] = link
        if actor == "guest_revoked":
            links.revoke(link)
    client = Client()
    assert client.get(reverse("guest:page", args=[links.token_of(world.links["guest"])])).status_code == 200
    world.cookies["guest"] = client.cookies["sessionid"].value


def sign_in(world: World) -> None:
    """Give everybody a session and a token."""
    for actor, user in world.users.items():
        client = Client()
        client.force_login(user)
        world.cookies[actor] = client.cookies["sessionid"].value
        world.tokens[actor] = tokens.issue(user, "test", tokens.SCOPES)[1]


def make_photo(owner: User, title: str, **fields: Any) -> Photo:
    """A photo with its files."""
    digest = hashlib.sha256(title.encode()).hexdigest()
    photo = Photo(
        **{
            "owner": owner, "sha256": digest, "path": f"{owner.username}/{digest[:8]}.jpg", "title": title,
            "original_name": f"{title}.jpg", "media_type": "image/jpeg", "size": 8, "width": 400, "height": 300,
            "file_modified_at": datetime(2024, 5, 1, tzinfo=UTC), "displayable": True, "animated": True,
            "latitude": 38.7, "longitude": -9.1, "place": "Lisbon", **fields,
        }
    )  # fmt: skip
    photo.set_taken(datetime(2024, 5, 1, 12), 0, "exif")
    photo.save()
    for path in (paths.original_path(photo), *(paths.derived_folder(digest) / name for name in DERIVED)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture_bytes())
    return photo


DERIVED = ("small.webp", "medium.webp", "large.webp", "animated.webp", "motion.mp4")


@cache
def picture_bytes() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "WEBP")
    return file.getvalue()


def make_world() -> World:
    """Anna shares an album with three, her library with one, and nothing with Mallory."""
    names = [actor for actor in ACTORS if actor != "anonymous" and actor not in GUESTS]
    users = {
        name: User.objects.create_user(name, is_staff=name == "admin", is_superuser=name == "admin") for name in names
    }
    owner, box = users["owner"], {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    photo, private = make_photo(owner, "Shownword"), make_photo(owner, "Secretword")
    folder = Album.objects.create(owner=owner, name="Folder", kind=Album.Kind.FOLDER)
    album = Album.objects.create(owner=owner, name="Albumword")
    AlbumItem.objects.create(album=album, photo=photo, position=1, added_by=owner)
    roles = {"viewer": "viewer", "contributor": "contributor", "co_owner": "co-owner"}
    for actor, role in roles.items():
        Share.objects.create(owner=owner, user=users[actor], album=album, role=role)
    Share.objects.create(owner=owner, user=users["partner"])
    tag = Tag.objects.create(owner=owner, name="Tagword", path="Tagword")
    PhotoTag.objects.create(photo=private, tag=tag)
    person, other = (Person.objects.create(owner=owner, name=name) for name in ("Personword", "Personword the second"))
    face = Face.objects.create(photo=private, person=person, assignment="automatic", **box)
    Face.objects.create(photo=private, person=other, assignment="automatic", **box)
    world = World(
        users=users,
        photo=photo,
        private=private,
        added={name: make_photo(user, f"Own of {name}") for name, user in users.items()},
        album=album,
        folder=folder,
        tag=tag,
        person=person,
        face=face,
        question=Question.objects.create(owner=owner, person=person, other=other, similarity=0.5, value=1),
        comment=Comment.objects.create(photo=photo, author=owner, text="Commented"),
        duplicates=make_duplicates(photo, private),
        picture=PictureSearch.objects.create(owner=owner, vector=b"\x00\x3c" * DIMENSION),
        upload=Upload.objects.create(owner=owner, name="a.jpg", size=8),
        search=SavedSearch.objects.create(owner=owner, name="Kept", query="kept"),
        recent=RecentSearch.objects.create(owner=owner, query="searched"),
        change=bulk.make(owner, Photo.objects.filter(pk=private.pk), edits.set_words(description="x"), owner),
    )
    world.done["albums"] = album_actions.edit(album, owner, description="About it")
    world.done["comments"] = comments.remove(Comment.objects.create(photo=photo, author=owner, text="Gone"), owner)
    world.done["tags"] = tree.recolour(tag, "#3d7fd1")
    world.done["people"] = people_actions.set_birthday(other, date(2001, 1, 1), owner)
    world.done["duplicates"] = resolving.note(owner, owner, "kept all", [])
    world.done["many"] = resolving_many.make(owner, [], owner)
    world.done["stacks"] = stacks.note(owner, owner, "stacked", {"stack": 0, "before": {}, "decided": []})
    sign_in(world)
    hand_out_links(world)
    world.before = snapshot(world)
    return world


def make_duplicates(*photos: Photo) -> DuplicateGroup:
    """A group that waits for its owner."""
    group = DuplicateGroup.objects.create(owner=photos[0].owner, tier="same")
    for photo, role in zip(photos, ("best", "copy"), strict=True):
        DuplicateMember.objects.create(group=group, photo=photo, role=role, similarity=1.0)
    return group


SNAPSHOT: tuple[tuple[type, str], ...] = (
    (Photo, "owner"), (Comment, "photo__owner"), (Tag, "owner"), (PhotoTag, "tag__owner"), (Album, "owner"),
    (AlbumItem, "album__owner"), (Share, "owner"), (ShareLink, "owner"), (Person, "owner"), (Face, "photo__owner"),
    (Upload, "owner"),
    (DuplicateGroup, "owner"), (PairDecision, "first__owner"), (Stack, "owner"), (SavedSearch, "owner"),
)  # fmt: skip


def snapshot(world: World) -> list[Any]:
    """All rows of the owner."""
    rows = []
    with connection.cursor() as cursor:
        for statement, parameters in owned(world.users["owner"]):
            cursor.execute(statement, parameters)
            rows.append(cursor.fetchall())
    return rows


@cache
def owned(owner: User) -> list[tuple[str, Any]]:
    """The SQL for all rows of the owner, because Django takes longer to compose it than the database to answer."""
    selections = (model.objects.filter(**{of: owner}).order_by("pk").values_list() for model, of in SNAPSHOT)  # type: ignore[attr-defined]
    return [selection.query.sql_with_params() for selection in selections]
