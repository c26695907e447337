"""Grouping of faces over arrays: no rows, no ids. The most similar pairs are joined first, if their means agree.

A group is compared by its mean vector, not by its nearest member, so that no single face can bridge two groups. The
threshold depends on how many groups are left: more people means more look-alikes. What cannot be decided is left open
and becomes a question.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from people.grouping import camps
from people.grouping.units import NO_DAY, Indices, Library, Units, Vectors
from vision.faces.calibration import Calibration

STALE = 0.01  # how far a pair's similarity may have dropped and still be joined without going back into the queue
BLOCK = 2048  # rows compared at once
CANDIDATES = 3  # people that a face is compared with until one is possible
PAIRS_OF_A_GROUP = 8  # pairs that are asked about, or tried again, at most


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of similar faces, with their cosines."""

    first: Indices
    second: Indices
    similarity: NDArray[np.float32]


@dataclass(slots=True)
class Grouping:
    """The person of each face (from len(decided) on a new one; -1 for nobody), and what should be asked."""

    person: Indices
    similarity: NDArray[np.float32]  # of each face to its group's mean
    faces: list[tuple[int, int, float]] = field(default_factory=list)  # is this face this person? With similarity
    people: list[tuple[int, int, float]] = field(default_factory=list)  # are these two one person? With similarity
    camps: list[tuple[int, Indices, float]] = field(default_factory=list)  # are these faces somebody else? Similarity
    compared: list[int] = field(default_factory=list)  # people whose faces were looked at for camps
    examined: Indices = field(default_factory=lambda: np.empty(0, np.int64))  # faces about which there may be questions


def group(library: Library, edges: Edges, calibration: Calibration, fresh: Indices | None = None) -> Grouping:
    """Join what belongs together. Faces that have a person keep it, though two people may be joined.

    `fresh` are the new faces, to which the edges lead; only what they touch is looked at. None: everything.
    """
    units = Units(library)
    join_pairs(units, edges, calibration)
    join_pairs(units, Groups(library, units, fresh).pairs(calibration), calibration)
    groups = Groups(library, units, fresh)
    groups.take_out_doubtful(calibration)
    alone = groups.alone(calibration)
    groups.attach(alone, calibration)
    if groups.part_camps(units, calibration):
        groups.attach(alone, calibration)
    return Grouping(
        person=groups.people(),
        similarity=groups.similarities(),
        faces=list(groups.questions(alone, calibration)),
        people=list(groups.doubles(units, calibration)),
        camps=list(groups.camps(calibration)),
        compared=groups.known_touched(),
        examined=alone,
    )


def join_pairs(units: Units, edges: Edges, calibration: Calibration) -> None:
    """Join units, the most similar first, while they are above the threshold for the number of units that are left."""
    sound = units.library.sound
    good = sound[edges.first] & sound[edges.second]
    heap = list(
        zip((-edges.similarity[good]).tolist(), edges.first[good].tolist(), edges.second[good].tolist(), strict=True)
    )
    heapq.heapify(heap)
    refused: set[tuple[int, int, int, int]] = set()
    while heap:
        key, first, second = heapq.heappop(heap)
        unit, other = units.of(first), units.of(second)
        if unit == other:
            continue
        sizes = len(units.faces(unit)), len(units.faces(other))
        attempt = (unit, other, *sizes)
        if attempt in refused:
            continue
        similarity = units.similarity(unit, other)
        if calibration.near <= similarity < -key - STALE:  # the mean has moved away: it waits for its turn
            heapq.heappush(heap, (-similarity, first, second))
        elif (
            similarity >= calibration.threshold_of_pair(units.count, *sizes)
            and units.may_join(unit, other)
            and (min(sizes) < camps.LEAST or not units_are_apart(units, unit, other, calibration))
        ):
            units.join(unit, other)
        else:
            refused.add(attempt)


