"""What both pages of switches do with one of them. `place` is the namespace of their addresses."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts import activity
from mirage.web.htmx import HtmxHttpRequest, render_page
from switching import acts, keeping, showing
from switching.models import Switch
from switching.readers import READERS


def show(request: HtmxHttpRequest, switch: Switch, place: str, page: str) -> HttpResponse:
    """The progress, then the report with what can be done. While something runs, the page asks for its fragment."""
    context = {**showing.describe(switch), "place": place}
    return render_page(request, page, "operations/switching/_switch.html", context)


def bring(request: HtmxHttpRequest, switch: Switch, place: str) -> HttpResponse:
    """Do it. Raises NotPossible if it was done already."""
    acts.bring(switch, request.user)
    activity.record("imported", request, subject=READERS[switch.program].program, owner=switch.owner.username)
    return redirect(f"{place}:switch", switch.key)


def undo(request: HtmxHttpRequest, switch: Switch, place: str) -> HttpResponse:
    """Undo all of it."""
    acts.undo(switch, request.user)
    return redirect(f"{place}:switch", switch.key)


def discard(request: HtmxHttpRequest, switch: Switch, place: str) -> HttpResponse:
    """Forget what was read. Raises NotPossible if it was done: then it can only be undone."""
    keeping.discard(switch)
    messages.success(
        request, _("What was read from %(program)s is forgotten.") % {"program": READERS[switch.program].program}
    )
    return redirect(f"{place}:switches")
