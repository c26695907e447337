"""Which version of a picture to keep, and why.

Rules in order of weight: the first one that tells two photos apart decides. Owners can change the order.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from accounts.models import User
from duplicates.models import DuplicateRules
from media.mediatypes import RAW_MIMES
from photos.models import Photo, Stack


@dataclass(frozen=True)
class Rule:
    """A reason to prefer one photo: what is compared (more is better), and the reason in words."""

    name: str
    label: str
    value: Callable[[Photo], float]
    reason: str


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
        Rule("pixels", "More pixels", pixels, "It has the most pixels"),
        Rule("original", "The camera's own file", originality, "It is as the camera made it"),
        Rule("place", "Has a place", lambda photo: float(photo.latitude is not None), "It has a place"),
        Rule("size", "Least compressed", lambda photo: float(photo.size), "It is the least compressed"),
        Rule("curated", "What you worked on", curation, "You have worked on it"),
        Rule("oldest", "Longest in the library", lambda photo: -photo.added_at.timestamp(), "You have had it longest"),
    )
}
ORDER = tuple(RULES)
PAIRS = (Stack.Kind.RAW, Stack.Kind.LIVE)


def is_paired(photo: Photo) -> bool:
    """Whether it is one half of a RAW with its JPEG or of a Live Photo, which is never suggested for removal."""
    return photo.stack is not None and photo.stack.kind in PAIRS


def order_of(owner: User) -> tuple[str, ...]:
    """The owner's order of the rules, with rules that are not in it last."""
    chosen = DuplicateRules.objects.filter(owner=owner).values_list("order", flat=True).first() or []
    known = dict.fromkeys(name for name in chosen if name in RULES)
    return (*known, *(name for name in ORDER if name not in known))


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
    reasons: tuple[str, ...]


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
    reasons = []
    if best.pk not in framed and any(photo.pk in framed for photo in photos):
        reasons.append("It is the picture without a frame or a screen around it")
    for name in order:
        values = {photo.pk: RULES[name].value(photo) for photo in photos}
        if values[best.pk] == max(values.values()) > min(values.values()):
            reasons.append(RULES[name].reason)
    return Suggestion(best, tuple(reasons))