def units_are_apart(units: Units, unit: int, other: int, calibration: Calibration) -> bool:
    """Whether two units are two camps. It copies their vectors, which small ones need not."""
    return camps.are_apart(units.sound_vectors(unit), units.sound_vectors(other), calibration)


class Groups:
    """The units that are people or groups by now, as arrays, and the faces without a group."""

    def __init__(self, library: Library, units: Units, fresh: Indices | None) -> None:
        self.library, self.count = library, units.count
        self.units = [unit for unit, faces in units.members.items() if len(faces) > 1 or unit < units.people]
        self.known = units.people
        self.label = np.full(len(library.person), -1, np.int64)
        for number, unit in enumerate(self.units):
            self.label[units.members[unit]] = number
        self.sums = units.sums[self.units].astype(np.float32)
        self.photos: dict[int, set[int]] = {}
        self.fresh = np.arange(len(library.person)) if fresh is None else fresh
        touched = self.label[self.fresh]
        self.touched = np.arange(len(self.units)) if fresh is None else np.unique(touched[touched >= 0])

    def means(self) -> Vectors:
        """Each group's mean vector, normalised; zero if the group has no vector."""
        return self.sums / np.maximum(np.linalg.norm(self.sums, axis=1, keepdims=True), 1e-9)

    def anchored_means(self) -> Vectors:
        """The same, but zero for groups of poor faces only: faces without detail are all similar to one another."""
        means = self.means()
        means[self._speakers() < 0] = 0
        return means

    def pairs(self, calibration: Calibration) -> Edges:
        """The most similar groups, each by one of its faces. Neighbours of faces are often all in their own group."""
        means, speakers = self.means(), self._speakers()
        few = min(PAIRS_OF_A_GROUP, len(means) - 1)
        found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))]
        for block in blocks(self.touched) if few > 0 else ():
            cosines = means[block] @ means.T
            cosines[np.arange(len(block)), block] = -1
            best = np.argpartition(-cosines, few - 1, axis=1)[:, :few]
            row, column = np.repeat(np.arange(len(block)), few), best.ravel()
            value = cosines[row, column]
            one, other = speakers[block[row]], speakers[column]
            near = (value >= calibration.ask) & (one >= 0) & (other >= 0)
            found.append((one[near], other[near], value[near]))
        return Edges(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _speakers(self) -> Indices:
        """One face of each group that is good enough, or -1."""
        speakers = np.full(len(self.units), -1, np.int64)
        placed = np.flatnonzero((self.label >= 0) & self.library.sound)
        speakers[self.label[placed]] = placed
        return speakers

    def take_out_doubtful(self, calibration: Calibration) -> None:
        """Newly placed faces leave their group if they are not clearly nearer to it than to another."""
        placed = np.flatnonzero((self.label >= 0) & (self.library.person < 0))
        means = self.anchored_means()
        weights = self.library.weights()
        leaving = []
        for block in blocks(placed):
            cosines = self.library.vectors[block] @ means.T
            rows, own = np.arange(len(block)), self.label[block]
            without = self.sums[own] - self.library.vectors[block] * weights[block, None]
            lengths = np.linalg.norm(without, axis=1)
            to_own = np.einsum("ij,ij->i", self.library.vectors[block], without) / np.maximum(lengths, 1e-9)
            cosines[rows, own] = -1
            to_other = cosines.max(axis=1, initial=-1.0)
            doubtful = (lengths > 1e-6) & (to_other > to_own - calibration.member_margin)
            leaving += block[doubtful].tolist()
        for face in leaving:
            self.sums[self.label[face]] -= self.library.vectors[face] * weights[face]
        self.label[leaving] = -1

    def alone(self, calibration: Calibration) -> Indices:
        """Faces without a group that are fresh, or similar to a group that has changed."""
        alone = np.flatnonzero(self.label < 0)
        if len(self.fresh) == len(self.label):
            return alone
        reached = np.isin(alone, self.fresh, assume_unique=True)
        if len(self.touched):
            changed = self.anchored_means()[self.touched].T
            for first, block in zip(range(0, len(alone), BLOCK), blocks(alone), strict=True):
                near = (self.library.vectors[block] @ changed).max(axis=1) >= calibration.ask
                reached[first : first + BLOCK] |= near
        return alone[reached]

    def attach(self, alone: Indices, calibration: Calibration) -> None:
        """Add these faces to the group they are similar to, if they are clearly less similar to all others.

        Repeated until none is added, because each one changes the mean of its group.
        """
        while self._attach_once(alone[self.label[alone] < 0], calibration):
            pass

    def _attach_once(self, alone: Indices, calibration: Calibration) -> bool:
        threshold = calibration.threshold(self.count) - calibration.join_less
        means = self.anchored_means()
        joining: list[tuple[float, int, int]] = []
        for block in blocks(alone) if len(means) else ():
            cosines = self.library.vectors[block] @ means.T
            best, rows = cosines.argmax(axis=1), np.arange(len(block))
            value = cosines[rows, best].copy()
            cosines[rows, best] = -1
            clear = value - cosines.max(axis=1, initial=-1.0) >= calibration.margin
            for row in np.flatnonzero(clear & (value >= threshold)):
                joining.append((float(value[row]), int(block[row]), int(best[row])))
        rivals = self._rivals(joining)
        weights = self.library.weights()
        joined = False
        for value, face, number in sorted(joining, reverse=True):
            if value - rivals[face] >= calibration.margin and self.suits(face, number):
                self.label[face] = number
                self.photos_of(number).add(int(self.library.photo[face]))
                self.sums[number] += self.library.vectors[face] * weights[face]
                joined = True
        return joined

    def _rivals(self, joining: list[tuple[float, int, int]]) -> dict[int, float]:
        """How similar each of these faces is to the nearest good face without a person that does not join its group."""
        goal = np.full(len(self.label), -1, np.int64)
        for _, face, number in joining:
            goal[face] = number
        others = np.flatnonzero((self.label < 0) & self.library.sound)
        nearest: dict[int, float] = {}
        for block in blocks(np.array([face for _, face, _ in joining], np.int64)):
            cosines = self.library.vectors[block] @ self.library.vectors[others].T
            cosines[goal[block][:, None] == goal[others]] = -1
            nearest.update(zip(block.tolist(), cosines.max(axis=1, initial=-1.0).tolist(), strict=True))
        return nearest

    def suits(self, face: int, number: int) -> bool:
        """Whether no constraint keeps the face from this group."""
        unit = self.units[number]
        if int(self.library.photo[face]) in self.photos_of(number):
            return False
        if unit >= self.known:
            return True
        born = int(self.library.born[unit])
        if born != NO_DAY and self.library.day[face] < born:
            return False
        return (face, unit) not in self.library.rejected

    def photos_of(self, number: int) -> set[int]:
        """The photos of a group's faces."""
        if number not in self.photos:
            self.photos[number] = set(self.library.photo[self.label == number].tolist())
        return self.photos[number]

    def people(self) -> Indices:
        """The person of each face; new people are numbered after the known ones. A group of one face is nobody."""
        sizes = np.bincount(self.label[self.label >= 0], minlength=len(self.units))
        number = np.full(len(self.units) + 1, -1, np.int64)
        fresh = self.known
        for index, unit in enumerate(self.units):
            if unit < self.known:
                number[index] = unit
            elif sizes[index] > 1:
                number[index] = fresh
                fresh += 1
        return number[self.label]

    def similarities(self) -> NDArray[np.float32]:
        """The similarity of each face to its group's mean; 0 for faces without a group."""
        means = np.vstack([self.means(), np.zeros((1, self.library.vectors.shape[1]), np.float32)])
        return np.einsum("ij,ij->i", self.library.vectors, means[self.label]).astype(np.float32)

    def questions(self, alone: Indices, calibration: Calibration) -> Iterator[tuple[int, int, float]]:
        """Those of these faces that have no group, with the person each of them may be."""
        numbers = self._numbers()
        means = self.anchored_means()
        for block in blocks(alone[self.label[alone] < 0]):
            if not len(means):
                return
            cosines = self.library.vectors[block] @ means.T
            for row, best in enumerate(cosines.argmax(axis=1).tolist()):
                face = int(block[row])
                for _ in range(CANDIDATES):
                    value = float(cosines[row, best])
                    if value < calibration.ask:
                        break
                    if numbers[best] >= 0 and self.suits(face, best):
                        yield face, int(numbers[best]), value
                        break
                    cosines[row, best] = -1
                    best = int(cosines[row].argmax())

    def doubles(self, units: Units, calibration: Calibration) -> Iterator[tuple[int, int, float]]:
        """Pairs of groups that may be one person."""
        numbers = self._numbers()
        edges = self.pairs(calibration)
        seen = set()
        for first, second, value in zip(edges.first, edges.second, edges.similarity, strict=True):
            a, b = int(self.label[first]), int(self.label[second])
            pair = (min(a, b), max(a, b))
            apart = self.units[b] in units.separations.get(self.units[a], ())
            if pair in seen or apart or min(numbers[a], numbers[b]) < 0:
                continue
            seen.add(pair)
            if units.may_be_one(self.units[a], self.units[b]):
                yield int(numbers[a]), int(numbers[b]), float(value)

    def part_camps(self, units: Units, calibration: Calibration) -> bool:
        """Part new groups that grew face by face and turn out to be two camps. Known people are only asked about."""
        weights, parted = self.library.weights(), False
        for number in self.touched.tolist():
            faces = self._camp(number, calibration) if self.units[number] >= self.known else None
            if faces is None:
                continue
            other = len(self.units)
            self.label[faces] = other
            self.touched = np.append(self.touched, other)
            stay = np.flatnonzero(self.label == number)
            self.units[number], unit = units.part(self.units[number], stay.tolist(), faces.tolist())
            self.units.append(unit)
            self.sums = np.vstack([self.sums, np.zeros_like(self.sums[:1])])
            for some, group in ((number, stay), (other, faces)):
                self.sums[some] = (self.library.vectors[group] * weights[group, None]).sum(axis=0)
                self.photos.pop(some, None)
            parted = True
        return parted

    def known_touched(self) -> list[int]:
        """The known people among the groups that changed."""
        return [self.units[number] for number in self.touched.tolist() if self.units[number] < self.known]

    def camps(self, calibration: Calibration) -> Iterator[tuple[int, Indices, float]]:
        """Known people who fall into two camps, with the faces of the smaller one."""
        for number in self.touched.tolist():
            faces = self._camp(number, calibration) if self.units[number] < self.known else None
            if faces is not None:
                stay = np.setdiff1d(np.flatnonzero(self.label == number), faces)
                yield self.units[number], faces, camps.likeness(self.library.vectors[faces], self.library.vectors[stay])

    def _camp(self, number: int, calibration: Calibration) -> Indices | None:
        """The faces of a group that are a camp of their own, if it falls into two."""
        faces = np.flatnonzero(self.label == number)
        camp = camps.divided(self.library.vectors[faces], self.library.sound[faces], calibration)
        return None if camp is None else faces[camp]

    def _numbers(self) -> list[int]:
        """The person of each group, numbered as in `people`."""
        person = self.people()
        numbers = [unit if unit < self.known else -1 for unit in self.units]
        for face in np.flatnonzero(self.label >= 0).tolist():
            numbers[self.label[face]] = int(person[face])
        return numbers


def blocks(rows: Indices) -> Iterable[Indices]:
    """The rows in blocks that can be compared with all groups at once."""
    return (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK))
