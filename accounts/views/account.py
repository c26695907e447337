"""Your account: profile, password, second factor, devices, tokens."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import activity
from accounts.forms import ChangePasswordForm, ProfileForm, TokenForm
from accounts.models import BrowserSession, SecurityEvent, Token, User
from accounts.security import sessions, tokens, two_factor
from media.sentences import english
from mirage.web.answers import next_page
from mirage.web.htmx import HtmxHttpRequest
from mirage.web.languages import in_language

EVENTS_SHOWN = 12


@never_cache
@require_safe
def account(request: HtmxHttpRequest) -> HttpResponse:
    """The page of the account."""
    return render(request, "accounts/account.html", context_of(request))


def context_of(request: HtmxHttpRequest, **more: Any) -> dict[str, Any]:
    """What the page shows. `more` can replace a form with an invalid one."""
    user = request.user
    events = SecurityEvent.objects.filter(actor=user).order_by("-at", "-id")
    return {
        "profile_form": ProfileForm(instance=user),
        "factors": two_factor.factors_of(user),
        "sessions": [(row, row.session_key == request.session.session_key) for row in sessions.of(user)],
        "tokens": user.tokens.order_by("-created_at"),
        "events": events[:EVENTS_SHOWN],
        **more,
    }


@require_POST
def profile(request: HtmxHttpRequest) -> HttpResponse:
    """Save names, mail, language and home zone."""
    form = ProfileForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return render(request, "accounts/account.html", context_of(request, profile_form=form), status=422)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("accounts:account")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST", "HEAD"])
def password(request: HtmxHttpRequest) -> HttpResponse:
    """Change the password, and sign all other devices out."""
    user = request.user
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        sessions.end_all(user, but=request.session.session_key)
        sessions.renew(request, user)
        activity.record("set a password", request)
        messages.success(request, _("Your password has been changed, and all other devices are signed out."))
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@reauthentication_required
@require_http_methods(["GET", "POST", "HEAD"])
def make_token(request: HtmxHttpRequest) -> HttpResponse:
    """Make a token or an application password. Its secret is shown once."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        token, secret = tokens.issue(
            request.user, data["name"], data["scopes"], kind=Token.Kind(data["kind"]), days=data["days"]
        )
        activity.record("made a token", request, subject=token.name, scopes=token.scopes, kind=token.kind)
        return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    return render(request, "accounts/token.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def revoke_token(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Revoke one token."""
    token = get_object_or_404(Token, pk=pk, user=request.user)
    token.delete()
    activity.record("revoked a token", request, subject=token.name)
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return redirect("accounts:account")


@require_POST
def revoke_tokens(request: HtmxHttpRequest) -> HttpResponse:
    """Revoke all tokens."""
    count, _by_model = request.user.tokens.all().delete()
    if count:
        activity.record("revoked a token", request, all=count)
    messages.success(request, _("All tokens and application passwords are revoked."))
    return redirect("accounts:account")


@require_POST
def end_session(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Sign one device out."""
    row = get_object_or_404(BrowserSession, pk=pk, user=request.user)
    sessions.end([row])
    activity.record("ended a session", request, subject=sessions.device(row.agent))
    messages.success(request, _("%(device)s is signed out.") % {"device": in_language(sessions.device(row.agent))})
    return redirect("accounts:account")


@require_POST
def end_sessions(request: HtmxHttpRequest) -> HttpResponse:
    """Sign all other devices out."""
    count = sessions.end_all(request.user, but=request.session.session_key)
    if count:
        activity.record("ended a session", request, subject=english("all %(number)s others", number=count))
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:account")


@require_POST
def theme(request: HtmxHttpRequest) -> HttpResponse:
    """Save the chosen appearance: system, light or dark."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponseBadRequest("theme: expected system, light or dark")
    request.user.theme = chosen
    request.user.save(update_fields=["theme"])
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(next_page(request))
