"""All accounts, for administrators: roles, quotas, invitations, disabling, deletion."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import activity, invitations, leaving
from accounts.access import administrators_only
from accounts.forms import InvitationForm, UserForm
from accounts.models import Lockout, Role, User
from accounts.security import sessions
from accounts.views.entry import reset_path
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest
from mirage.wording import counted

INVITED = "invited"  # in the session: the newest invitation, its address, and when it was made
SHOWN_SECONDS = 3600


@never_cache
@administrators_only
@require_safe
def users(request: HtmxHttpRequest) -> HttpResponse:
    """All accounts with the space they use, open invitations and lockouts."""
    return render(request, "accounts/users.html", context_of(**invited(request)))


def context_of(**more: Any) -> dict[str, Any]:
    """What the page of all accounts shows."""
    own = Q(photos__in_place=False)
    everybody = User.objects.annotate(photo_count=Count("photos"), used=Sum("photos__size", filter=own))
    return {
        "users": everybody.order_by("username"),
        "invitations": invitations.open_invitations(),
        "lockouts": Lockout.objects.exclude(until=None).order_by("-last_at")[:50],
        "form": InvitationForm(),
        **more,
    }


@never_cache
@administrators_only
@require_POST
def invite(request: HtmxHttpRequest) -> HttpResponse:
    """Make an invitation. Its address is shown on the page that follows, also when it is loaded again."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/users.html", context_of(form=form), status=422)
    data = form.cleaned_data
    invitation, secret = invitations.invite(request.user, Role(data["role"]), data["email"], data["quota_bytes"])
    activity.record("invited", request, subject=invitation.email or invitation.role, role=invitation.role)
    request.session[INVITED] = [invitation.pk, reverse("accounts:join", args=[secret]), time.time()]
    return redirect(f"{reverse('accounts:users')}?invited={invitation.pk}")


def invited(request: HtmxHttpRequest) -> dict[str, Any]:
    """The invitation just made, with its address. Only this browser's session knows it, for an hour."""
    pk, path, made_at = request.session.get(INVITED, (None, "", 0.0))
    if time.time() - made_at > SHOWN_SECONDS:
        request.session.pop(INVITED, None)
        return {}
    if str(pk) != request.GET.get("invited"):
        return {}
    invitation = invitations.open_invitations().filter(pk=pk).first()
    return {"invited": invitation, "address": request.build_absolute_uri(path)} if invitation else {}


@administrators_only
@require_POST
def withdraw(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = get_object_or_404(invitations.open_invitations(), pk=pk)
    invitation.delete()
    activity.record("withdrew an invitation", request, subject=invitation.email or invitation.role)
    return redirect("accounts:users")


@administrators_only
@require_http_methods(["GET", "POST", "HEAD"])
def user(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """One account: role, quota, whether it may sign in."""
    shown = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, initial=settings_of(shown))
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, shown, form.cleaned_data)
        except leaving.LastAdministrator as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:user", pk)
    others = User.objects.exclude(pk=pk).filter(is_active=True)
    context = {
        "shown": shown,
        "form": form,
        "others": others,
        "two_factor": is_mfa_enabled(shown),
        "sessions": sessions.of(shown),
    }
    return render(request, "accounts/user.html", context, status=422 if form.is_bound else 200)


def settings_of(user: User) -> dict[str, Any]:
    """The values that UserForm can change."""
    return {"role": user.role, "email": user.email, "quota_bytes": user.quota_bytes, "is_active": user.is_active}


def keep(request: HtmxHttpRequest, user: User, data: dict[str, Any]) -> None:
    """Save the form, and record what it changed. Raises LastAdministrator."""
    before = settings_of(user)
    if user.is_superuser and (data["role"] != Role.ADMINISTRATOR or not data["is_active"]):
        leaving.require_another_administrator(user)
    user.set_role(Role(data["role"]))
    user.email, user.quota_bytes, user.is_active = data["email"], data["quota_bytes"], data["is_active"]
    user.save()
    changed: dict[str, Any] = {
        name: [old, data[name]] for name, old in before.items() if data[name] != old and name != "is_active"
    }
    if changed:
        activity.record("changed an account", request, subject=user.username, changed=changed)
    if before["is_active"] != user.is_active:
        activity.record("enabled an account" if user.is_active else "disabled an account", request, subject=user)
        if not user.is_active:
            sessions.end_all(user)


@never_cache
@administrators_only
@require_POST
def reset_link(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """An address for somebody who forgot the password. With `factors` the second factors are removed too."""
    shown = get_object_or_404(User, pk=pk, is_active=True)
    if "factors" in request.POST:
        Authenticator.objects.filter(user=shown).delete()
        activity.record("removed a second factor", request, subject=shown.username, by="administrator")
    activity.record("reset a password", request, subject=shown.username)
    address = request.build_absolute_uri(reset_path(shown))
    return render(request, "accounts/reset_link.html", {"shown": shown, "address": address})


@administrators_only
@require_POST
def sign_out(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out in all browsers, except the administrator's own that asks for it."""
    shown = get_object_or_404(User, pk=pk)
    count = sessions.end_all(shown, but=request.session.session_key)
    if count:
        activity.record("ended a session", request, subject=f"all {count} of {shown.username}")
    messages.success(request, f"{shown.username} is signed out of {counted(count, 'browser')}.")
    return redirect("accounts:user", pk)


@administrators_only
@require_POST
def delete(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Delete an account after its name was typed. Its photos go to `heir` or are deleted too. Raises NotPossible."""
    shown = get_object_or_404(User, pk=pk)
    if request.POST.get("name", "") != shown.username:
        raise NotPossible("Type the name of the account to delete it.")
    heir = get_object_or_404(User, pk=request.POST["heir"], is_active=True) if request.POST.get("heir") else None
    if shown == request.user or heir == shown:
        raise NotPossible("You cannot delete your own account or hand an account over to itself.")
    leaving.delete(shown, heir)
    activity.record("deleted an account", request, subject=shown.username, heir=heir.username if heir else None)
    messages.success(request, f"The account of {shown.username} has been deleted.")
    return redirect("accounts:users")


@administrators_only
@require_POST
def lift(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Lift a lockout."""
    row = get_object_or_404(Lockout, pk=pk)
    row.delete()
    activity.record("lifted a lockout", request, subject=row.key)
    return redirect("accounts:users")
