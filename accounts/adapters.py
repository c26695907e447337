"""What django-allauth may do in Mirage. Its own pages have no address (accounts/security/two_factor_urls.py)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.security.origin import address_of


def did_not_work(request: HttpRequest) -> HttpResponse:
    """Back to the sign-in page: the provider refused or is unreachable, or its answer is forged."""
    messages.error(request, _("That sign-in did not work. Try it again, or sign in with your password."))
    return redirect("accounts:login")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only, and only Mirage's own pages send messages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Show nothing: Mirage has its own messages."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: the security log has it."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Signing in by OpenID Connect, to a connected account or, if MIRAGE_OIDC_CREATE is set, to a new one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return settings.MIRAGE_OIDC_CREATE

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(did_not_work(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing and not request.user.is_authenticated and not settings.MIRAGE_OIDC_CREATE:
            words = _("No account is connected with that sign-in. Sign in with your password first, then connect it.")
            messages.error(request, words)
            raise ImmediateHttpResponse(redirect("accounts:login"))
