"""Connecting a phone: its password, the QR code that brings it there, and what to enter in which app."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import qrcode
from django.db import transaction
from django.http import HttpRequest

from accounts import activity
from accounts.models import Token
from accounts.security import tokens
from dav.forms import SCOPES
from dav.models import Device

QUIET = 4  # modules of white around a code, as its readers expect


@dataclass(frozen=True)
class Code:
    """A QR code as a drawing: its width with the margin, and the path of its dark squares."""

    width: int
    path: str


def code_of(text: str) -> Code:
    """The QR code of a text."""
    made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    made.add_data(text)
    made.make(fit=True)
    rows: list[list[bool]] = made.get_matrix()
    squares = (
        f"M{column + QUIET} {line + QUIET}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return Code(len(rows) + 2 * QUIET, "".join(squares))


@transaction.atomic
def connect(request: HttpRequest, data: dict[str, Any]) -> tuple[Device, str]:
    """Make a device with a password of its own. Returns it with the password, which is not stored."""
    user: Any = request.user
    token, secret = tokens.issue(user, data["name"], SCOPES[data["may"]], kind=Token.Kind.PASSWORD)
    device = Device.objects.create(
        user=user,
        token=token,
        app=data["app"],
        album=data["album"],
        folders_as_albums=data["folders_as_albums"],
    )
    activity.record("made a token", request, subject=token.name, scopes=token.scopes, kind=token.kind)
    return device, secret


@dataclass(frozen=True)
class Way:
    """What to enter in the app: where the server is, and what the QR code says."""

    server: str
    host: str
    path: str
    code: Code


def way_of(request: HttpRequest, device: Device, secret: str) -> Way:
    """How the device comes here."""
    server = request.build_absolute_uri("/").rstrip("/")
    address = f"{server}/dav/Upload/"
    if device.app == Device.App.NEXTCLOUD:
        text = f"nc://login/user:{quote(device.user.username)}&password:{secret}&server:{server}"
        return Way(server, request.get_host(), "/", code_of(text))
    text = f"{address}\n{device.user.username}\n{secret}"
    return Way(address, request.get_host(), "/dav/Upload/", code_of(text))
