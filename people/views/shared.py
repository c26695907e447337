"""The people of other users, in photos that are shared with this user: to look at, not to change."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest
from people.access import shared_faces, shared_people
from people.models import Face, Person
from people.timeline import shared_timeline
from photos.gallery.pages import page_context, render_list


@require_safe
def shared(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The shared photos of somebody; HTMX gets a single page of tiles."""
    context = page_context(request, shared_timeline(request.user, key))
    return render_list(request, "people/shared.html", "photos/gallery/_grid.html", context)


def shared_with_covers(user: User) -> list[tuple[Person, Face]]:
    """The shared people, each with the best face that the user may see, in two queries."""
    people = list(shared_people(user))
    best: dict[int, Face] = {}
    if people:
        faces = shared_faces(user).filter(person__in=[person.pk for person in people])
        for face in faces.order_by("quality").select_related("photo").defer("vector"):
            best[face.person_id or 0] = face
    return [(person, best[person.pk]) for person in people if person.pk in best]
