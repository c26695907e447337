"""The second factor, where it is not asked for by a page of allauth's: for programs, and for what pages show."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from accounts import activity, lockout
from accounts.models import User

CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def is_on(user: User) -> bool:
    """Whether signing in with the password asks for a second factor."""
    return is_mfa_enabled(user)


def check_code(user: User, code: str, request: HttpRequest) -> bool:
    """Whether this is a code of the user's authenticator, or a recovery code, which is used up. Raises LockedOut."""
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
    """The user's second factors by kind: totp, webauthn, recovery_codes."""
    found: dict[str, list[Authenticator]] = {}
    for authenticator in Authenticator.objects.filter(user=user).order_by("created_at"):
        found.setdefault(authenticator.type, []).append(authenticator)
    return found


def remove_all(user: User) -> int:
    """Take every second factor off an account, for somebody who lost them. How many."""
    return Authenticator.objects.filter(user=user).delete()[0]
