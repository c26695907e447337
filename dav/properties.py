"""The properties of files and folders: live ones, and those that programs noted (RFC 4918, 4)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from shutil import disk_usage

from django.conf import settings
from django.utils.http import http_date, quote_etag

from accounts.models import User
from dav.asked import Asked
from dav.models import Entry
from dav.protocol import locks
from dav.protocol.bodies import DAV, MICROSOFT, NEXTCLOUD, OWNCLOUD, Element, Name, element, text
from dav.protocol.refusals import Refusal
from dav.resources import Resource
from media.sentences import english
from photos.ingest import intake, room

EARLIEST, UNKNOWN = -(2**31), -1  # seconds; 1901, since what is older is a mistake, and what some send for no time
MOST_NOTED = 16_000  # characters of what programs note about one file
LOCK_ENTRY = (
    "<d:lockentry><d:lockscope><d:{}/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockentry>"  # for str.format
)
ALL = tuple(
    (DAV, local)
    for local in (
        *("resourcetype", "displayname", "getcontentlength", "getcontenttype", "getetag", "getlastmodified"),
        *("creationdate", "supportedlock", "lockdiscovery"),
    )
)
TIMES = {
    (DAV, "getlastmodified"), (DAV, "lastmodified"), (MICROSOFT, "Win32LastModifiedTime"),
}  # fmt: skip
IGNORED = {
    (MICROSOFT, "Win32CreationTime"), (MICROSOFT, "Win32LastAccessTime"), (MICROSOFT, "Win32FileAttributes"),
    (DAV, "creationdate"), (OWNCLOUD, "checksums"),  # rclone tells sums with a time; we make our own
}  # fmt: skip


class Teller:
    """Tells the properties of resources for one request."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @cached_property
    def quota(self) -> tuple[int, int]:
        """Bytes used and bytes available."""
        return space_of(self.asked.user)

    @cached_property
    def are_locks(self) -> bool:
        """Whether there are any locks, so that most answers need not ask for each file."""
        return locks.living(self.asked.user).exists()

    def tell(self, resource: Resource, name: Name) -> str | None:
        """The value as XML; None if the resource has no such property."""
        namespace, local = name
        teller = TELLERS.get(namespace, {}).get(local)
        if teller is not None:
            return teller(self, resource)
        if resource.entry is not None:
            noted: str | None = resource.entry.properties.get(f"{{{namespace}}}{local}")
            return noted
        return None

    def lockdiscovery(self, resource: Resource) -> str:
        if not (self.are_locks and resource.is_writable):
            return ""
        href = self.asked.href(resource.names, resource.is_folder)
        return "".join(locks.active(lock, href) for lock in locks.covering(self.asked.user, resource.names[1:]))


def space_of(user: User) -> tuple[int, int]:
    """The bytes that the user's library takes, and those that there is room for: by quota or by the disk."""
    used = room.used_bytes(user)
    free = max(0, disk_usage(settings.MIRAGE_DATA).free - intake.LEAST_FREE_BYTES)
    left = free if user.quota_bytes is None else max(0, min(free, user.quota_bytes - used))
    return used, left


def folder_only(value: Callable[[Teller, Resource], str]) -> Callable[[Teller, Resource], str | None]:
    return lambda teller, resource: value(teller, resource) if resource.is_folder else None


def file_only(value: Callable[[Teller, Resource], str]) -> Callable[[Teller, Resource], str | None]:
    return lambda teller, resource: None if resource.is_folder else value(teller, resource)


def permissions(_: Teller, resource: Resource) -> str:
    """What Nextcloud's app may do: read, delete, rename, move, write, and make files and folders."""
    if not resource.is_writable:
        return "G"
    return "GDNVCK" if resource.is_folder else "GDNVW"


def checksums(_: Teller, resource: Resource) -> str | None:
    """The sum by which rclone compares files without fetching them. Only of a file that lies as it came."""
    entry, photo = resource.entry, resource.photo
    if entry is None or photo is None or not photo.sha1 or photo.sha256 != entry.sha256:
        return None
    return f"<oc:checksum>SHA1:{photo.sha1}</oc:checksum>"


Tellers = Mapping[str, Callable[[Teller, Resource], str | None]]
TELLERS: Mapping[str, Tellers] = {
    DAV: {
        "resourcetype": lambda _, r: "<d:collection/>" if r.is_folder else "",
        "displayname": lambda _, r: text(r.name),
        "getcontentlength": file_only(lambda _, r: str(r.size)),
        "getcontenttype": file_only(lambda _, r: text(r.mime)),
        "getetag": lambda _, r: text(quote_etag(r.tag)),
        "getlastmodified": lambda _, r: http_date(r.modified.timestamp()),
        "creationdate": lambda _, r: r.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "supportedlock": lambda _, r: (
            LOCK_ENTRY.format("exclusive") + LOCK_ENTRY.format("shared") if r.is_writable else ""
        ),
        "lockdiscovery": Teller.lockdiscovery,
        "quota-used-bytes": folder_only(lambda t, _: str(t.quota[0])),
        "quota-available-bytes": folder_only(lambda t, _: str(t.quota[1])),
    },
    OWNCLOUD: {
        "id": lambda _, r: f"{int(r.ident):020d}mirage",
        "fileid": lambda _, r: r.ident,
        "size": lambda t, r: str(t.quota[0] if r.is_folder else r.size),
        "permissions": permissions,
        "checksums": checksums,
        "favorite": lambda _, r: str(int(bool(r.photo and r.photo.favourite))) if r.entry else "0",
        "owner-id": lambda t, _: text(t.asked.user.username),
        "owner-display-name": lambda t, _: text(t.asked.user.get_full_name() or t.asked.user.username),
        "comments-unread": lambda _, r: "0",
    },
    NEXTCLOUD: {
        "has-preview": lambda _, r: "false",
        "is-encrypted": lambda _, r: "0",
        "mount-type": lambda _, r: "",
        "creation_time": lambda _, r: str(int(r.created.timestamp())),
        "upload_time": lambda _, r: str(int(r.created.timestamp())),
    },
}


