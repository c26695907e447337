"""Resolving all duplicates of a tier by rule: a preview of what would go, the progress, and undo.

Bursts are stacked, so none of their photos go.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import batches, undoing
from accounts.models import Activity, User
from duplicates import keeping, resolving, resolving_many
from duplicates.resolving import Plan
from duplicates.views.review import TIERS, Tier
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment

SHOWN = 40  # groups on a page


def plans_of(user: User, tier: str) -> list[Plan]:
    """The plans for the tier's groups; 404 for an unknown tier."""
    if tier not in TIERS:
        raise Http404(f"no tier {tier}")
    return resolving.plans(resolving.open_groups(user, tier), keeping.order_of(user))


@require_safe
def preview(request: HtmxHttpRequest) -> HttpResponse:
    """The preview, page by page."""
    tier = request.GET.get("tier", Tier.SAME)
    context = context_of(request.user, tier, plans_of(request.user, tier), request.GET.get("page", "1"))
    fragment = "duplicates/_many_rows.html" if "page" in request.GET else "duplicates/_many.html"
    return render_page(request, "duplicates/many.html", fragment, context)


@require_POST
def resolve(request: HtmxHttpRequest) -> HttpResponse:
    """Do what the preview showed, except for the groups left out. If something changed, show the new preview."""
    tier = request.POST.get("tier", "")
    plans = plans_of(request.user, tier)
    if resolving_many.digest(plans) != request.POST.get("digest"):
        context = context_of(request.user, tier, plans, "1") | {"changed": True}
        return render_page(request, "duplicates/many.html", "duplicates/_many.html", context, status=422)
    without = set(request.POST.getlist("without"))
    wanted = [plan for plan in plans if plan.group.key not in without]
    activity = resolving_many.make(request.user, wanted, request.user, merge="merge" in request.POST)
    return answer(request, activity)


@require_safe
def progress(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The progress of an action on many groups."""
    activity = run_or_404(request.user, pk)
    context = {"activity": activity, "progress": resolving_many.progress_of(activity)}
    return render_page(request, "duplicates/many.html", "duplicates/_many_progress.html", context)


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Undo an action on many groups."""
    activity = run_or_404(request.user, pk)
    undoing.undo(activity, request.user)
    return answer(request, activity)


def run_or_404(user: User, pk: int) -> Activity:
    activity = get_object_or_404(Activity, pk=pk, owner=user, target_type=resolving.TARGET)
    if not batches.is_batched(activity):
        raise Http404("no such run")
    return activity


def answer(request: HtmxHttpRequest, activity: Activity) -> HttpResponse:
    if not wants_fragment(request):
        return redirect("duplicates:many_progress", activity.pk)
    context = {"activity": activity, "progress": resolving_many.progress_of(activity)}
    return render(request, "duplicates/_many_progress.html", context)


def context_of(user: User, tier: str, plans: list[Plan], page: str) -> dict[str, Any]:
    removed = [photo for plan in plans for photo in plan.removed]
    return {
        "stacking": sum(1 + len(plan.stacked) for plan in plans) if tier == Tier.BURST else 0,
        "tier": tier,
        "title": TIERS[Tier(tier)][0],
        "tiers": [(name, title, name == tier) for name, (title, _) in TIERS.items()],
        "page": Paginator(plans, SHOWN).get_page(page),
        "count": len(plans),
        "going": len(removed),
        "saving": sum(photo.size for photo in removed),
        "digest": resolving_many.digest(plans),
        "rules": keeping.in_words(keeping.order_of(user)),
    }
