"""The page of people: who is in the library, naming, hiding, merging."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import undoing
from accounts.models import Activity, User
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, open_dialog, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.paging import first_page
from mirage.web.parameters import listed, row_id, row_ids
from mirage.web.stale import fresh
from mirage.wording import alphabetical, number_in_words
from people import actions
from people.access import action_or_404, faces_by_ids, listed_people, people_by_keys, people_of, person_or_404
from people.actions import NameTaken
from people.covers import samples, with_covers
from people.history import what_was_given_up
from people.models import Face, FaceScan, Person
from people.navigation import WORTH_NAMING
from people.review import asking
from people.views.shared import shared_with_covers
from photos.models import StageRun

CHANGED = "people:changed"  # at this event the parts of a page that show people fetch themselves again
NAMED_AT_ONCE, GROUPS_AT_ONCE = 60, 30
OTHERS = 300  # people that somebody can be merged with
SIDE_BY_SIDE = 4  # faces of each, when a merge is asked about


@require_safe
def people(request: HtmxHttpRequest) -> HttpResponse:
    """Who is in the library: named people, then groups worth naming, both page by page; or the hidden ones."""
    hidden = request.GET.get("show") == "hidden"
    shown = listed_people(request.user, hidden=hidden)
    named, groups = shown.exclude(name=""), shown.filter(name="")
    if not hidden:
        groups = groups.filter(photo_count__gte=WORTH_NAMING)
    if more := request.GET.get("named_below", ""):
        return cards(request, named.filter(place_below(more)), "named_below", hidden=hidden)
    if more := request.GET.get("below", ""):
        return cards(request, groups.filter(place_below(more)), "below", hidden=hidden)
    context = {
        "hidden": hidden,
        "named": part_of(named, NAMED_AT_ONCE),
        "theirs": [] if hidden else shared_with_covers(request.user),
        "groups": part_of(groups, GROUPS_AT_ONCE),
        **summary(request.user),
    }
    return render_page(request, "people/people.html", "people/_people.html", context)


def part_of(people: QuerySet[Any], size: int) -> dict[str, Any]:
    """The first of these people with their covers, and after whom the list goes on."""
    page, last = first_page(people, size)
    return {"people": with_covers(page), "more": last and f"{last.photo_count}.{last.pk}"}


def cards(request: HtmxHttpRequest, people: QuerySet[Any], parameter: str, *, hidden: bool) -> HttpResponse:
    """More people, in place of the button that asked for them; a page of them without scripts."""
    part = part_of(people, NAMED_AT_ONCE if parameter == "named_below" else GROUPS_AT_ONCE)
    context = {"hidden": hidden, "part": part, "parameter": parameter, **summary(request.user)}
    context |= {"named": part, "groups": {}} if parameter == "named_below" else {"named": {}, "groups": part}
    return render_page(request, "people/people.html", "people/_cards.html", context)


def place_below(text: str) -> Q:
    """Those after the place `photo_count.pk` in the list; 404 if it is not a place."""
    count, pk = map(row_id, text.partition(".")[::2])
    if count is None or pk is None:
        raise Http404("no such place in the list")
    return Q(photo_count__lt=count) | Q(photo_count=count, pk__gt=pk)


def summary(user: User) -> dict[str, Any]:
    """The notices of the page: how many people are hidden, how many questions wait, what is still being looked at."""
    unfinished = Q(status__in=(StageRun.Status.WAITING, StageRun.Status.RUNNING), stage="faces")
    looking = StageRun.objects.filter(unfinished, photo__owner=user).count()
    return {
        "names": names_of(user),
        "hidden_count": people_of(user).filter(hidden=True).count(),
        "questions": asking.questions_of(user).count(),
        "looking": looking,
        "another_model": looking and FaceScan.objects.filter(photo__owner=user, pending__isnull=False).exists(),
    }


def names_of(user: User) -> list[str]:
    """The names for completion."""
    return sorted(people_of(user).exclude(name="").values_list("name", flat=True), key=alphabetical)


@require_POST
def name(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Name somebody, to whom one of `faces` belongs. If another person has the name, ask whether they are the same."""
    person = person_or_404(request.user, key)
    faces = [face for face in meant(request) if face.person_id == person.pk]
    try:
        form = fresh(request.POST, {"name": person.name})
        activity = actions.name_person(person, form.get("name", ""), request.user, faces)
    except NameTaken as taken:
        return ask_to_merge(request, [taken.person, person], status=422)
    said = _("Named %(name)s") % {"name": person.name} if person.name else _("Name removed")
    return report_change(request, said, activity)


