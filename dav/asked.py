"""A request over WebDAV: who asks, for what path, and where that path begins."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import Token, User
from dav.arriving.receiving import announced
from dav.protocol import paths
from dav.protocol.bodies import MOST_BYTES, BadXml, Element, read
from dav.protocol.paths import Segments
from dav.protocol.refusals import Refusal, read_only
from media.sentences import english
from photos.storage import http

UPLOAD = "Upload"


@dataclass(frozen=True)
class Asked:
    """A request. `names` is the whole path; what the client calls its root is `base`, and means `root`."""

    request: HttpRequest
    token: Token
    base: str  # of addresses, without a slash at its end
    names: Segments
    root: Segments = ()

    @property
    def user(self) -> User:
        return self.token.user

    @property
    def in_upload(self) -> bool:
        return self.names[:1] == (UPLOAD,)

    @property
    def inner(self) -> Segments:
        """The path below `Upload/`, of something to change. Raises Refusal."""
        return inner(self.names)

    def href(self, names: Segments, is_folder: bool) -> str:
        return paths.href(self.base, names[len(self.root) :], is_folder)

    def destination(self) -> Segments:
        """The path in the header Destination."""
        header = self.request.headers.get("Destination")
        return (*self.root, *paths.destination(header, self.base, self.request.get_host()))

    def names_of(self, address: str) -> Segments | None:
        """The path that an address means; None if it is none of ours."""
        try:
            return (*self.root, *paths.destination(address, self.base, self.request.get_host()))
        except Refusal:
            return None

    def may(self, *scopes: str) -> bool:
        return bool(set(scopes) & set(self.token.scopes))

    def xml(self) -> Element | None:
        """The body as XML; None if there is none. Raises Refusal."""
        if (announced(self.request) or 0) > MOST_BYTES:
            raise Refusal(413, english("The body is too long."))
        body = bytearray()
        for block in http.body_of(self.request):
            body += block
            if len(body) > MOST_BYTES:
                raise Refusal(413, english("The body is too long."))
        try:
            return read(bytes(body)) if body.strip() else None
        except BadXml as error:
            raise Refusal(400, f"The body is not the XML that was expected: {error}.") from error

    def has_body(self) -> bool:
        return announced(self.request) != 0 and any(http.body_of(self.request))


def inner(names: Segments) -> Segments:
    """The path below `Upload/`, of something to change. Raises Refusal for all else."""
    if names[:1] != (UPLOAD,) or len(names) < 2:
        raise read_only()
    return names[1:]
