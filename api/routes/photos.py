"""Photos: lists, one photo, edits, the trash."""

from hashlib import sha256
from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status
from ninja.errors import HttpError

import search.results.notices
import search.results.timeline
from accounts.models import User
from api.auth import ApiRequest, allowed
from api.schemas.base import Changed, Key, Keys, Problem, Text, answers
from api.schemas.photos import CopyIn, Page, PhotoDetail, PhotoEdit, Written
from photos import catalogue
from photos.access import photo_or_404, photos_by_keys, photos_of, visible_photo_or_404
from photos.editing import actions, bulk, edits, file_writing, picture_edits, virtual_copies
from photos.editing.bulk import Change
from photos.gallery import timeline as gallery
from photos.gallery.lists import timeline_of
from photos.models import Photo
from photos.pipeline.shared_files import looked_at
from search.language.grammar import Mistake
from search.limits import in_time

router = Router(tags=["Photos"])

LISTS = r"^(timeline|recent|favourites|videos|archive|trash|(album|person)\.[A-Za-z0-9_-]{1,32})$"
AT_ONCE = 10  # more files than this are left to the workers


@router.get("", response=answers(Page), auth=allowed("read"), summary="List or search photos")
def listing(
    request: ApiRequest,
    list: str = Query("timeline", pattern=LISTS, description="A listing of the gallery, or `album.KEY`, `person.KEY`."),
    query: Text | None = Query(None, max_length=2_000, description="A search, used instead of `list`."),
    cursor: str = Query("", max_length=64, description="The `next` of the previous page."),
) -> dict[str, Any]:
    """One page of up to a few hundred photos, newest first or in the order that the search asks for.

    An empty `query` lists everything that you may see, with the archive and all photos in stacks.
    """
    try:
        return listed(request.user, list, cursor) if query is None else searched(request.user, query, cursor)
    except Mistake as mistake:
        raise HttpError(
            422,
            _("%(message)s (at character %(place)s of the query)")
            % {"message": mistake.message, "place": mistake.start + 1},
        ) from mistake
    except (ValueError, OverflowError) as error:
        raise HttpError(422, _("This is not a cursor of this list.")) from error


def listed(user: User, name: str, cursor: str) -> dict[str, Any]:
    """A page of a listing of the gallery."""
    timeline = timeline_of(user, name)
    return described_page(timeline.older(timeline.parse(cursor) if cursor else None))


def searched(user: User, text: str, cursor: str) -> dict[str, Any]:
    """A page of search results; the first page has the notices. Raises Mistake."""
    with in_time():
        found = search.results.timeline.find(user, text)
        timeline = search.results.timeline.of_found(user, found)
        page = timeline.older(timeline.parse(cursor) if cursor else None)
    return described_page(page) | {"notices": [] if cursor else search.results.notices.notices_of(text, found)}


def described_page(page: gallery.Page) -> dict[str, Any]:
    """The photos of a page with all their columns."""
    reasons = {photo.pk: day.heading for day in page.days for photo in day.photos}
    rows = Photo.objects.in_bulk(list(reasons))
    for pk, row in rows.items():
        row.found_by = reasons[pk]  # type: ignore[attr-defined]
    return {"photos": [rows[pk] for pk in reasons if pk in rows], "next": str(page.older) if page.older else None}


@router.get("/{key}", response=answers(PhotoDetail), auth=allowed("read"), summary="Get a photo")
def photo(request: ApiRequest, response: HttpResponse, key: Key) -> Photo:
    """Everything that is known about a photo, your own or shared with you. The `ETag` names this version of it."""
    return tagged(response, described(visible_photo_or_404(request.user, key), request.user))


@router.patch("/{key}", response={**answers(PhotoDetail), 412: Problem}, auth=allowed("edit"), summary="Edit a photo")
def edit(
    request: ApiRequest,
    response: HttpResponse,
    key: Key,
    body: PhotoEdit,
    if_match: str = Header("", alias="If-Match", max_length=1_000, description="The `ETag` of what you edited."),
) -> Photo:
    """Change metadata. The file is not changed; `reset` restores the values of the file.

    With `If-Match`, nothing is saved if the photo has changed since that version: 412.
    """
    user = request.user
    found = photo_or_404(user, key)
    if if_match not in ("", "*") and version_of(described(found, user)) not in if_match:
        raise HttpError(412, _("The photo has changed since then. Get it again."))
    given = body.model_dump(exclude_unset=True)
    if changes := [*changes_of(given), *picture_of(found, given)]:
        bulk.make(user, photos_of(user).filter(pk=found.pk), bulk.Together.of(changes), user)
    for field, (yes, no) in {"favourite": ("favourite", "unfavourite"), "archived": ("archive", "unarchive")}.items():
        if given.get(field) is not None:
            actions.perform(user, [key], actions.ACTIONS[yes if given[field] else no])
    return tagged(response, described(photo_or_404(user, key), user))


