"""Writes sign-ins and second factors, which Django and allauth handle, into the security log."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import activity
from accounts.models import BrowserSession, User
from accounts.security import lockout, sessions
from media.sentences import english

FACTORS = {
    Authenticator.Type.TOTP: english("authenticator app"),
    Authenticator.Type.WEBAUTHN: english("passkey"),
    Authenticator.Type.RECOVERY_CODES: english("recovery codes"),
}


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.user = user
    sessions.note(request)
    activity.record("signed in", request, actor=user)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        BrowserSession.objects.filter(session_key=request.session.session_key).delete()
        activity.record("signed out", request, actor=user)


@receiver(authenticator_added)
def factor_added(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    activity.record("added a second factor", request, actor=user, subject=FACTORS[authenticator.type])


@receiver(authenticator_removed)
def factor_removed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    activity.record("removed a second factor", request, actor=user, subject=FACTORS[authenticator.type])


@receiver(authenticator_used)
def factor_used(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        activity.record("used a recovery code", request, actor=user)


@receiver(authentication_failed)
def factor_failed(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    lockout.fail("second factor", user.username, request)
    activity.record("failed to sign in", request, actor=user, subject=FACTORS[authenticator.type])
