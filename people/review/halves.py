"""One person or two? The two camps of a group that grew, as they are shown and answered."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import Activity, User
from mirage.refusals import NotPossible
from people import actions
from people.covers import shown_faces
from people.grouping.constraints import batches
from people.models import Face, Question

SHOWN = 7  # faces of each camp, at most
SEEN = 5  # as many as a phone shows of these: an answer confirms them, and no others


def is_of_halves(question: Question) -> bool:
    """Whether the question is about one person, who may be two."""
    return question.other_id == question.person_id


def halves(question: Question) -> tuple[list[Face], list[Face]]:
    """Those shown of the faces that stay and of those that may be somebody else, the best first."""
    camp = set(question.camp)
    ids = list(shown_faces(person=question.person_id).values_list("pk", flat=True))
    stay, gone = [pk for pk in ids if pk not in camp][:SHOWN], [pk for pk in ids if pk in camp][:SHOWN]
    rows = Face.objects.select_related("photo").in_bulk([*stay, *gone])
    return [rows[pk] for pk in stay], [rows[pk] for pk in gone]


def seen(stay: Sequence[Face], camp: Sequence[Face]) -> list[Face]:
    """Of the faces of both sides, those that everybody sees, on a phone too: an answer confirms them."""
    return [*stay[:SEEN], *camp[:SEEN]]


def sides(question: Question) -> tuple[set[int], set[int]]:
    """The ids of all faces of the two sides now; empty if a camp is gone since, or somebody confirmed that it is the
    person: then nothing is asked.
    """
    confirmed = Face.Assignment.CONFIRMED
    theirs = dict(shown_faces(person=question.person_id).values_list("pk", "assignment"))
    camp = theirs.keys() & set(question.camp)
    stay = theirs.keys() - camp
    if not stay or not camp or any(theirs[pk] == confirmed for pk in camp):
        return set(), set()
    return stay, camp


def is_settled(question: Question) -> bool:
    """Whether nothing is left to ask."""
    return not any(sides(question))


def answer(question: Question, faces: Sequence[Face], by: User, *, one: bool) -> Activity:
    """One person, or two. Confirmed are those of the `faces`, which somebody saw, that are still on their side.

    Raises NotPossible if the sides have changed since.
    """
    stay, camp = sides(question)
    kept = [face for face in faces if face.pk in stay]
    gone = [face for face in faces if face.pk in camp]
    if not kept or not gone:
        raise NotPossible(_("These faces have changed since. Nothing was done."))
    return actions.confirm([*kept, *gone], question.person, by) if one else part(question, gone, by)


def part(question: Question, gone: Sequence[Face], by: User) -> Activity:
    """Two people: the camp becomes somebody new. What was not shown goes with it without being confirmed."""
    unseen = set(question.camp) - {face.pk for face in gone}
    rest = [face for some in batches(sorted(unseen)) for face in Face.objects.filter(pk__in=some)]
    return actions.split(question.person, gone, by, rest=rest)
