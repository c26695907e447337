"""Learned tags: from the photos that have a tag, Mirage learns which other photos may have it, and asks about them.

The answer yes is a PhotoTag of source `owner`, no is a rejected one of source `learnt`, which is not proposed again.
After every answer the probe (tags/probe.py) learns again from the photos' embeddings. A tag may apply itself at a
certain probability. It then adds PhotoTags of source `learnt` with their confidence, and removes them when the
probability falls.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import ngettext
from numpy.typing import NDArray

from accounts import undoing
from accounts.models import User
from mirage.wording import number_in_words
from photos import vectors
from photos.editing import bulk
from photos.gallery import looks
from photos.models import Embedding, Photo
from photos.pipeline import jobs
from tags.keywords import GIVEN, LEARNT, ChangeKeywords, States, TagsChange, known_tags
from tags.models import PhotoTag, Tag, TagAnswer, TaughtTag
from tags.probe import Probe, fit_with_background
from vision import embeddings

LEAST_EXAMPLES = 5
MOST_EXAMPLES = 300  # of yes and of no each, the newest
BACKGROUND = 400  # photos without an answer
LOOKED_AT = 400  # likeliest photos from which the next question is chosen
WORTH_ASKING = 0.1  # probability
STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # the thresholds to choose from

Said = TagAnswer.Said
Vectors = NDArray[np.float32]


class TooFew(Exception):
    """There are too few examples to learn from; `missing` more are needed."""

    def __init__(self, missing: int) -> None:
        sentence = ngettext(
            "Give the tag to %(number)s more photo.", "Give the tag to %(number)s more photos.", missing
        )
        super().__init__(sentence % {"number": missing})
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that may have the tag."""

    photo_id: int
    probability: float


@dataclass(frozen=True, slots=True)
class Step:
    """The effect of a threshold: `right` of `asked` answers above it were yes, and `more` photos would get the tag."""

    above: float
    asked: int
    right: int
    more: int
    capped: bool

    @property
    def percent(self) -> int:
        return round(100 * self.above)

    @property
    def precision(self) -> int | None:
        """The share of yes among the answers, in percent."""
        return round(100 * self.right / self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class TagToTeach:
    """A tag that photos have, what was learned about it, and how many photos it still needs before it can be taught."""

    tag: Any  # a Tag with `given`, the number of its photos
    taught: TaughtTag | None
    missing: int


def given_tags(user: User) -> QuerySet[Any]:
    """The user's tags with `given`, the number of photos that have the tag from the user or their file.

    Tags on no photo are among them if pictures can be found by name.
    """
    given = Count("photo_tags", filter=Q(photo_tags__rejected=False, photo_tags__source__in=GIVEN))
    least = 0 if looks.can_find(user) else 1
    return Tag.objects.filter(owner=user).annotate(given=given).filter(given__gte=least)


def overview(user: User, limit: int) -> list[TagToTeach]:
    """The user's tags, those on most photos first."""
    return [
        TagToTeach(tag, getattr(tag, "taught", None), max(LEAST_EXAMPLES - tag.given, 0))
        for tag in given_tags(user).select_related("taught").order_by("-given", "path")[:limit]
    ]


# --- learning ---------------------------------------------------------------------------------------------------------


def branch(tag: Tag) -> QuerySet[Tag]:
    """The tag and all tags below it: a photo tagged travel/japan counts as travel."""
    return Tag.objects.filter(Q(pk=tag.pk) | Q(owner=tag.owner_id, path__startswith=f"{tag.path}/"))


def vectors_of_owner(owner_id: int) -> QuerySet[Embedding]:
    """The embeddings of the owner's photos, one for each photo or video."""
    rows = Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL, photo__owner=owner_id)
    return rows.filter(photo__trashed_at=None)


def examples_of(tag: Tag) -> tuple[QuerySet[Embedding], QuerySet[Embedding]]:
    """The embeddings of photos that have the tag from the owner or their file, and of those it was rejected for."""
    rows = PhotoTag.objects.filter(photo=OuterRef("photo"))
    has = rows.filter(tag__in=branch(tag), rejected=False, source__in=GIVEN)
    owned = vectors_of_owner(tag.owner_id)
    return owned.filter(Exists(has)), owned.filter(Exists(rows.filter(tag=tag, rejected=True)), ~Exists(has))


