"""What changes something below `Upload/`: PUT, MKCOL, DELETE, COPY, MOVE, PROPPATCH, LOCK and UNLOCK."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import quote_etag

from dav import conditions, devices, folders, properties
from dav.arriving import ingesting
from dav.arriving.ingesting import Arrival
from dav.arriving.receiving import Received, received, require_room
from dav.asked import Asked, inner
from dav.models import Device, Entry
from dav.protocol import locks
from dav.protocol.bodies import DAV, PREFIXED
from dav.protocol.paths import Segments, key
from dav.protocol.refusals import Refusal, read_only
from dav.reading import XML
from dav.resources import of_entry
from dav.signing_in import require_scope
from media.sentences import english

DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'


def put(asked: Asked) -> HttpResponse:
    """Take a file in. It is 201 at a new place, also if the photo is known; 204 if the place had a file."""
    require_scope(asked.token, "upload")
    names = asked.inner
    request, device = asked.request, devices.device_of(asked.token, asked.request.headers.get("User-Agent", ""))
    if "Content-Range" in request.headers:
        raise Refusal(400, english("Send whole files."))
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, english("Send files as they are, not compressed."))
    try:
        held = conditions.check(asked)
        if locks.living(asked.user).exists():  # nearly never, and this is asked for every file
            locks.require(asked.user, names, held, parent=folders.entry_at(asked.user, names) is None)
        makes = request.headers.get("X-NC-WebDAV-AutoMkcol") == "1"  # Nextcloud's app asks for it
        folder = (folders.make_all if makes else folders.folder_at)(asked.user, names[:-1])
        with received(request, asked.user, names[-1]) as file:
            return accept(asked, device, names, file, folder)
    except Refusal as refused:
        if refused.status in (403, 413, 415, 503, 507):
            devices.note_problem(device, names[-1], str(refused))
        raise


def accept(asked: Asked, device: Device, names: Segments, file: Received, folder: Entry | None) -> HttpResponse:
    """Take a file in that has arrived, for this folder."""
    sent = properties.moment_of(asked.request.headers.get("X-OC-Mtime", ""))
    entry, is_new = ingesting.put(Arrival(asked.user, device, names, file, sent or timezone.now(), folder))
    if entry.photo_id:
        devices.note_upload(device, entry)
    return answer_put(entry, is_new, with_time=sent is not None)


def answer_put(entry: Entry, is_new: bool, *, with_time: bool) -> HttpResponse:
    """The answer to a file that was taken in."""
    resource = of_entry(entry, ())
    headers = {
        "ETag": quote_etag(resource.tag),
        "OC-ETag": quote_etag(resource.tag),
        "OC-FileId": f"{entry.pk:020d}mirage",
    }
    if with_time:
        headers["X-OC-MTime"] = "accepted"
    return HttpResponse(status=201 if is_new else 204, headers=headers)


def mkcol(asked: Asked) -> HttpResponse:
    """Make a folder."""
    require_scope(asked.token, "upload")
    if not asked.names or (asked.names[:1] == ("Upload",) and len(asked.names) == 1):
        raise Refusal(405, english("This folder is there already."))
    names = asked.inner
    if asked.has_body():
        raise Refusal(415, english("A folder is made without a body."))
    require_room(asked.user, 0)
    locks.require(asked.user, names, conditions.check(asked), parent=True)
    folders.make(asked.user, names)
    return HttpResponse(status=201)


def delete(asked: Asked) -> HttpResponse:
    """Delete a file or folder. Photos that came by it go to the trash, for which the scope edit is needed."""
    require_scope(asked.token, "upload")
    names = asked.inner
    entry = folders.existing(asked.user, names)
    if folders.holds_photos(asked.user, entry):
        require_scope(asked.token, "edit")
    locks.require(asked.user, names, conditions.check(asked), parent=True, tree=True)
    folders.delete(asked.user, entry)
    locks.forget(asked.user, names)
    return HttpResponse(status=204)


def move(asked: Asked) -> HttpResponse:
    """Move or rename a file or folder below `Upload/`."""
    require_scope(asked.token, "upload")
    names, target = asked.inner, inner(asked.destination())
    held = conditions.check(asked)
    source = folders.existing(asked.user, names)
    locks.require(asked.user, names, held, parent=True, tree=True)
    prepare(asked, source, target, held)
    replaced = folders.move(asked.user, source, target, overwrite=overwrites(asked))
    locks.forget(asked.user, names)
    return HttpResponse(status=204 if replaced else 201)


def copy(asked: Asked) -> HttpResponse:
    """Copy a file or folder below `Upload/`."""
    require_scope(asked.token, "upload")
    names, target = asked.inner, inner(asked.destination())
    held = conditions.check(asked)
    source = folders.existing(asked.user, names)
    prepare(asked, source, target, held)
    deep = asked.request.headers.get("Depth", "infinity").strip().lower() != "0"
    replaced = folders.copy(asked.user, source, target, overwrite=overwrites(asked), deep=deep)
    return HttpResponse(status=204 if replaced else 201)


def prepare(asked: Asked, source: Entry, target: Segments, held: frozenset[str]) -> None:
    """Check the place that something goes to: locks, and the right to delete what is there."""
    there = folders.entry_at(asked.user, target)
    locks.require(asked.user, target, held, parent=there is None, tree=True)
    if there is None or not overwrites(asked) or folders.replaces(source, there):
        return
    if folders.holds_photos(asked.user, there):
        require_scope(asked.token, "edit")


def overwrites(asked: Asked) -> bool:
    return asked.request.headers.get("Overwrite", "T").strip().upper() != "F"


def proppatch(asked: Asked) -> HttpResponse:
    """Set times and whatever a program wants to note."""
    require_scope(asked.token, "upload")
    body = asked.xml()
    names = asked.inner
    entry = folders.existing(asked.user, names)
    locks.require(asked.user, names, conditions.check(asked))
    done = properties.patch(entry, body)
    href = asked.href(asked.names, entry.is_folder)
    inside = f"<d:response><d:href>{href}</d:href>{done}</d:response>"
    return HttpResponse(f"{DECLARED}<d:multistatus {PREFIXED}>{inside}</d:multistatus>", status=207, content_type=XML)


def lock(asked: Asked) -> HttpResponse:
    """Lock a path, where nothing need be yet, or make a lock last longer."""
    require_scope(asked.token, "upload")
    if not asked.in_upload:
        raise read_only()
    names, body, held = asked.names[1:], asked.xml(), conditions.check(asked)
    seconds = asked.request.headers.get("Timeout", "")
    if body is None:
        return answer_lock(asked, locks.refresh(asked.user, names, held, seconds), 200, told=False)
    scope, kind, holder = body.child("lockscope"), body.child("locktype"), body.child("owner")
    if body.name != (DAV, "lockinfo") or scope is None or kind is None or not kind.child("write"):
        raise Refusal(400, english("The body should be a lockinfo."))
    depth = asked.request.headers.get("Depth", "infinity").strip().lower()
    if depth not in ("0", "infinity"):
        raise Refusal(400, english("A lock is for a file, or for all that is in a folder."))
    status = 201 if names and reserve(asked, names, held) else 200
    taken = locks.take(
        asked.user,
        names,
        exclusive=scope.child("shared") is None,
        deep=depth == "infinity",
        holder=holder.inside() if holder else "",
        seconds=seconds,
    )
    return answer_lock(asked, taken, status, told=True)


def reserve(asked: Asked, names: Segments, held: frozenset[str]) -> bool:
    """Make an empty file where a program locks a name before it sends the file. Returns whether it was made."""
    if folders.entry_at(asked.user, names) is not None:
        return False
    parent = folders.folder_at(asked.user, names[:-1])
    locks.require(asked.user, names, held, parent=True)
    require_room(asked.user, 0)
    Entry.objects.get_or_create(owner=asked.user, parent=parent, name_key=key(names[-1]), defaults={"name": names[-1]})
    return True


def answer_lock(asked: Asked, taken: locks.Lock, status: int, *, told: bool) -> HttpResponse:
    href = asked.href(asked.names, is_folder=False)
    inside = f"<d:lockdiscovery>{locks.active(taken, href)}</d:lockdiscovery>"
    response = HttpResponse(f"{DECLARED}<d:prop {PREFIXED}>{inside}</d:prop>", status=status, content_type=XML)
    if told:
        response.headers["Lock-Token"] = f"<{taken.token}>"
    return response


def unlock(asked: Asked) -> HttpResponse:
    """Unlock a path."""
    require_scope(asked.token, "upload")
    if not asked.in_upload:
        raise read_only()
    token = asked.request.headers.get("Lock-Token", "").strip().removeprefix("<").removesuffix(">")
    if not token:
        raise Refusal(400, english("The header Lock-Token is missing."))
    locks.release(asked.user, asked.names[1:], token)
    return HttpResponse(status=204)
