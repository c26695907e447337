"""A person's page: the photos, who it is, and the history."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.paging import first_page
from mirage.web.parameters import row_id
from mirage.web.stale import fresh
from people import actions, covers
from people.access import actions_of, person_or_404
from people.history import about, sentence
from people.kept import counts
from people.models import Person
from people.timeline import of_person
from people.views.people import names_of, report_change
from photos.gallery.pages import page_context, render_list

ACTIONS_AT_ONCE = 100


def header(user: User, person: Person) -> dict[str, Any]:
    """What every page of the person shows above its content."""
    photos, faces = counts.of_one(person)
    return {
        "person": person,
        "cover": covers.covers([person]).get(person.pk),
        "photo_count": photos,
        "face_count": faces,
        "names": names_of(user),
    }


@require_safe
def person(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The photos of the person; HTMX gets a single page of tiles."""
    who = person_or_404(request.user, key)
    if who.key != key:
        return redirect("people:person", who.key)
    context = page_context(request, of_person(request.user, who)) | {"tab": "photos"}
    if not request.htmx:
        context |= header(request.user, who)
    return render_list(request, "people/person.html", "people/_photos.html", context)


@require_safe
def head(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The header alone, after a change."""
    who = person_or_404(request.user, key)
    context = header(request.user, who)
    return render_page(request, "people/_page.html", "people/_head.html", context)


@require_POST
def birthday(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Set the birthday; an empty field removes it."""
    who = person_or_404(request.user, key)
    try:
        form = fresh(request.POST, {"birthday": who.birthday}, {"birthday": _("Birthday")})
        born = DateField(required=False).clean(form.get("birthday", ""))
    except ValidationError as error:
        raise NotPossible(_("This is not a date.")) from error
    activity = actions.set_birthday(who, born, request.user)
    return report_change(request, _("Birthday changed") if born else _("Birthday removed"), activity)


@require_safe
def history(request: HtmxHttpRequest, key: str = "") -> HttpResponse:
    """What was done with one person, or with all; each action can be undone."""
    who = person_or_404(request.user, key) if key else None
    done = about(actions_of(request.user), who) if who else actions_of(request.user)
    if before := request.GET.get("before"):
        done = done.filter(pk__lt=row_id(before) or 0)
    rows, last = first_page(done, ACTIONS_AT_ONCE)
    context = {
        "tab": "history",
        "person": who,
        "actions": [(action, sentence(action)) for action in rows],
        "older": last.pk if last else None,
    }
    if who and not request.htmx:
        context |= header(request.user, who)
    return render_page(request, "people/history/history.html", "people/history/_history.html", context)
