"""Middleware for all requests: security headers, and answers to refusals."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from mirage.refusals import NotPossible
from mirage.web.answers import refuse
from mirage.web.htmx import HtmxHttpRequest
from mirage.web.stale import Stale, show_both
from mirage.web.time_limit import TakesTooLong

COMPRESSED = frozenset({"text/html", "text/plain", "application/json", "application/geo+json", "image/svg+xml"})


def host_of(address: str) -> str:
    """A space with the scheme and host of an address, as policies name them; empty without an address."""
    parts = urlsplit(address)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def content_security_policy(tiles: str, provider: str = "") -> str:
    """The policy. The only other hosts are those of the map tiles and the OpenID Connect provider, if they are set."""
    host = host_of(tiles)
    return "; ".join(
        (
            "default-src 'self'",
            # blob: for previews of files before their upload; data: for the thumbhash placeholders.
            f"img-src 'self' blob: data:{host}",
            f"connect-src 'self'{host}",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "style-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action 'self'{host_of(provider)}",
            "frame-ancestors 'none'",
        )
    )


class ContentSecurityPolicyMiddleware:
    """Allows only our own scripts, styles and pictures, nothing inline and nothing from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_security_policy(settings.MIRAGE_MAP_TILES, settings.MIRAGE_OIDC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Pages and data compressed; pictures, videos and downloads go as they are.

    Against BREACH: the token of forms gets another mask for each answer, Django adds up to a hundred random bytes, and
    cookies come with no request that another site makes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


class RefusalMiddleware:
    """Turns NotPossible into a message on the page that the user came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HtmxHttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TakesTooLong) and not request.htmx:  # the page that it came from may be this one
            return render(request, "422.html", {"reason": error}, status=422)
        if isinstance(error, Stale):
            return show_both(request, error)
        if not isinstance(error, NotPossible | TakesTooLong):
            return None
        page = request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
        return refuse(request, error, home=page if ours else "")
