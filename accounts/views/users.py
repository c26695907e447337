"""All accounts, for administrators: roles, quotas, invitations, disabling, deletion."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import activity, invitations, leaving
from accounts.access import administrators_only
from accounts.forms import InvitationForm, UserForm
from accounts.models import Invitation, Lockout, Role, User
from accounts.security import sessions
from accounts.views.entry import reset_path
from media.sentences import english
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest


@never_cache
@administrators_only
@require_safe
def users(request: HtmxHttpRequest) -> HttpResponse:
    """All accounts with the space they use, open invitations and lockouts."""
    return render(request, "accounts/users.html", context_of(request, invited=request.GET.get("invited", "")))


def context_of(request: HtmxHttpRequest, **more: Any) -> dict[str, Any]:
    """What the page of all accounts shows. `invited` is the key of a new invitation."""
    own = Q(photos__in_place=False)
    everybody = User.objects.annotate(photo_count=Count("photos"), used=Sum("photos__size", filter=own))
    return {
        "users": everybody.order_by("username"),
        "invitations": [(one, address_of(request, one)) for one in invitations.open_invitations()],
        "lockouts": Lockout.objects.exclude(until=None).order_by("-last_at")[:50],
        "form": InvitationForm(),
        **more,
    }


def address_of(request: HtmxHttpRequest, invitation: Invitation) -> str:
    """The address to give to who is invited; empty if the installation's key has changed since."""
    secret = invitations.secret_of(invitation)
    return request.build_absolute_uri(reverse("accounts:join", args=[secret])) if secret else ""


@administrators_only
@require_POST
def invite(request: HtmxHttpRequest) -> HttpResponse:
    """Make an invitation. Its address is on the page that follows, for as long as the invitation is open."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/users.html", context_of(request, form=form), status=422)
    data = form.cleaned_data
    invitation, _ = invitations.invite(request.user, Role(data["role"]), data["email"], data["quota_bytes"])
    activity.record("invited", request, subject=invitation.email or invitation.role, role=invitation.role)
    return redirect(f"{reverse('accounts:users')}?invited={invitation.key}#{invitation.key}")


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
            messages.success(request, _("Saved."))
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
        activity.record(
            "ended a session", request, subject=english("all %(number)s of %(name)s", number=count, name=shown.username)
        )
    words = ngettext(
        "%(name)s is signed out of %(number)s browser.", "%(name)s is signed out of %(number)s browsers.", count
    )
    messages.success(request, words % {"name": shown.username, "number": count})
    return redirect("accounts:user", pk)


@administrators_only
@require_POST
def delete(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Delete an account after its name was typed. Its photos go to `heir` or are deleted too. Raises NotPossible."""
    shown = get_object_or_404(User, pk=pk)
    if request.POST.get("name", "") != shown.username:
        raise NotPossible(_("Type the name of the account to delete it."))
    heir = get_object_or_404(User, pk=request.POST["heir"], is_active=True) if request.POST.get("heir") else None
    if shown == request.user or heir == shown:
        raise NotPossible(_("You cannot delete your own account or hand an account over to itself."))
    leaving.delete(shown, heir)
    activity.record("deleted an account", request, subject=shown.username, heir=heir.username if heir else None)
    messages.success(request, _("The account of %(username)s has been deleted.") % {"username": shown.username})
    return redirect("accounts:users")


@administrators_only
@require_POST
def lift(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Lift a lockout."""
    row = get_object_or_404(Lockout, pk=pk)
    row.delete()
    activity.record("lifted a lockout", request, subject=row.key)
    return redirect("accounts:users")
