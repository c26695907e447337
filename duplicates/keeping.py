"""Which of several versions of a picture to keep, and why.

Rules in the order of their weight: the first one that tells two photos apart decides. Owners may order them otherwise.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from accounts.models import User
from duplicates.models import DuplicateRules
from media.mediatypes import RAW_MIMES
from photos.models import Photo, Stack


@dataclass(frozen=True)
class Rule:
    """A reason to prefer one photo: what is compared, more being better, and the reason in words."""

    name: str
    label: str
    value: Callable[[Photo], float]
    reason: str


def pixels(photo: Photo) -> float:
    return (photo.width or 0) * (photo.height or 0)


def originality(photo: Photo) -> float:
    """2 for a camera's raw file, 1 for what a camera describes, 0 for what lost its description."""
    return 2 if photo.media_type in RAW_MIMES else float(bool(photo.camera_model or photo.camera_make))


def curation(photo: Photo) -> float:
    """How much the owner has said of it."""
    said = (photo.favourite, bool(photo.rating), bool(photo.description), bool(photo.title), not photo.archived)
    return sum(said)


RULES = {
    rule.name: rule
    for rule in (
        Rule("pixels", "More pixels", pixels, "It has the most pixels"),
        Rule("original", "The camera's own file", originality, "It is as the camera made it"),
        Rule("place", "Knows where", lambda photo: float(photo.latitude is not None), "It knows where it was taken"),
        Rule("size", "Least compressed", lambda photo: float(photo.size), "It is the least compressed"),
        Rule("curated", "What you worked on", curation, "You have worked on it"),
        Rule("oldest", "Longest in the library", lambda photo: -photo.added_at.timestamp(), "You have had it longest"),
    )
}
ORDER = tuple(RULES)
PAIRS = (Stack.Kind.RAW, Stack.Kind.LIVE)


def is_paired(photo: Photo) -> bool:
    """Whether it is one half of a RAW with its JPEG or of a Live Photo: that is never suggested for removal."""
    return photo.stack is not None and photo.stack.kind in PAIRS


def order_of(owner: User) -> tuple[str, ...]:
    """The owner's order of the rules; rules they have not placed come last."""
    chosen = DuplicateRules.objects.filter(owner=owner).values_list("order", flat=True).first() or []
    known = dict.fromkeys(name for name in chosen if name in RULES)
    return (*known, *(name for name in ORDER if name not in known))


def move_rule(owner: User, name: str, steps: int) -> tuple[str, ...]:
    """Let a rule weigh more (negative steps) or less; the new order. Raises KeyError for no rule."""
    order = list(order_of(owner))
    place = order.index(RULES[name].name)
    order.insert(max(place + steps, 0), order.pop(place))
    DuplicateRules.objects.update_or_create(owner=owner, defaults={"order": order})
    return tuple(order)


@dataclass(frozen=True)
class Suggestion:
    """The photo to keep, and the rules that speak for it, the weightiest first."""

    photo: Photo
    reasons: tuple[str, ...]


def ranked(photos: Sequence[Photo], order: Sequence[str] = ORDER, framed: Container[int] = ()) -> list[Photo]:
    """The photos, the one to keep first. Of equals the one with the lower id.

    Those of the ids in `framed` come last whatever the rules: they show the picture on a screen or in a border.
    """

    def place(photo: Photo) -> tuple[float, ...]:
        return (photo.pk in framed, *(-RULES[name].value(photo) for name in order), photo.pk)

    return sorted(photos, key=place)


def suggest(photos: Sequence[Photo], order: Sequence[str] = ORDER, framed: Container[int] = ()) -> Suggestion:
    """Which one to keep, and why: the rules in which it is better than some other and worse than none."""
    best = ranked(photos, order, framed)[0]
    reasons = []
    if best.pk not in framed and any(photo.pk in framed for photo in photos):
        reasons.append("It is the picture without a frame or a screen around it")
    for name in order:
        values = {photo.pk: RULES[name].value(photo) for photo in photos}
        if values[best.pk] == max(values.values()) > min(values.values()):
            reasons.append(RULES[name].reason)
    return Suggestion(best, tuple(reasons))
