"""The review of duplicates: group after group, side by side. Decisions apply at once and can be undone as fast."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import undoing
from accounts.models import Activity, User
from duplicates import differences, keeping, resolving
from duplicates.access import group_or_404
from duplicates.models import DuplicateGroup
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from mirage.wording import Words, number_in_words
from photos.models import Photo, PhotoFile, PhotoQuerySet

Tier = DuplicateGroup.Tier
TIERS = {
    Tier.SAME: (_lazy("Same picture"), _lazy("Compressed, resized or converted copies of one picture.")),
    Tier.EDITED: (
        pgettext_lazy("pictures that are alike", "Edited"),
        _lazy("Versions of one picture: cropped, turned, filtered, with text, in a frame, on a screen."),
    ),
    Tier.BURST: (
        _lazy("Bursts"),
        _lazy("Taken by one camera within seconds, nearly the same view. Stacking shows them as one."),
    ),
}
EXACT_SHOWN = 200


@dataclass(frozen=True)
class Version:
    """A photo of a group as the page shows it."""

    photo: Photo
    suggested: bool
    reasons: tuple[Words, ...]
    placement: differences.Matrix
    paired: bool


@require_safe
def queue(request: HtmxHttpRequest) -> HttpResponse:
    """The group of the tier that frees most."""
    return shown(request, tier=request.GET.get("tier", ""))


@require_safe
def group(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """One group, wherever it is in the queue. A group that is resolved already leads to the next."""
    found = group_or_404(request.user, key)
    here = resolving.open_groups(request.user).filter(pk=found.pk).first()
    return shown(request, here, tier=found.tier, note="" if here else _("That group is resolved already."))


@require_POST
def act(request: HtmxHttpRequest, key: str, act: str) -> HttpResponse:
    """Keep the chosen photos, keep all, or stack; then show the next group."""
    found = group_or_404(request.user, key)
    if act not in ACTS:
        raise Http404(f"no act {act}")
    following = next_of(request.user, found)
    try:
        activity, note = ACTS[act](request, found)
    except resolving.CannotResolve as error:
        return shown(request, tier=found.tier, note=str(error), status=422)
    if not wants_fragment(request):
        return redirect_to(following, found.tier)
    return shown(request, following, tier=found.tier, note=note, undoable=activity)


def keep(request: HtmxHttpRequest, found: DuplicateGroup) -> tuple[Activity, str]:
    chosen = set(request.POST.getlist("keep"))
    kept = [photo for photo in resolving.present(found) if photo.key in chosen]
    if not kept:
        raise resolving.CannotResolve(_("Choose at least one photo to keep."))
    plan = resolving.plan(found, keeping.order_of(request.user), kept)
    activity = resolving.keep_best(request.user, [plan], request.user, merge="merge" in request.POST)
    if not plan.removed:
        return activity, _("All kept.")
    count = len(plan.removed)
    sentence = ngettext(
        "Photo moved to the trash, %(size)s to be freed.",
        "%(number)s photos moved to the trash, %(size)s to be freed.",
        count,
    )
    return activity, sentence % {"number": number_in_words(count), "size": filesizeformat(plan.saving)}


def keep_all(request: HtmxHttpRequest, found: DuplicateGroup) -> tuple[Activity, str]:
    activity = resolving.keep_all(request.user, found, request.user)
    return activity, _("All kept. You will not be asked again, unless a new photo joins.")


def stack(request: HtmxHttpRequest, found: DuplicateGroup) -> tuple[Activity, str]:
    return resolving.stack(request.user, found, request.user), _("Stacked: they are shown as one tile.")


ACTS = {"keep": keep, "keep-all": keep_all, "stack": stack}


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Undo a decision, and show its group again."""
    activity = get_object_or_404(Activity, pk=pk, owner=request.user, target_type=resolving.TARGET)
    note, status = _("Undone."), 200
    try:
        undoing.undo(activity, request.user)
    except NotPossible as error:
        note, status = str(error), 422
    again = resolving.open_groups(request.user).filter(pk=activity.target_id or 0).first()
    if not wants_fragment(request):
        return redirect_to(again, again.tier if again else "")
    return shown(request, again, tier=again.tier if again else "", note=note, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HtmxHttpRequest) -> HttpResponse:
    """Give a rule more or less weight: `move` is its name and up or down. A GET shows the rules."""
    if request.method != "POST":
        return shown(request, rules_open=True)
    name, _colon, way = request.POST.get("move", "").partition(":")
    if name not in keeping.RULES or way not in ("up", "down"):
        raise Http404("no such rule")
    keeping.move_rule(request.user, name, -1 if way == "up" else 1)
    found = resolving.open_groups(request.user).filter(key=request.POST.get("group", "")).first()
    if not wants_fragment(request):
        return redirect_to(found, found.tier if found else "")
    return shown(request, found, tier=found.tier if found else "", rules_open=True)


def with_copies(user: User) -> PhotoQuerySet:
    """The photos of whose file there are more in other places."""
    copies = PhotoFile.objects.filter(kind=PhotoFile.Kind.COPY)
    return Photo.objects.filter(owner=user, pk__in=copies.values("photo")).present()