# --- PROPFIND ---------------------------------------------------------------------------------------------------------


def wanted_in(body: Element | None) -> tuple[list[Name] | None, bool]:
    """The names that PROPFIND asks for, or None for all; and whether only names are asked for. Raises Refusal."""
    if body is None:
        return None, False
    if body.name != (DAV, "propfind"):
        raise Refusal(400, english("The body should be a propfind."))
    if body.child("propname"):
        return None, True
    if prop := body.child("prop"):
        return list(dict.fromkeys(child.name for child in prop)), False
    if body.child("allprop"):
        include = body.child("include")
        return ([*ALL, *(child.name for child in include)] if include else None), False
    raise Refusal(400, english("The body asks for nothing."))


def names_of(resource: Resource) -> list[Name]:
    """All properties of a resource that are told when none is named."""
    noted = resource.entry.properties if resource.entry else {}
    return [*ALL, *(split_name(name) for name in noted)]


def split_name(name: str) -> Name:
    """A name as it is stored: {namespace}local."""
    namespace, _, local = name[1:].rpartition("}")
    return namespace, local


def response(teller: Teller, resource: Resource, wanted: Iterable[Name] | None, names_only: bool) -> str:
    """The part of a multistatus about one resource."""
    found, missing = [], []
    for name in names_of(resource) if wanted is None else wanted:
        value = teller.tell(resource, name)
        if value is None:
            missing.append(element(name))
        else:
            found.append(element(name, "" if names_only else value))
    parts = [propstat(found, "200 OK")] if found or not missing else []
    if missing and wanted is not None:
        parts.append(propstat(missing, "404 Not Found"))
    href = text(teller.asked.href(resource.names, resource.is_folder))
    return f"<d:response><d:href>{href}</d:href>{''.join(parts)}</d:response>\n"


def propstat(elements: Iterable[str], status: str) -> str:
    return f"<d:propstat><d:prop>{''.join(elements)}</d:prop><d:status>HTTP/1.1 {status}</d:status></d:propstat>"


# --- PROPPATCH --------------------------------------------------------------------------------------------------------


def patch(entry: Entry, body: Element | None) -> str:
    """Set and remove properties, all or none. Returns the propstats."""
    if body is None or body.name != (DAV, "propertyupdate"):
        raise Refusal(400, english("The body should be a propertyupdate."))
    properties, times = dict(entry.properties), list[datetime | None]()
    done, refused = list[Name](), list[Name]()
    for action in body:
        prop = action.child("prop")
        for wanted in prop or ():
            if wanted.name in TIMES and action.name == (DAV, "set"):
                times.append(moment_of(wanted.text))
                (done if times[-1] else refused).append(wanted.name)
            elif wanted.name in IGNORED:
                done.append(wanted.name)
            elif wanted.name[0] in TELLERS and wanted.name[1] in TELLERS[wanted.name[0]]:
                refused.append(wanted.name)
            else:
                change(properties, action, wanted)
                done.append(wanted.name)
    if sum(len(name) + len(value) for name, value in properties.items()) > MOST_NOTED:
        raise Refusal(507, english("That is too much to note about one file."))
    if refused:
        return propstat(map(element, refused), "403 Forbidden") + (
            propstat(map(element, done), "424 Failed Dependency") if done else ""
        )
    entry.properties = properties
    entry.modified_at = next((time for time in reversed(times) if time), entry.modified_at)
    entry.save(update_fields=["properties", "modified_at"])
    return propstat(map(element, dict.fromkeys(done)), "200 OK")


def change(properties: dict[str, str], action: Element, wanted: Element) -> None:
    """Note a property, or forget it."""
    name = f"{{{wanted.name[0]}}}{wanted.name[1]}"
    if action.name == (DAV, "set"):
        properties[name] = wanted.inside()
    else:
        properties.pop(name, None)


def moment_of(value: str) -> datetime | None:
    """A time as programs send it: of HTTP, of ISO 8601, or seconds since 1970."""
    value = value.strip()
    try:
        if value.removeprefix("-").replace(".", "", 1).isdigit():
            seconds = float(value)
            return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds != UNKNOWN else None
        if value[:1].isdigit():
            found = datetime.fromisoformat(value)
        else:
            found = parsedate_to_datetime(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
