"""What makes Mirage an app of a phone or a desk: its manifest, its service worker, and the page for when it is offline.

The service worker (static/js/offline/) never answers with a page that it kept. It keeps thumbnails that were seen, for
the user whose mark the pages carry, and forgets them when somebody signs out or another user signs in.
"""

import json
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web import languages
from mirage.web.htmx import HtmxHttpRequest

ICONS = ((192, "any"), (512, "any"), (192, "maskable"), (512, "maskable"))
LIGHT, DARK = "#fcfcfd", "#0f1115"  # the colours of --background in tokens.css, as in base.html
SHORTCUTS = ((_lazy("Search"), "search:search"), (_lazy("Upload"), "photos:upload"), (_lazy("Albums"), "albums:albums"))
WORKER = ("shared", "sending", "seen", "messages", "worker")  # scripts of static/js/offline, in this order
OFFLINE_PAGE = "offline.html"
SHELL = (  # what the page for when it is offline needs
    *(f"css/{name}.css" for name in ("mirage/tokens", "mirage/base", "mirage/controls", "mirage/offline")),
    *(f"js/offline/{name}.js" for name in ("page", "shared")),
    "js/mirage/words.js",
    "icons/mirage.svg",
)


def mark_of(user: User | AnonymousUser) -> str:
    """By what the service worker tells users of one browser apart; empty for nobody."""
    return salted_hmac(__name__, str(user.pk)).hexdigest()[:16] if user.is_authenticated else ""


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest (https://www.w3.org/TR/appmanifest/)."""
    files = [{"name": "files", "accept": ["image/*", "video/*"]}]
    about: dict[str, Any] = {
        "id": "/",
        "name": "Mirage",
        "short_name": "Mirage",
        "description": _("Your photos, on your own machine."),
        "lang": languages.written(get_language() or languages.ENGLISH),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("photos:timeline"),
        "scope": "/",
        "display": "standalone",
        "background_color": LIGHT,
        "theme_color": LIGHT,
        "user_preferences": {"color_scheme": {"dark": {"background_color": DARK, "theme_color": DARK}}},
        "categories": ["photo"],
        "icons": [icon_of(size, purpose) for size, purpose in ICONS],
        "shortcuts": [{"name": str(name), "url": reverse(view), "icons": [icon_of(192)]} for name, view in SHORTCUTS],
        "share_target": {
            "action": reverse("photos:share_target"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "files": files},
        },
    }
    return JsonResponse(about, content_type="application/manifest+json")


def icon_of(size: int, purpose: str = "any") -> dict[str, str]:
    """An icon as manifests name it. Maskable ones have a margin, which phones cut to their own shape."""
    name = f"icons/mirage-{size}.png" if purpose == "any" else f"icons/mirage-{purpose}-{size}.png"
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It has to lie at the top, because it answers for addresses below its own alone."""
    scripts = [static(f"js/offline/{name}.js") for name in WORKER]
    told = {
        "version": version(),
        "shell": [reverse("offline"), *map(static, SHELL), *filter(None, [languages.words_address()])],
        "offline": reverse("offline"),
        "session": reverse("session"),
        "share": reverse("photos:share_target"),
        "upload": reverse("photos:upload"),
        "check": reverse("photos:upload_check"),
        "tus": reverse("photos:tus"),
        "logout": reverse("accounts:logout"),
        "icon": static("icons/mirage-192.png"),
        "media": "/media/",
        "static": settings.STATIC_URL,
    }
    text = f"self.mirage = {json.dumps(told)};\nimportScripts({', '.join(map(json.dumps, scripts))});\n"
    response = HttpResponse(text, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def version() -> str:
    """Changes with what the shell holds and its language, so that browsers fetch it again."""
    language = get_language() or languages.ENGLISH
    return _version(language) if not settings.DEBUG else _version.__wrapped__(language)


@cache
def _version(language: str) -> str:
    parts: list[str] = [render_to_string(OFFLINE_PAGE)]
    parts += [static(name) for name in (*SHELL, *(f"js/offline/{name}.js" for name in WORKER))]
    if settings.DEBUG:  # addresses of static files say nothing of what is in them
        parts += [(settings.BASE_DIR / "static" / name).read_text() for name in SHELL]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the service worker shows without a network. It is the same for everybody, and holds nothing."""
    return render(request, OFFLINE_PAGE)


@login_not_required
@never_cache
@require_safe
def session(request: HtmxHttpRequest) -> JsonResponse:
    """Who is signed in, and the token for what the service worker sends."""
    return JsonResponse({"user": mark_of(request.user), "token": get_token(request)})