def tagged(response: HttpResponse, photo: Photo) -> Photo:
    """The photo, with its version in the response headers."""
    response.headers["ETag"] = version_of(photo)
    return photo


def version_of(photo: Photo) -> str:
    """An entity tag over everything that is returned for the photo."""
    return f'"{sha256(PhotoDetail.from_orm(photo).model_dump_json().encode()).hexdigest()[:32]}"'


@router.post(
    "/{key}/copies", response={**answers(PhotoDetail, 201)}, auth=allowed("edit"), summary="Save a copy of a photo"
)
def save_copy(request: ApiRequest, key: Key, body: CopyIn) -> Status[Photo]:
    """Another edit of the same file, stacked with the photo, with its own words, stars, tags and albums."""
    found = photo_or_404(request.user, key)
    if found.trashed_at:
        raise HttpError(422, _("This photo is in the trash."))
    changes = picture_of(found, body.model_dump(exclude_unset=True))
    copy = virtual_copies.save_copy(found, changes[0] if changes else None, request.user)
    return Status(201, described(copy, request.user))


@router.delete("/{key}", response=answers(None, 204), auth=allowed("edit"), summary="Move a photo to the trash")
def trash(request: ApiRequest, key: Key) -> Status[None]:
    """You can restore it until the trash is emptied."""
    photo_or_404(request.user, key)
    actions.perform(request.user, [key], actions.ACTIONS["trash"])
    return Status(204, None)


Action = Literal["favourite", "unfavourite", "archive", "unarchive", "trash", "restore"]


@router.post("/actions/{action}", response=answers(Changed), auth=allowed("edit"), summary="Change many photos")
def act(request: ApiRequest, action: Action, body: Keys) -> dict[str, Any]:
    """All or nothing. Keys that are not yours are ignored, and photos that would not change are left out."""
    return {"keys": actions.perform(request.user, body.keys, actions.ACTIONS[action])}


@router.post(
    "/files/{action}", response=answers(Written), auth=allowed("edit"), summary="Write into files, or restore them"
)
def write_files(request: ApiRequest, action: Literal["write", "back"], body: Keys) -> dict[str, Any]:
    """Write title, description, rating, keywords, time and place into the files themselves; the originals are kept.

    `back` restores them. Up to ten files are done at once, more by workers: `GET /jobs` shows their progress.
    """
    back = action == "back"
    keys = {pk: key for batch in photos_by_keys(request.user, body.keys) for pk, key in able(batch, back)}
    if len(keys) > AT_ONCE:
        file_writing.demand(sorted(keys), back=back)
        return {"done": [], "waiting": len(keys), "refused": []}
    refused = file_writing.attempt(sorted(keys), file_writing.restore_file if back else file_writing.write_file)
    return {
        "done": [key for pk, key in keys.items() if pk not in refused],
        "waiting": 0,
        "refused": [{"key": keys[pk], "reason": reason} for pk, reason in refused.items()],
    }


def able(photos: Any, back: bool) -> list[tuple[int, str]]:
    """Ids and keys of those photos for which the action is possible."""
    found = file_writing.with_backup(photos) if back else file_writing.writable(photos)
    return list(found.order_by("pk").values_list("pk", "key"))


def changes_of(given: dict[str, Any]) -> list[Change]:
    """The body of an edit as changes. Raises InvalidEdit."""
    changes: list[Change] = [edits.reset(given["reset"])] if given.get("reset") else []
    words: dict[str, Any] = {name: given[name] or "" for name in ("title", "description") if name in given}
    words |= {"rating": given["rating"]} if "rating" in given else {}
    if words:
        changes.append(edits.set_words(**words))
    if given.get("taken"):
        local = given["taken"]["local"].replace(tzinfo=None)
        changes.append(edits.set_time(local, given["taken"].get("offset"), given["taken"].get("precision", "time")))
    if given.get("turn"):
        changes.append(edits.turn(given["turn"]))
    if "position" in given:
        place = given["position"]
        changes.append(edits.set_place(place["latitude"], place["longitude"]) if place else edits.clear_place())
    return changes


def picture_of(photo: Photo, given: dict[str, Any]) -> list[Change]:
    """The edit of the picture in the body. Raises InvalidEdit."""
    if "picture_edit" not in given:
        return []
    if given["picture_edit"] is None:
        return [edits.reset(["picture_edit"])]
    return [picture_edits.set_picture(photo, given["picture_edit"])]


def described(photo: Any, user: User) -> Photo:
    """The photo with what PhotoDetail needs besides its columns; albums, people and the edit for its owner only."""
    mine = photo.owner_id == user.pk
    if not mine:
        photo.picture_edit = None
    faces = catalogue.faces_of(looked_at(photo)) if mine else []
    photo.tag_paths = catalogue.tags_of(photo)
    photo.album_names = catalogue.albums_of(photo) if mine else []
    photo.known_faces = [{**face, "person": face["person_id"]} for face in faces]
    photo.edited_names = sorted(edits.edited_fields(photo))
    return photo
