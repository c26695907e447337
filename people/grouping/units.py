"""People and single faces while they are being joined, over arrays: which are one by now, and what forbids joining."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Indices = NDArray[np.int64]
FOUNDING_QUALITY = 0.25  # a face of lower quality never founds a group nor joins two: docs/measured/people.md
NO_DAY = -(10**6)
POOR_WEIGHT = 0.02  # weight of a poor face in the mean of its group, so that it hardly moves it


@dataclass(frozen=True, slots=True)
class Library:
    """One owner's faces and people. `person` is -1 for a face without one; faces that have a person keep it.

    Two `decided` people are never joined: only their owner may do that.
    """

    vectors: Vectors  # n × d, centred, normalised
    sound: NDArray[np.bool_]  # good enough to found a group or to join two
    photo: Indices
    day: Indices  # of the photo
    person: Indices
    decided: NDArray[np.bool_]  # by person
    born: Indices  # day, by person; NO_DAY
    rejected: frozenset[tuple[int, int]] = frozenset()  # face, person
    separated: frozenset[tuple[int, int]] = frozenset()  # person, person, lower first

    def weights(self) -> NDArray[np.float32]:
        """The weight of each face in the mean of its group."""
        return np.where(self.sound, 1.0, POOR_WEIGHT).astype(np.float32)


class Units:
    """Units below len(decided) are people, others single faces: len(decided) + face. Joined units share one number."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.people = len(library.decided)
        faces, dimension = library.vectors.shape
        assigned, alone = np.flatnonzero(library.person >= 0), np.flatnonzero(library.person < 0)
        weighted = library.vectors * library.weights()[:, None]
        self.sums = np.zeros((self.people + faces, dimension), np.float32)
        np.add.at(self.sums, library.person[assigned], weighted[assigned])
        self.sums[self.people + alone] = weighted[alone]
        self.head = np.arange(self.people + faces)
        self.head[self.people + assigned] = library.person[assigned]
        self.members: dict[int, list[int]] = {}
        for face, person in zip(assigned.tolist(), library.person[assigned].tolist(), strict=True):
            self.members.setdefault(person, []).append(face)
        self.separations: dict[int, set[int]] = {}
        for first, second in library.separated:
            self.separations.setdefault(first, set()).add(second)
            self.separations.setdefault(second, set()).add(first)
        self.rejections: dict[int, set[int]] = {}
        for face, person in library.rejected:
            self.rejections.setdefault(face, set()).add(person)
        # How many different people there may be: the known ones, and everybody who is not joined to anybody yet.
        self.count = len(self.members) + int(library.sound[alone].sum())

    def find(self, unit: int) -> int:
        """The number that a unit has now."""
        head = self.head
        while head[unit] != unit:
            head[unit] = head[head[unit]]
            unit = int(head[unit])
        return unit

    def of(self, face: int) -> int:
        """The unit of a face."""
        return self.find(self.people + face)

    def faces(self, unit: int) -> list[int]:
        """The faces of a unit."""
        return self.members.get(unit) or ([unit - self.people] if unit >= self.people else [])

    def similarity(self, unit: int, other: int) -> float:
        """The cosine of two units' means; -1 for a person without vectors."""
        a, b = self.sums[unit], self.sums[other]
        lengths = float(a @ a) * float(b @ b)
        return float(a @ b) / lengths**0.5 if lengths > 0 else -1.0

    def sound_vectors(self, unit: int) -> Vectors:
        """The vectors of those faces of a unit that are good enough to join or to part."""
        faces = np.array(self.faces(unit), np.int64)
        return self.library.vectors[faces[self.library.sound[faces]]]

    def is_decided(self, unit: int) -> bool:
        """Whether the owner decided something about this person."""
        return unit < self.people and bool(self.library.decided[unit])

    def may_join(self, unit: int, other: int) -> bool:
        """Whether no constraint forbids joining the two."""
        if self.is_decided(unit) and self.is_decided(other):
            return False
        return other not in self.separations.get(unit, ()) and self.may_be_one(unit, other)

    def may_be_one(self, unit: int, other: int) -> bool:
        """Whether photos, birthdays and rejections would allow the owner to join the two."""
        return self._suits(unit, other) and self._suits(other, unit) and not self._share_a_photo(unit, other)

    def _suits(self, unit: int, person: int) -> bool:
        """Whether no face of the unit was rejected as this person or is from before their birth."""
        if person >= self.people:
            return True
        faces, born = self.faces(unit), int(self.library.born[person])
        if born != NO_DAY and any(self.library.day[face] < born for face in faces):
            return False
        return not self.rejections or not any(person in self.rejections.get(face, ()) for face in faces)

    def _share_a_photo(self, unit: int, other: int) -> bool:
        photo = self.library.photo
        few, many = sorted((self.faces(unit), self.faces(other)), key=len)
        photos = {int(photo[face]) for face in few}
        return any(int(photo[face]) in photos for face in many)

    def join(self, unit: int, other: int) -> None:
        """Join two units. A decided person keeps its number before another, a person before faces, then the larger."""
        keep, gone = sorted(
            (unit, other), key=lambda each: (not self.is_decided(each), each >= self.people, -len(self.faces(each)))
        )
        self.members[keep] = self.faces(keep) + self.faces(gone)
        self.members.pop(gone, None)
        self.sums[keep] += self.sums[gone]
        self.head[gone] = keep
        if gone in self.separations:  # who is separated from one of the two is separated from both
            self.separations.setdefault(keep, set()).update(self.separations.pop(gone))
            for stranger in self.separations[keep]:
                self.separations.setdefault(stranger, set()).add(keep)
        self.count -= 1

    def part(self, unit: int, stay: list[int], gone: list[int]) -> tuple[int, int]:
        """Make two units of a group that is no person yet; returns their numbers."""
        weights = self.library.weights()
        del self.members[unit]
        heads = self.people + stay[0], self.people + gone[0]
        for head, faces in zip(heads, (stay, gone), strict=True):
            self.head[self.people + np.array(faces)] = head
            self.members[head] = list(faces)
            self.sums[head] = (self.library.vectors[faces] * weights[faces, None]).sum(axis=0)
        self.count += 1
        return heads
