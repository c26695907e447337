"""The pages of django-allauth that Mirage uses, under allauth's names. Their templates are in templates/mfa.

Allauth's other pages (signing up, mail addresses, its own sign-in) have no address here.
"""

from collections.abc import Callable

from allauth.account import views as account_views
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from accounts.views.entry import provider_sign_in


def to(name: str) -> Callable[..., HttpResponseBase]:
    """A redirect to a page of Mirage, for a name that allauth reverses."""
    return RedirectView.as_view(pattern_name=name, query_string=True)


urlpatterns: list[URLPattern] = [
    path("two-factor/code/", base.authenticate, name="mfa_authenticate"),
    path("two-factor/passkey/", login_not_required(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("two-factor/confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("two-factor/confirm/code/", base.reauthenticate, name="mfa_reauthenticate"),
    path("two-factor/confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("two-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("two-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("two-factor/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("two-factor/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("two-factor/passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("two-factor/recovery/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("two-factor/recovery/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("two-factor/recovery/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    # names that allauth reverses, redirected
    path("two-factor/", to("accounts:account"), name="mfa_index"),
    path("two-factor/passkeys/", to("accounts:account"), name="mfa_list_webauthn"),
    path("two-factor/mail/", to("accounts:account"), name="account_email"),
    path("two-factor/password/", to("accounts:password"), name="account_change_password"),
    path("two-factor/sign-in/", login_not_required(to("accounts:login")), name="account_login"),
    path("two-factor/inactive/", login_not_required(to("accounts:login")), name="account_inactive"),
]
if settings.MIRAGE_OIDC_URL:
    urlpatterns += [
        path("oidc/<str:provider_id>/login/", provider_sign_in, name="openid_connect_login"),
        path("oidc/<str:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
        path("oidc/cancelled/", login_not_required(to("accounts:login")), name="socialaccount_login_cancelled"),
        path("oidc/failed/", login_not_required(to("accounts:login")), name="socialaccount_login_error"),
        path("oidc/join/", socialaccount.signup, name="socialaccount_signup"),
        path("oidc/connected/", to("accounts:account"), name="socialaccount_connections"),
    ]
