"""What django-allauth may do here. Its own pages have no address (accounts/two_factor_urls.py)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from accounts.origin import address_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations, and are told what happens by Mirage's own pages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "0.0.0.0"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: allauth's words and templates are not ours."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: what happened stands in the security log."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Signing in by OpenID Connect: those who connected their account, and new ones where the setting says so."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return settings.MIRAGE_OIDC_CREATE

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing and not request.user.is_authenticated and not settings.MIRAGE_OIDC_CREATE:
            words = "No account is connected with that sign-in. Sign in with your password first, then connect it."
            messages.error(request, words)
            raise ImmediateHttpResponse(redirect("accounts:login"))