@require_safe
def exact(request: HtmxHttpRequest) -> HttpResponse:
    """Files with the same bytes in several places: each is one photo, and its files are left alone."""
    photos = with_copies(request.user)
    copies = PhotoFile.objects.filter(photo__in=photos, kind=PhotoFile.Kind.COPY)
    listed = photos.order_by("-size", "-pk").prefetch_related("files")[:EXACT_SHOWN]
    rows = [(photo, [file for file in photo.files.all() if file.kind == PhotoFile.Kind.COPY]) for photo in listed]
    context = {
        "rows": rows,
        "more": max(photos.count() - len(rows), 0),
        "wasted": sum(copies.values_list("size", flat=True)),
        "tabs": tabs(request.user, "exact"),
    }
    return render_page(request, "duplicates/exact.html", "duplicates/_exact.html", context)


# --- what is shown ----------------------------------------------------------------------------------------------------


def shown(
    request: HtmxHttpRequest, found: DuplicateGroup | None = None, *, tier: str = "", status: int = 200, **said: Any
) -> HttpResponse:
    """The group, or the first of the tier. `said` has a `note` on what was done, `undoable` and `rules_open`."""
    counts = counts_of(request.user)
    tier = tier if tier in TIERS else next((name for name in TIERS if counts.get(name)), Tier.SAME)
    found = found or resolving.open_groups(request.user, tier).first()
    title, about = TIERS[Tier(tier)]
    context = said | {
        "group": found,
        "tier": tier,
        "title": title,
        "about": about,
        "tabs": tabs(request.user, tier, counts),
        "left": counts.get(tier, 0),
        "rules": [keeping.RULES[name] for name in keeping.order_of(request.user)],
        **(group_context(request.user, found) if found else {}),
    }
    response = render_page(request, "duplicates/duplicates.html", "duplicates/_duplicates.html", context, status=status)
    if wants_fragment(request) and found:
        response.headers["HX-Replace-Url"] = reverse("duplicates:group", args=[found.key])
    return response


def group_context(user: User, found: DuplicateGroup) -> dict[str, Any]:
    """The group's photos, the suggested one first, what differs, and the groups before and after."""
    plan = resolving.plan(found, keeping.order_of(user))
    photos = keeping.ranked(resolving.present(found), keeping.order_of(user), resolving.framed(found))
    places = differences.placements(found)
    before, after = around(user, found)
    return {
        "versions": [version_of(photo, plan, places[photo.pk]) for photo in photos],
        "is_video": photos[0].is_video,
        "facts": differences.compared(photos),
        "plan": plan,
        "change": change_of(found),
        "newer": before,
        "older": after,
        "position": resolving.open_groups(user, found.tier).filter(ahead(found)).count() + 1,
    }


def version_of(photo: Photo, plan: resolving.Plan, placement: differences.Matrix) -> Version:
    suggested = photo == plan.kept
    return Version(photo, suggested, plan.reasons if suggested else (), placement, keeping.is_paired(photo))


def change_of(found: DuplicateGroup) -> Words:
    """What was done to one photo to make the other, in words; for groups of two only."""
    copies = [member for member in found.members.all() if member.evidence.get("change")]
    return CHANGES.get(copies[0].evidence["change"], copies[0].evidence["change"]) if len(copies) == 1 else ""


CHANGES = {
    "frame": _lazy("cropped, tilted, in a frame or on a screen"),
    "colours": _lazy("colours or brightness changed"),
    "sharpness": _lazy("sharpness changed"),
    "lettering": _lazy("lettering added"),
    "light": _lazy("light changed in places"),
    "placed, mirrored": _lazy("mirrored"),
}


def ahead(found: DuplicateGroup) -> Q:
    """The groups that come before this one in the queue."""
    return Q(saving__gt=found.saving) | Q(saving=found.saving, pk__gt=found.pk)


def around(user: User, found: DuplicateGroup) -> tuple[DuplicateGroup | None, DuplicateGroup | None]:
    """The groups before and after this one in its tier."""
    groups = resolving.open_groups(user, found.tier).prefetch_related(None)
    return groups.filter(ahead(found)).last(), groups.exclude(ahead(found)).exclude(pk=found.pk).first()


def next_of(user: User, found: DuplicateGroup) -> DuplicateGroup | None:
    """The next group to look at; after the last one the first."""
    before, after = around(user, found)
    return after or (resolving.open_groups(user, found.tier).first() if before else None)


def redirect_to(found: DuplicateGroup | None, tier: str) -> HttpResponseRedirect:
    if found:
        return redirect("duplicates:group", found.key)
    return redirect(reverse("duplicates:queue") + (f"?tier={tier}" if tier else ""))


def counts_of(user: User) -> dict[str, int]:
    """How many groups wait, by tier."""
    ids = resolving.open_groups(user).order_by().values("pk")
    counted = DuplicateGroup.objects.filter(pk__in=ids).order_by().values_list("tier").annotate(Count("pk"))
    return dict(counted)


def tabs(user: User, current: str, counts: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """The tiers with their counts, and the files with the same bytes."""
    counts = counts_of(user) if counts is None else counts
    address = reverse("duplicates:queue")
    made: list[dict[str, Any]] = [
        {"title": title, "url": f"{address}?tier={tier}", "count": counts.get(tier, 0), "current": tier == current}
        for tier, (title, _about) in TIERS.items()
    ]
    made.append(
        {
            "title": _("Same file"),
            "url": reverse("duplicates:exact"),
            "count": with_copies(user).count(),
            "current": current == "exact",
        }
    )
    return made
