"""What must be true of every library, after any actions."""

from people.grouping.constraints import crowded, decided_people, rejected, unborn
from people.models import Face, Person


def violations(owner_id: int) -> dict[str, list[int]]:
    """Faces that violate a constraint, by constraint; empty in a sound library."""
    faces = Face.objects.filter(photo__owner_id=owner_id)
    unsure = faces.exclude(assignment=Face.Assignment.CONFIRMED)
    found = {
        "rejected": faces.filter(rejected()),
        "unborn": unsure.filter(unborn()),
        "not a face": faces.filter(not_a_face=True, person__isnull=False),
        "with somebody merged away": faces.filter(person__merged_into__isnull=False),
        "with another owner's person": faces.filter(person__isnull=False).exclude(person__owner_id=owner_id),
    }
    named = {name: sorted(rows.values_list("pk", flat=True)) for name, rows in found.items()}
    undecided = Person.objects.filter(owner_id=owner_id).exclude(decided_people())
    named["twice in one photo"] = crowded(faces.filter(person__in=undecided))
    return {name: ids for name, ids in named.items() if ids}
