"""The people of others, as far as their photos are shared with the user: to be looked at, not changed."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest, render_page
from people.access import shared_faces, shared_people
from people.models import Face, Person
from people.timeline import shared_timeline
from photos.views.timeline import page_asked_for


@require_safe
def shared(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The shared photos that somebody is in; HTMX gets a single page of tiles."""
    timeline = shared_timeline(request.user, key)
    try:
        page = page_asked_for(timeline, request)
    except ValueError as error:
        raise Http404("no such place in the list") from error
    scrolling = "before" in request.GET or "after" in request.GET
    context = {
        "listing": timeline.listing,
        "page": page,
        "direction": "newer" if "after" in request.GET else "older" if "before" in request.GET else "",
    }
    fragment = "photos/gallery/_page.html" if scrolling else "photos/gallery/_grid.html"
    return render_page(request, "people/shared.html", fragment, context)


def shared_with_covers(user: User) -> list[tuple[Person, Face]]:
    """The shared people, each with the best of the faces that the user may see, in two queries."""
    people = list(shared_people(user))
    best: dict[int, Face] = {}
    if people:
        faces = shared_faces(user).filter(person__in=[person.pk for person in people])
        for face in faces.order_by("quality").select_related("photo").defer("vector"):
            best[face.person_id or 0] = face
    return [(person, best[person.pk]) for person in people if person.pk in best]
