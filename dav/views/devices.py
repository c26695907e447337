"""The pages about connected devices: the list, connecting one, what happens to what it sends, and revoking it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import activity
from accounts.models import Token
from accounts.security.origin import is_private
from dav import pairing
from dav.access import device_or_404, devices_of
from dav.forms import ConnectForm, TargetForm
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest


@never_cache
@require_safe
def devices(request: HtmxHttpRequest) -> HttpResponse:
    """The devices, with what each has sent."""
    return render(request, "accounts/devices/devices.html", {"devices": devices_of(request.user)})


@never_cache
@reauthentication_required
@require_http_methods(["GET", "POST", "HEAD"])
def connect(request: HtmxHttpRequest) -> HttpResponse:
    """Connect a phone. Its password and QR code are shown once."""
    if not request.user.may_upload:
        raise NotPossible(_("Guests have no library of their own to add photos to."))
    form = ConnectForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        device, secret = pairing.connect(request, form.cleaned_data)
        way = pairing.way_of(request, device, secret)
        context = {"device": device, "secret": secret, "way": way, "private": is_private(request)}
        return render(request, "accounts/devices/connected.html", context)
    return render(request, "accounts/devices/connect.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST", "HEAD"])
def device(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """One device: its name, and what happens to what it sends."""
    found = device_or_404(request.user, pk)
    initial = {"name": found.token.name, "album": found.album, "folders_as_albums": found.folders_as_albums}
    form = TargetForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        found.album = form.cleaned_data["album"]
        found.folders_as_albums = form.cleaned_data["folders_as_albums"]
        found.save(update_fields=["album", "folders_as_albums"])
        Token.objects.filter(pk=found.token_id).update(name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("dav:devices")
    return render(
        request, "accounts/devices/device.html", {"form": form, "device": found}, status=422 if form.is_bound else 200
    )


@require_POST
def revoke(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Disconnect a device. What it has sent stays."""
    found = device_or_404(request.user, pk)
    name = found.token.name
    found.token.delete()
    activity.record("revoked a token", request, subject=name)
    messages.success(request, _("“%(name)s” is disconnected. Its photos stay.") % {"name": name})
    return redirect("dav:devices")
