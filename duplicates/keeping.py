"""Which version of a picture to keep, and why.

Rules in order of weight: the first one that tells two photos apart decides. Owners can change the order.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy

from accounts.models import User
from duplicates.models import DuplicateRules
from media.mediatypes import RAW_MIMES
from mirage.wording import Words
from photos.models import Photo, Stack


@dataclass(frozen=True)
class Rule:
    """A reason to prefer one photo: what is compared (more is better), and the reason in words."""

    name: str
    label: Words
    within: Words  # the label inside a sentence
    value: Callable[[Photo], float]
    reason: Words


def pixels(photo: Photo) -> float:
    return (photo.width or 0) * (photo.height or 0)


def originality(photo: Photo) -> float:
    """2 for a camera's raw file, 1 for a file with the camera's metadata, 0 for one that has lost it."""
    return 2 if photo.media_type in RAW_MIMES else float(bool(photo.camera_model or photo.camera_make))


def curation(photo: Photo) -> float:
    """How much the owner has said about it."""
    said = (photo.favourite, bool(photo.rating), bool(photo.description), bool(photo.title), not photo.archived)
    return sum(said)


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "pixels",
            _lazy("More pixels"),
            pgettext_lazy("inside a sentence", "more pixels"),
            pixels,
            _lazy("It has the most pixels"),
        ),
        Rule(
            "original",
            _lazy("The camera's own file"),
            pgettext_lazy("inside a sentence", "the camera's own file"),
            originality,
            _lazy("It is as the camera made it"),
        ),
        Rule(
            "place",
            _lazy("Has a place"),
            pgettext_lazy("inside a sentence", "has a place"),
            lambda photo: float(photo.latitude is not None),
            _lazy("It has a place"),
        ),
        Rule(
            "size",
            _lazy("Least compressed"),
            pgettext_lazy("inside a sentence", "least compressed"),
            lambda photo: float(photo.size),
            _lazy("It is the least compressed"),
        ),
        Rule(
            "curated",
            _lazy("What you worked on"),
            pgettext_lazy("inside a sentence", "what you worked on"),
            curation,
            _lazy("You have worked on it"),
        ),
        Rule(
            "oldest",
            _lazy("Longest in the library"),
            pgettext_lazy("inside a sentence", "longest in the library"),
            lambda photo: -photo.added_at.timestamp(),
            _lazy("You have had it longest"),
        ),
    )
}
ORDER = tuple(RULES)
FRAMED_LESS = _lazy("It is the picture without a frame or a screen around it")
PAIRS = (Stack.Kind.RAW, Stack.Kind.LIVE)


def is_paired(photo: Photo) -> bool:
    """Whether it is one half of a RAW with its JPEG or of a Live Photo, which is never suggested for removal."""
    return photo.stack is not None and photo.stack.kind in PAIRS


def order_of(owner: User) -> tuple[str, ...]:
    """The owner's order of the rules, with rules that are not in it last."""
    chosen = DuplicateRules.objects.filter(owner=owner).values_list("order", flat=True).first() or []
    known = dict.fromkeys(name for name in chosen if name in RULES)
    return (*known, *(name for name in ORDER if name not in known))


def in_words(order: Sequence[str]) -> str:
    """The rules in this order, inside a sentence: more pixels, then has a place."""
    # Translators: stands between rules, the weightier one before it
    return pgettext("between rules", ", then ").join(str(RULES[name].within) for name in order)


def move_rule(owner: User, name: str, steps: int) -> tuple[str, ...]:
    """Give a rule more weight (negative steps) or less. Returns the new order. Raises KeyError for an unknown rule."""
    order = list(order_of(owner))
    place = order.index(RULES[name].name)
    order.insert(max(place + steps, 0), order.pop(place))
    DuplicateRules.objects.update_or_create(owner=owner, defaults={"order": order})
    return tuple(order)


@dataclass(frozen=True)
class Suggestion:
    """The photo to keep, and the rules in its favour, the weightiest first."""

    photo: Photo
    reasons: tuple[Words, ...]


def ranked(photos: Sequence[Photo], order: Sequence[str] = ORDER, framed: Container[int] = ()) -> list[Photo]:
    """The photos, the best first. Of equal photos the one with the lower id comes first.

    Photos with ids in `framed` come last whatever the rules: they show the picture on a screen or in a border.
    """

    def place(photo: Photo) -> tuple[float, ...]:
        return (photo.pk in framed, *(-RULES[name].value(photo) for name in order), photo.pk)

    return sorted(photos, key=place)


def suggest(photos: Sequence[Photo], order: Sequence[str] = ORDER, framed: Container[int] = ()) -> Suggestion:
    """Which photo to keep, and why: the rules in which it is better than some other photo and worse than none."""
    best = ranked(photos, order, framed)[0]
    reasons: list[Words] = []
    if best.pk not in framed and any(photo.pk in framed for photo in photos):
        reasons.append(FRAMED_LESS)
    for name in order:
        values = {photo.pk: RULES[name].value(photo) for photo in photos}
        if values[best.pk] == max(values.values()) > min(values.values()):
            reasons.append(RULES[name].reason)
    return Suggestion(best, tuple(reasons))
