"""The second factor outside allauth's pages: for programs, and for Mirage's own pages."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts import activity
from accounts.models import User
from accounts.security import lockout

CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def check_code(user: User, code: str, request: HttpRequest) -> bool:
    """Whether the code is valid. A recovery code works once. Raises LockedOut."""
    lockout.require("second factor", user.username, request)
    for authenticator in Authenticator.objects.filter(user=user, type__in=CODES):
        if authenticator.wrap().validate_code(code.strip()):
            lockout.succeed("second factor", user.username, request)
            if authenticator.type == Authenticator.Type.RECOVERY_CODES:
                activity.record("used a recovery code", request, actor=user)
            return True
    lockout.fail("second factor", user.username, request)
    return False


def factors_of(user: User) -> dict[str, list[Authenticator]]:
    """The user's second factors by type: totp, webauthn, recovery_codes."""
    found: dict[str, list[Authenticator]] = {}
    for authenticator in Authenticator.objects.filter(user=user).order_by("created_at"):
        found.setdefault(authenticator.type, []).append(authenticator)
    return found