def teachable(user: User) -> QuerySet[Tag]:
    """The user's tags that have enough photos to learn from, and were not taught yet."""
    given = PhotoTag.objects.filter(tag=OuterRef("pk"), rejected=False, source__in=GIVEN).order_by()
    last_needed = given.values("pk")[LEAST_EXAMPLES - 1 : LEAST_EXAMPLES]  # so that no more than these are read
    return Tag.objects.filter(Exists(last_needed), owner=user, taught=None)


def learn(tag: Tag) -> TaughtTag:
    """Learn the tag from the current examples. Raises TooFew."""
    yes, no = ([*rows.order_by("-pk").values_list("pk", "photo_id")[:MOST_EXAMPLES]] for rows in examples_of(tag))
    if len(yes) < LEAST_EXAMPLES:
        raise TooFew(LEAST_EXAMPLES - len(yes))
    background = sample(tag, {row_id for row_id, _ in (*yes, *no)})
    held = vectors.vectors_of(embeddings.KIND, [*(row for row, _ in (*yes, *no)), *background])
    examples = [(row, photo, said) for rows, said in ((yes, True), (no, False)) for row, photo in rows if row in held]
    others = [held[row] for row in background if row in held]
    target = np.array([said for _, _, said in examples])
    known = np.stack([held[row] for row, _, _ in examples])
    fitted = fit_with_background(known, target, np.array(others, np.float32).reshape(-1, embeddings.DIMENSION))
    answered = set(tag.answers.exclude(said=Said.SKIP).values_list("photo_id", flat=True))
    judged = zip(examples, fitted.unseen.tolist(), strict=True)
    values = {
        "model": embeddings.MODEL,
        "weights": fitted.probe.weights.astype("<f4").tobytes(),
        "bias": fitted.probe.bias,
        "yes": int(target.sum()),
        "no": len(examples) - int(target.sum()),
        "judged": [[round(chance, 4), said] for (_, photo, said), chance in judged if photo in answered],
    }
    taught, _ = TaughtTag.objects.update_or_create(tag=tag, defaults=values)
    return taught


def up_to_date(tag: Tag) -> TaughtTag:
    """What was learned about the tag. Learns again if the examples have changed. Raises TooFew."""
    taught = TaughtTag.objects.filter(tag=tag, model=embeddings.MODEL).select_related("tag").first()
    yes, no = (min(rows.count(), MOST_EXAMPLES) for rows in examples_of(tag))
    return taught if taught is not None and (taught.yes, taught.no) == (yes, no) else learn(tag)


