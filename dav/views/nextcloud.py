"""Nextcloud's addresses, as far as its app needs them to sign in and to upload. Its root is the folder Upload."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from dav.asked import UPLOAD, Asked
from dav.nextcloud import chunks, letting_in
from dav.properties import space_of
from dav.protocol import paths
from dav.protocol.refusals import Refusal
from dav.signing_in import sign_in
from dav.views import webdav
from media.sentences import english
from mirage.web.htmx import HtmxHttpRequest

VERSION = (31, 0, 0)  # of Nextcloud, whose addresses these are
WRITTEN = ".".join(map(str, VERSION))


@csrf_exempt
@login_not_required
def files(request: HttpRequest, user: str, path: str = "") -> HttpResponseBase:
    """WebDAV for the app: what it calls its root is the folder Upload."""
    return webdav.answer(request, f"/remote.php/dav/files/{user}", path, (UPLOAD,), owner=user)


@csrf_exempt
@login_not_required
def old_files(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The same at the address that older apps know."""
    return webdav.answer(request, "/remote.php/webdav", path, (UPLOAD,))


@csrf_exempt
@login_not_required
def uploads(request: HttpRequest, user: str, path: str = "") -> HttpResponseBase:
    """Files in chunks."""
    try:
        token = sign_in(request)
        if token.user.username != user:
            raise Refusal(404, english("There is nothing here."))
        return chunks.answer(Asked(request, token, f"/remote.php/dav/uploads/{user}", ()), paths.split(path))
    except Refusal as refused:
        return refused.response()


# --- what kind of server this is --------------------------------------------------------------------------------------


@login_not_required
@require_safe
def status(request: HttpRequest) -> JsonResponse:
    """What the app asks first."""
    told = {"installed": True, "maintenance": False, "needsDbUpgrade": False, "extendedSupport": False}
    return JsonResponse(
        told | {"version": f"{WRITTEN}.0", "versionstring": WRITTEN, "edition": "", "productname": "Mirage"}
    )


@login_not_required
@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    """Whether the server answers."""
    return HttpResponse(status=204)


@login_not_required
@require_safe
def capabilities(request: HttpRequest, version: str) -> JsonResponse:
    """What the app may use: files, and uploads in chunks."""
    major, minor, micro = VERSION
    server = {
        "major": major,
        "minor": minor,
        "micro": micro,
        "string": WRITTEN,
        "edition": "",
        "extendedSupport": False,
    }
    able = {
        "core": {"pollinterval": 60, "webdav-root": "remote.php/webdav"},
        "dav": {"chunking": "1.0"},
        "files": {"bigfilechunking": True, "undelete": False, "versioning": False, "blacklisted_files": []},
        "theming": {"name": "Mirage", "slogan": "", "url": request.build_absolute_uri("/"), "color": "#3d5a80"},
    }
    return ocs(version, {"version": server, "capabilities": able})


@csrf_exempt
@login_not_required
@require_safe
def account(request: HttpRequest, version: str, name: str = "") -> HttpResponse:
    """Who the app is signed in as, and how much room there is."""
    try:
        user = sign_in(request).user
    except Refusal as refused:
        return refused.response()
    if name not in ("", user.username):
        return ocs(version, [], status=404)
    return ocs(version, described(user))


def described(user: User) -> dict[str, Any]:
    """A user as Nextcloud describes one."""
    used, free = space_of(user)
    total = used + free
    quota = {"free": free, "used": used, "total": total, "relative": round(100 * used / max(1, total), 2)}
    shown = user.get_full_name() or user.username
    more = {"email": user.email, "enabled": True, "groups": [], "quota": quota | {"quota": user.quota_bytes or -3}}
    return {"id": user.username, "display-name": shown, "displayname": shown, **more}


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, version: str, path: str) -> JsonResponse:
    """All else that Nextcloud has and Mirage does not."""
    return ocs(version, [], status=404)


def ocs(version: str, data: Any, status: int = 200) -> JsonResponse:
    """An answer in the form that Nextcloud gives it."""
    code = status if status != 200 else (100 if version == "1" else 200)
    meta = {
        "status": "ok" if status == 200 else "failure",
        "statuscode": code,
        "message": "OK" if status == 200 else "",
    }
    return JsonResponse({"ocs": {"meta": meta, "data": data}}, status=status)


# --- signing in -------------------------------------------------------------------------------------------------------


@csrf_exempt
@login_not_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """An app wants in: where its user lets it in, and what it asks with meanwhile."""
    try:
        asks, page = letting_in.begin(request)
    except Refusal as refused:
        return refused.response()
    poll = {"token": asks, "endpoint": request.build_absolute_uri(reverse("dav:nextcloud_poll"))}
    return JsonResponse({"poll": poll, "login": request.build_absolute_uri(reverse("dav:let_in", args=[page]))})


@csrf_exempt
@login_not_required
@require_POST
def poll(request: HttpRequest) -> HttpResponse:
    """404 until its user has let the app in; then its password, once."""
    found = letting_in.collect(request.POST.get("token", ""), request)
    if found is None:
        return JsonResponse([], status=404, safe=False)
    user, secret = found
    server = request.build_absolute_uri("/").rstrip("/")
    return JsonResponse({"server": server, "loginName": user.username, "appPassword": secret})


@never_cache
@reauthentication_required
@require_http_methods(["GET", "POST", "HEAD"])
def let_in(request: HtmxHttpRequest, secret: str) -> HttpResponse:
    """The page on which a user lets an app in."""
    row = letting_in.waiting(secret)
    if row is None:
        raise Http404("no app waits here")
    if request.method == "POST":
        letting_in.let_in(row, request.user)
        messages.success(request, _("The app is let in. You can go back to it."))
        return redirect("dav:devices")
    return render(request, "accounts/devices/let_in.html", {"app": row.agent or _("An app")})
