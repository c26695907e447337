"""Browsers that show notices as messages of the phone or computer."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.security import sessions
from accounts.security.origin import agent_of
from accounts.security.sessions import device
from mirage.web.htmx import HtmxHttpRequest
from notices.access import subscriptions_of
from notices.forms import PushForm
from notices.models import PushSubscription
from photos.pipeline import jobs

MOST = 8  # browsers of one user; the oldest go


@require_POST
def subscribe(request: HtmxHttpRequest) -> HttpResponse:
    """This browser wants to show notices. It belongs to whoever is signed in, also if another user was before."""
    form = PushForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    browser, site = device(agent_of(request))[:100], request.build_absolute_uri("/").rstrip("/")[:255]
    session = sessions.note(request)
    assert session is not None  # who asks is signed in
    subscription, is_new = PushSubscription.objects.update_or_create(
        endpoint=form.cleaned_data["endpoint"],
        defaults={
            "user": request.user,
            "session": session,
            "p256dh": form.cleaned_data["p256dh"],
            "auth": form.cleaned_data["auth"],
            "browser": browser,
            "site": site,
        },
    )
    kept = subscriptions_of(request.user).values_list("pk", flat=True)[:MOST]
    subscriptions_of(request.user).exclude(pk__in=[*kept]).delete()
    if is_new:
        jobs.enqueue("push_greeting", subscription.pk)
    return HttpResponse(status=204)


@require_POST
def unsubscribe(request: HtmxHttpRequest, pk: int | None = None) -> HttpResponse:
    """A browser shows no notices any more: one of the list, or the one that says its address."""
    if pk is None:
        subscriptions_of(request.user).filter(endpoint=request.POST.get("endpoint", "")).delete()
        return HttpResponse(status=204)
    get_object_or_404(subscriptions_of(request.user), pk=pk).delete()
    return redirect("notices:wishes")


@require_POST
def greet(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Send a browser a message, to see whether it arrives."""
    if not subscriptions_of(request.user).filter(pk=pk).exists():
        raise Http404
    if jobs.enqueue("push_greeting", pk):
        messages.success(request, _("A message is on its way."))
    else:
        messages.error(request, _("No message was sent: the workers cannot be reached."))
    return redirect("notices:wishes")
