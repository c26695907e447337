"""What is refused over WebDAV, with its status and the reason in words."""

from collections.abc import Mapping

from django.http import HttpResponse

from dav.protocol.bodies import PREFIXED
from media.sentences import english


class Refusal(Exception):
    """A request is refused. `condition` names the precondition of RFC 4918 that does not hold."""

    def __init__(
        self, status: int, reason: str = "", *, condition: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.status, self.condition, self.headers = status, condition, dict(headers or {})

    def response(self) -> HttpResponse:
        """The answer."""
        if self.condition:
            body = f'<?xml version="1.0" encoding="utf-8"?>\n<d:error {PREFIXED}><d:{self.condition}/></d:error>'
            return HttpResponse(body, status=self.status, content_type="application/xml", headers=self.headers)
        return HttpResponse(str(self), status=self.status, content_type="text/plain", headers=self.headers)


def not_found() -> Refusal:
    return Refusal(404, english("There is nothing here."))


def read_only() -> Refusal:
    return Refusal(403, english("Only the folder Upload can be changed. The others show your library."))
