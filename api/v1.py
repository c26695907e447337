"""Version 1 of the HTTP API: its routers, and how exceptions become refusals."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.types import DictStrAny

from accounts.security.lockout import LockedOut
from accounts.security.programs import SECONDS, TooManyRequests
from api.refusals import takes_what_it_knows
from api.routes import (
    account,
    albums,
    changes,
    comments,
    duplicates,
    gallery,
    media,
    people,
    photos,
    searches,
    shares,
    stacks,
    system,
    tags,
    teaching,
    trash,
    uploads,
)  # fmt: skip
from duplicates.resolving import CannotResolve
from mirage.refusals import NotPossible
from mirage.web.languages import in_language
from mirage.web.time_limit import TakesTooLong
from people.actions import NameTaken
from photos.ingest.uploads import Refused

# Exceptions whose message is for the user, with their status.
REFUSALS: dict[type[Exception], int] = {
    NotPossible: 422,
    TakesTooLong: 422,
    NameTaken: 409,
    CannotResolve: 409,
}


class Bodies(Parser):
    """JSON bodies must be objects; an empty list does not count as an empty one."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            raise TypeError("not an object")  # becomes a 400
        return body


class DescribedOnce(NinjaAPI):
    """An API whose schema is made at the first request for it, because that takes half a second."""

    made: OpenAPISchema | None = None

    def get_openapi_schema(self, **path: Any) -> OpenAPISchema:
        if self.made is None:
            self.made = super().get_openapi_schema(**path)
        return deepcopy(self.made)


api = DescribedOnce(
    title="Mirage",
    version="1",
    urls_namespace="api-1",
    parser=Bodies(),
    description="The HTTP API of Mirage. Sign in with `POST /tokens`, or make a token in the browser under Account.",
    docs=Swagger(settings={"persistAuthorization": False, "validatorUrl": None}),
)
api.add_decorator(takes_what_it_knows, mode="operation")
api.add_router("", account.router)
api.add_router("/photos", photos.router)
api.add_router("/photos", media.router)
api.add_router("/uploads", uploads.router)
api.add_router("/albums", albums.router)
api.add_router("/tags", tags.router)
api.add_router("/teaching", teaching.router)
api.add_router("", gallery.router)
api.add_router("/people", people.router)
api.add_router("", people.faces_router)
api.add_router("/duplicates", duplicates.router)
api.add_router("/trash", trash.router)
api.add_router("", shares.router)
api.add_router("", comments.router)
api.add_router("", stacks.router)
api.add_router("/searches", searches.router)
api.add_router("/changes", changes.router)
api.add_router("", system.router)


def refuse(request: HttpRequest, status: int, detail: str, **headers: str) -> HttpResponse:
    """A refusal in the form that every operation uses."""
    response = api.create_response(request, {"detail": detail}, status=status)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def told_with(status: int) -> Callable[[HttpRequest, Exception | type[Exception]], HttpResponse]:
    """A handler that responds with the exception's message."""
    return lambda request, error: refuse(request, status, in_language(str(error)))


for refusal, code in REFUSALS.items():
    api.add_exception_handler(refusal, told_with(code))


@api.exception_handler(Refused)
def not_taken(request: HttpRequest, error: Refused) -> HttpResponse:
    return refuse(request, error.status, in_language(str(error)))


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refuse(request, 401, _("Sign in with a token or an application password."), WWW_Authenticate="Bearer")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = (f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in error.errors)
    return refuse(request, 422, "; ".join(told))


@api.exception_handler(LockedOut)
def locked_out(request: HttpRequest, error: LockedOut) -> HttpResponse:
    return refuse(request, 429, str(error), Retry_After=str(error.seconds))


@api.exception_handler(TooManyRequests)
def too_fast(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    return refuse(request, 429, _("Too many requests. Please slow down."), Retry_After=str(SECONDS))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refuse(request, 413, _("The body is too large."))


@api.exception_handler(UnreadablePostError)
def gone(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return refuse(request, 400, _("The body is incomplete."))