def sample(tag: Tag, without: set[int]) -> list[int]:
    """A random sample of the owner's rows, the same for a tag as long as the library does not change."""
    rows = vectors_of_owner(tag.owner_id)
    first, last = (rows.order_by(order).values_list("pk", flat=True).first() or 0 for order in ("pk", "-pk"))
    if last - first < 8 * BACKGROUND:
        ids = [row for row in rows.order_by("pk").values_list("pk", flat=True) if row not in without]
        return sorted(ids, key=lambda row: zlib.crc32(b"%d %d" % (tag.pk, row)))[:BACKGROUND]
    chance = np.random.default_rng(tag.pk)
    found: set[int] = set()
    for _ in range(8):  # most rows may belong to other owners
        drawn = chance.integers(first, last + 1, 8 * BACKGROUND).tolist()
        found.update(rows.filter(pk__in=drawn).exclude(pk__in=without).values_list("pk", flat=True))
        if len(found) >= BACKGROUND:
            break
    return sorted(found)[:: max(len(found) // BACKGROUND, 1)][:BACKGROUND]


def probe_of(taught: TaughtTag) -> Probe:
    """The probe stored in the row."""
    return Probe(np.frombuffer(bytes(taught.weights), "<f4"), taught.bias)


# --- asking -----------------------------------------------------------------------------------------------------------


def candidates(taught: TaughtTag) -> list[Candidate]:
    """The photos that may have the tag and have no answer yet, the likeliest first.

    The probe's weights are a vector to search with: the nearest photos are the likeliest.
    """
    probe = probe_of(taught)
    if not np.any(probe.weights):
        return []
    rows = unanswered(taught.tag)
    hits = vectors.search(embeddings.KIND, probe.weights, LOOKED_AT, within=rows)[0]
    photos = dict(Embedding.objects.filter(pk__in=[hit.id for hit in hits]).values_list("pk", "photo_id"))
    return [Candidate(photos[hit.id], probe.of_cosine(hit.similarity)) for hit in hits if hit.id in photos]


def unanswered(tag: Tag) -> QuerySet[Embedding]:
    """The vectors of photos of which nobody said whether they have the tag."""
    said = PhotoTag.objects.filter(photo=OuterRef("photo")).filter(
        Q(tag__in=branch(tag), rejected=False, source__in=GIVEN) | Q(tag=tag, rejected=True)
    )
    skipped = TagAnswer.objects.filter(photo=OuterRef("photo"), tag=tag, said=Said.SKIP)
    rows = vectors_of_owner(tag.owner_id).filter(photo__displayable=True)
    return rows.exclude(Exists(said)).exclude(Exists(skipped))


def likely_by_name(tag: Tag) -> list[int]:
    """Unanswered photos that look like what the tag is called, the likeliest first: what can be asked about before
    there are enough examples to learn from."""
    alike = looks.find(tag.owner, tag.name.split())[:LOOKED_AT]
    left = set(unanswered(tag).filter(photo__in=alike).values_list("photo_id", flat=True))
    return [photo for photo in alike if photo in left]


def most_useful(found: Sequence[Candidate], answered: int) -> Candidate | None:
    """In turn the likeliest candidate and the least certain one; None if none is likely enough.

    Answers to uncertain questions teach most. Answers to likely ones measure how well the tag can apply itself.
    """
    worth = [each for each in found if each.probability >= WORTH_ASKING]
    if answered % 2 == 0:
        return max(worth, key=lambda each: each.probability, default=None)
    return min(worth, key=lambda each: (each.probability < 0.5, abs(each.probability - 0.5)), default=None)


def steps(taught: TaughtTag, found: Sequence[Candidate]) -> list[Step]:
    """The effect of each threshold that can be chosen."""
    effects = []
    for above in STEPS:
        answers = [said for chance, said in taught.judged if chance >= above]
        more = sum(each.probability >= above for each in found)
        effects.append(Step(above, len(answers), sum(answers), more, capped=more == LOOKED_AT))
    return effects


# --- answering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RefuseTag(TagsChange):
    """Rejects a tag for photos permanently. `probability` is the one at the time of the question."""

    path: str
    probability: float
    verb: ClassVar[str] = "refused a tag"

    def sentence(self, number: int) -> str:
        words = ngettext("Photo is not %(tag)s", "%(number)s photos are not %(tag)s", number)
        return words % {"number": number_in_words(number), "tag": self.path}

    def targets(self, owner_id: int, states: States) -> States:
        tag = known_tags(owner_id).get(self.path.casefold())
        return {photo: {tag.pk: [LEARNT, True, self.probability]} if tag else {} for photo in states}


def answer(tag: Tag, photo: Photo, said: str, by: User, probability: float) -> None:
    """Record an answer and learn from it. A repeated answer changes nothing."""
    with transaction.atomic():
        held, new = TagAnswer.objects.get_or_create(
            tag=tag, photo=photo, defaults={"said": said, "probability": probability}
        )
        if not new:
            return
        if said != Said.SKIP:
            yes = ChangeKeywords(add=[tag.path], remove=[])
            change = yes if said == Said.YES else RefuseTag(tag.path, round(probability, 4))
            held.activity = bulk.make(tag.owner, Photo.objects.filter(pk=photo.pk), change, by)
            held.save(update_fields=["activity"])
    if said != Said.SKIP:
        learn_again(tag)


def undo_answer(tag: Tag) -> Photo | None:
    """Undo the last answer. Returns its photo, or None if there is no answer."""
    with transaction.atomic():
        last = tag.answers.select_for_update(of=("self",)).select_related("photo").order_by("-at", "-pk").first()
        if last is None:
            return None
        if last.activity is not None and undoing.can_undo(last.activity):
            undoing.undo(last.activity, tag.owner)
        last.delete()
    learn_again(tag)
    return last.photo


def learn_again(tag: Tag) -> None:
    """Learn from the changed examples, and apply the tag again if it applies itself."""
    try:
        taught = learn(tag)
    except TooFew:
        TaughtTag.objects.filter(tag=tag).delete()
        return
    if taught.apply_above is not None:
        ask_to_apply(taught)


# --- applying ---------------------------------------------------------------------------------------------------------


def set_threshold(taught: TaughtTag, above: float | None) -> None:
    """Let the tag apply itself at this probability or more; with None, not at all."""
    TaughtTag.objects.filter(pk=taught.pk).update(apply_above=above)
    taught.apply_above = above
    ask_to_apply(taught)


def ask_to_apply(taught: TaughtTag) -> None:
    """Let a worker apply the tag to the library, once for several requests. Applies it here if there is no worker."""
    newly = TaughtTag.objects.filter(pk=taught.pk, stale=False).update(stale=True)
    if newly and not jobs.enqueue("apply_tag", taught.pk):
        apply_to_library(taught.pk)


def apply_to_library(tag_id: int) -> None:
    """Add the tag to all photos at or above its threshold, and remove it from those that have fallen below."""
    TaughtTag.objects.filter(pk=tag_id).update(stale=False)
    taught = TaughtTag.objects.filter(pk=tag_id).select_related("tag").first()
    if taught is None:
        return
    if taught.apply_above is None:
        PhotoTag.objects.filter(tag=tag_id, source=LEARNT, rejected=False).delete()
        return
    for photo_ids, found in pages(vectors_of_owner(taught.tag.owner_id)):
        apply(taught, photo_ids, found)


def apply_to_photos(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `learnt`: applies learned tags to new photos."""
    rows = Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL, photo__in=photo_ids)
    owners = set(Photo.objects.filter(pk__in=photo_ids).values_list("owner_id", flat=True))
    applying = TaughtTag.objects.filter(tag__owner__in=owners, apply_above__isnull=False, model=embeddings.MODEL)
    for taught in applying.select_related("tag"):
        for ids, found in pages(rows.filter(photo__owner=taught.tag.owner_id)):
            apply(taught, ids, found)
    return {}


def pages(rows: QuerySet[Embedding]) -> Iterator[tuple[list[int], Vectors]]:
    """Photo ids and vectors of these rows, in batches."""
    for row_ids, found in vectors.KINDS[embeddings.KIND].pages(rows):
        photos: dict[int, int] = {}
        for first in range(0, len(row_ids), 5_000):
            some = row_ids[first : first + 5_000].tolist()
            photos.update(Embedding.objects.filter(pk__in=some).values_list("pk", "photo_id"))
        there = [place for place, row in enumerate(row_ids.tolist()) if row in photos]
        yield [photos[int(row_ids[place])] for place in there], found[there]


def apply(taught: TaughtTag, photo_ids: Sequence[int], found: Vectors) -> None:
    """Update the `learnt` rows of these photos. Rows from the owner or a file stay."""
    chances = probe_of(taught).probabilities(found)
    wanted = {photo: float(chance) for photo, chance in zip(photo_ids, chances, strict=True)}
    sure = {photo: chance for photo, chance in wanted.items() if chance >= (taught.apply_above or 0)}
    held = PhotoTag.objects.filter(tag=taught.tag_id, photo__in=photo_ids)
    learnt = held.filter(source=LEARNT, rejected=False)
    with transaction.atomic():
        learnt.exclude(photo__in=sure).delete()
        said = set(held.exclude(source=LEARNT, rejected=False).values_list("photo_id", flat=True))
        rows = [
            PhotoTag(photo_id=photo, tag_id=taught.tag_id, source=LEARNT, confidence=round(chance, 4))
            for photo, chance in sure.items()
            if photo not in said
        ]
        PhotoTag.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["photo", "tag"], update_fields=["confidence"], batch_size=1000
        )
