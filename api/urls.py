"""The addresses of the API. Sessions do not open it, so the site's own sign-in is not asked for."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from api.v1 import api


def opened(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Let the views decide themselves who may come in (api/auth.py)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            opened(pattern.url_patterns)
        else:
            pattern.callback = login_not_required(pattern.callback)


@login_not_required
def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address: 404, where pages would ask one to sign in."""
    raise Http404("no such address")


urls: Any = api.urls
opened(urls[0])
urlpatterns = [
    path("v1/", urls),
    re_path("", nowhere, name="api-nowhere"),
]