def meant(request: HtmxHttpRequest) -> list[Face]:
    """The faces that the form is about."""
    return faces_by_ids(request.user, row_ids(request.POST, "faces"))


def ask_to_merge(request: HtmxHttpRequest, people: list[Person], *, status: int = 200) -> HttpResponse:
    """Ask whether these are one person, with their faces side by side, in a dialog or on a page."""
    context = {
        "together": actions.photos_together(people),
        "meant": meant(request),
        "asked": [(person, samples(person, SIDE_BY_SIDE)) for person in people],
        "named": [person for person in people if person.name],
        "next": request.POST.get("next", ""),
    }
    return open_dialog(
        render_page(request, "people/merging/merge.html", "people/merging/_merge.html", context, status=status), "#ask"
    )


@require_POST
def merge(request: HtmxHttpRequest) -> HttpResponse:
    """Merge the people of `keys` into the one that `target` names, or else the first. Asks first."""
    people = people_by_keys(request.user, listed(request.POST, "keys"))
    if len(people) < 2:
        raise NotPossible(_("Choose two people or more."))
    people.sort(key=lambda person: (person.key != request.POST.get("target"), not person.name))
    if "confirmed" not in request.POST:
        return ask_to_merge(request, people)
    faces = [face for face in meant(request) if face.person in people]
    activity = actions.merge(people[0], people[1:], request.user, faces)
    name = people[0].name
    said = _("Merged into %(name)s") % {"name": name} if name else _("Merged into one person")
    return report_change(request, said, activity)


@require_safe
def others(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The people somebody can be merged with."""
    person = person_or_404(request.user, key)
    rows = listed_people(request.user).exclude(pk=person.pk)[:OTHERS]
    return render_page(
        request, "people/others.html", "people/_others.html", {"person": person, "others": with_covers(rows)}
    )


@require_POST
def hide(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Hide the people of `keys`, or show them again."""
    if action not in {"hide", "show"}:
        raise Http404(f"no action {action}")
    chosen = people_by_keys(request.user, listed(request.POST, "keys"))
    activity = actions.hide(chosen, request.user, hidden=action == "hide")
    sentence = (
        ngettext("%(number)s person hidden", "%(number)s people hidden", len(chosen))
        if action == "hide"
        else ngettext("%(number)s person shown", "%(number)s people shown", len(chosen))
    )
    return report_change(request, sentence % {"number": number_in_words(len(chosen))}, activity)


@require_POST
def undo(request: HtmxHttpRequest, activity_id: int) -> HttpResponse:
    """Undo an action, and then those that `and` names."""
    ids = [activity_id, *row_ids(request.GET, "and")]
    done = [action_or_404(request.user, pk) for pk in ids]
    with transaction.atomic():
        for activity in done:
            undoing.undo(activity, request.user)
    return report_change(request, _("Undone"))


def home() -> str:
    return reverse("people:people")


def report_change(request: HtmxHttpRequest, text: str, *activities: Activity) -> HttpResponse:
    """A toast that reports an action on people and which faces no longer fit. Its Undo undoes all the activities."""
    if given_up := what_was_given_up(*activities):
        text = f"{text}. {given_up}"
    if not activities:
        return report(request, text, home=home(), event=CHANGED)
    *earlier, last = (activity.pk for activity in activities)
    also = f"?and={','.join(map(str, reversed(earlier)))}" if earlier else ""
    return report(request, text, home=home(), event=CHANGED, undo=Undo(reverse("people:undo", args=[last]) + also))
