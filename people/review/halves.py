"""One person or two? The two camps of a group that grew, as they are shown and answered."""

from accounts.models import Activity, User
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
    """The faces that stay with the person and those that may be somebody else, the best first."""
    camp = set(question.camp)
    faces = list(shown_faces(person=question.person_id))
    return [face for face in faces if face.pk not in camp], [face for face in faces if face.pk in camp]


def is_settled(question: Question) -> bool:
    """Whether a camp is gone since, or somebody confirmed that it is the person: then nothing is asked."""
    stay, camp = halves(question)
    return not stay or not camp or any(face.assignment == Face.Assignment.CONFIRMED for face in camp)


def keep_together(question: Question, by: User) -> Activity:
    """One person: what was shown is confirmed, so that neither camp is asked about again."""
    stay, camp = halves(question)
    return actions.confirm([*stay[:SEEN], *camp[:SEEN]], question.person, by)


def part(question: Question, by: User) -> Activity:
    """Two people: the camp becomes somebody new. What was not shown goes with it without being confirmed."""
    _, camp = halves(question)
    seen = [face.pk for face in camp[:SEEN]]
    rest = [face for some in batches(set(question.camp) - set(seen)) for face in Face.objects.filter(pk__in=some)]
    return actions.split(question.person, camp[:SEEN], by, rest=rest)
