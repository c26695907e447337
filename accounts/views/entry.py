"""Signing in, accepting an invitation, resetting a forgotten password."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import activity, first_account, invitations
from accounts.adapters import did_not_work
from accounts.forms import FirstAccountForm, JoinForm, NewPasswordForm, SignInForm
from accounts.models import User
from accounts.security import lockout, sessions
from media.text import name_key
from mirage import changeable
from mirage.web import languages
from mirage.web.answers import next_page
from mirage.web.htmx import HtmxHttpRequest

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST", "HEAD"])
def sign_in(request: HtmxHttpRequest) -> HttpResponse:
    """Sign in with name and password. Allauth asks for the second factor if there is one."""
    if first_account.is_pending() and first_account.is_wanted():
        return redirect("accounts:first")
    target = next_page(request)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        login = Login(user=user, redirect_url=target, email_verification="none")
        return perform_password_login(request, {"username": user.username}, login)
    context = {"form": form, "next": target, "provider": settings.MIRAGE_OIDC_NAME, "mail": settings.EMAIL_HOST}
    return render(request, "accounts/login.html", context)


@login_not_required
@require_POST
def sign_out(request: HtmxHttpRequest) -> HttpResponse:
    """Sign out, and let the browser forget what it kept: nothing private stays on a device that others use."""
    end_session(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST", "HEAD"])
def first(request: HtmxHttpRequest) -> HttpResponse:
    """Make the first account of the installation, with the code that was printed, also as a part of the address."""
    if not first_account.is_pending() or not first_account.is_wanted():
        raise Http404("there is an account already")
    user, problem = User(), locked_out(request, "first account")
    given = {"code": request.GET.get("code", "")}
    form = FirstAccountForm(None if problem else request.POST or None, user=user, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            first_account.make(user, form.cleaned_data["password"])
        except first_account.TooLate:
            return redirect("accounts:login")
        activity.record("made an account", request, actor=user, subject=user.username, by="the first visit")
        start_session(request, user, backend=BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)
    if form.has_error("code"):
        lockout.fail("first account", "", request)
    context = {"form": form, "problem": problem}
    return render(request, "accounts/first.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def provider_sign_in(request: HtmxHttpRequest, provider_id: str) -> HttpResponse:
    """Redirect to the OpenID Connect provider."""
    try:
        return openid.login(request, provider_id)
    except OSError:  # the provider is unreachable; allauth handles this only on the way back
        return did_not_work(request)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST", "HEAD"])
def join(request: HtmxHttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: make its account."""
    lockout_words = locked_out(request, "invitation")
    invitation = None if lockout_words else invitations.find(secret)
    if invitation is None:
        if not lockout_words:
            lockout.fail("invitation", "", request)
        return render(request, "accounts/join_gone.html", {"problem": lockout_words}, status=404)
    user = User(email=invitation.email)
    form = JoinForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(invitation, user, form.cleaned_data["password"])
        except invitations.Unusable:
            return render(request, "accounts/join_gone.html", status=404)
        activity.record("accepted an invitation", request, actor=user, role=user.role)
        start_session(request, user, backend=BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation}, status=status)


def locked_out(request: HtmxHttpRequest, purpose: str) -> str:
    """Why this address may not try this now; empty if it may."""
    try:
        lockout.require(purpose, "", request)
    except lockout.LockedOut as error:
        return str(error)
    return ""


@login_not_required
@require_http_methods(["GET", "POST", "HEAD"])
def forgot(request: HtmxHttpRequest) -> HttpResponse:
    """Ask for a new password by mail. The answer is the same whether or not there is such an account."""
    changeable.refresh()
    if not settings.EMAIL_HOST:
        raise Http404("no mail is set up")
    if request.method != "POST":
        return render(request, "accounts/forgot.html")
    address = request.POST.get("email", "").strip()[:254]
    try:
        lockout.require("password mail", address, request)
    except lockout.LockedOut as error:
        return render(request, "accounts/forgot.html", {"problem": str(error)}, status=429)
    lockout.fail("password mail", address, request)  # each mail counts
    activity.record("asked for a password reset", request, subject=address)
    reachable = User.objects.filter(is_active=True).exclude(email="")
    for user in (user for user in reachable if name_key(user.email) == name_key(address)):
        with languages.speaking_to(user):
            send_reset_mail(user, request.build_absolute_uri(reset_path(user)))
    return render(request, "accounts/forgot.html", {"sent": True})


def reset_path(user: User) -> str:
    """An address where the user can set a new password, once, within a day."""
    number = urlsafe_base64_encode(str(user.pk).encode())
    return reverse("accounts:reset", args=[number, default_token_generator.make_token(user)])


def send_reset_mail(user: User, address: str) -> None:
    words = _(
        "Somebody, hopefully you, asked for a new password for %(name)s.\n\n"
        "Set it here within a day:\n%(address)s\n\nIf it was not you, ignore this message. Nothing has changed."
    ) % {"name": user.username, "address": address}
    send_mail(_("A new password for Mirage"), words, None, [user.email])


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST", "HEAD"])
def reset(request: HtmxHttpRequest, number: str, token: str) -> HttpResponse:
    """Set a new password through an address from an administrator or a mail. Ends all sessions."""
    user = user_of(number)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "accounts/reset_gone.html", status=404)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        sessions.end_all(user)
        activity.record("set a password", request, actor=user, by="reset")
        messages.success(request, _("The password is set. Sign in with it now."))
        return redirect("accounts:login")
    return render(
        request, "accounts/reset.html", {"form": form, "user_name": user.username}, status=422 if form.is_bound else 200
    )


def user_of(number: str) -> User | None:
    """The active user with the encoded number of the address."""
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(number)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
