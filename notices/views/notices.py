"""The bell, the list of notices, and what a user wants to be told."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from notices.access import notices_of, subscriptions_of, unseen, wishes_of
from notices.forms import WishesForm
from notices.kinds import KINDS, kinds_for
from notices.models import Wishes
from notices.push_keys import mark_of, public_key

SHOWN = 100


@never_cache
@require_safe
def bell(request: HtmxHttpRequest) -> HttpResponse:
    """What the bell shows: a number, or nothing."""
    count = unseen(request.user)
    return render(request, "includes/notices/_bell.html", {"count": count})


@never_cache
@require_safe
def notices(request: HtmxHttpRequest) -> HttpResponse:
    """The latest notices."""
    rows = [(notice, KINDS[notice.kind]) for notice in notices_of(request.user)[:SHOWN] if notice.kind in KINDS]
    context = {"notices": rows, "unseen": any(notice.seen_at is None for notice, _ in rows)}
    return render(request, "includes/notices/notices.html", context)


@require_POST
def seen(request: HtmxHttpRequest) -> HttpResponse:
    """All of them have been seen."""
    notices_of(request.user).filter(seen_at=None).update(seen_at=timezone.now())
    return redirect("notices:notices")


@never_cache
@require_http_methods(["GET", "POST", "HEAD"])
def wishes(request: HtmxHttpRequest) -> HttpResponse:
    """What the user wants to be told."""
    now = wishes_of(request.user)
    initial = {name: getattr(now, name) for name in ("bell", "mail", "push", "quiet_from", "quiet_to")}
    form = WishesForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        Wishes.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notices:notices")
    context = {
        "form": form,
        "kinds": [
            (kind, [kind.name in ways for ways in (now.bell, now.mail, now.push)]) for kind in kinds_for(request.user)
        ],
        "can_mail": bool(settings.EMAIL_HOST and request.user.email),
        "browsers": subscriptions_of(request.user),
        "key": public_key(),
        "marks": " ".join(mark_of(each.endpoint) for each in subscriptions_of(request.user)),
    }
    return render(request, "includes/notices/wishes.html", context, status=422 if form.is_bound else 200)
