"""The addresses of the API. Sessions are not accepted, so the pages' sign-in does not apply."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from api.v1 import api


def opened(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Leave authentication to the views (api/auth.py)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            opened(pattern.url_patterns)
        else:
            pattern.callback = login_not_required(pattern.callback)


@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address: 404, while pages would redirect to sign-in."""
    raise Http404("no such address")


urls: Any = api.urls
opened(urls[0])
urlpatterns = [
    path("v1/", urls),
    re_path("", nowhere, name="api-nowhere"),
]
