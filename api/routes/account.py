"""Signing in for a token, and the current user."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.errors import HttpError

from accounts import activity
from accounts.models import User
from accounts.security import lockout, tokens, two_factor
from accounts.security.origin import is_private
from api.auth import ApiRequest, allowed
from api.schemas.account import Me, SignIn, TokenOut
from api.schemas.base import answers
from photos.ingest.room import used_bytes

router = Router(tags=["Account"])


@router.post("/tokens", response=answers(TokenOut), auth=None, summary="Sign in for a token")
def sign_in(request: ApiRequest, body: SignIn) -> dict[str, Any]:
    """Exchange a name and password for a token, over HTTPS or on the same machine. Revoke it under Account."""
    if not is_private(request):
        raise HttpError(403, _("Passwords are accepted over HTTPS only. Make a token in the browser instead."))
    lockout.require("sign-in", body.username, request)
    user = authenticate(request, username=body.username, password=body.password)
    if not isinstance(user, User):
        lockout.fail("sign-in", body.username, request)
        activity.record("failed to sign in", request, name=body.username, by="API")
        raise HttpError(401, _("The name and password do not match."))
    lockout.succeed("sign-in", body.username, request)
    require_second_factor(request, user, body.code)
    if "admin" in body.scopes and not user.is_superuser:
        raise HttpError(403, _("Only administrators may have the scope admin."))
    token, secret = tokens.issue(user, body.name, body.scopes, days=body.days)
    activity.record("made a token", request, actor=user, subject=token.name, scopes=token.scopes, by="API")
    return {"token": secret, "scopes": token.scopes, "expires_at": token.expires_at}


def require_second_factor(request: ApiRequest, user: User, code: str) -> None:
    """Raises a refusal if the account has two-factor sign-in and the code is missing or wrong."""
    if not is_mfa_enabled(user):
        return
    if not code:
        raise HttpError(401, _("This account has two-factor sign-in: send the code from the authenticator as `code`."))
    if not two_factor.check_code(user, code, request):
        activity.record("failed to sign in", request, actor=user, subject="second factor", by="API")
        raise HttpError(401, _("The code is wrong or was used already."))


@router.get("/me", response=answers(Me), auth=allowed("read"), summary="The current user")
def me(request: ApiRequest) -> dict[str, Any]:
    """The token's account, and how much of its quota is used."""
    user = request.user
    return {
        "username": user.username,
        "role": user.role,
        "scopes": request.auth.scopes,
        "used_bytes": used_bytes(user),
        "quota_bytes": user.quota_bytes,
        "version": settings.VERSION,
    }


@router.delete("/tokens/current", response=answers(None, 204), auth=allowed("read"), summary="Sign out")
def sign_out(request: ApiRequest) -> Status[None]:
    """Revoke the token of this request."""
    token = request.auth
    activity.record("revoked a token", request, subject=token.name, by="API")
    token.delete()
    return Status(204, None)
