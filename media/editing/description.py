"""What was done to a picture, as a list of operations in JSON that is kept for ever.

    {"version": 1, "operations": [{"op": "straighten", "degrees": 2.5}, {"op": "exposure", "amount": 0.3}]}

Places are fractions of the upright picture, as decoders give it. Operations are applied in the order of ORDER, each at
most once except regions. A number keeps its meaning for ever: another meaning needs another version.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from media.editing.presets import PRESETS
from media.sentences import english

VERSION = 1
MOST_REGIONS = 60
DIGITS = 5  # of a fraction: a fifth of a pixel in a picture 20,000 pixels wide

MOST_SECONDS, LEAST_SECONDS = 604_800, 0.1  # of a video

Operation = dict[str, Any]


class Refused(ValueError):
    """An edit that does not fit. The message says why, in words for the user."""


@dataclass(frozen=True)
class Number:
    """A number of an operation, and the least and the most that it may be."""

    name: str
    least: float
    most: float
    usual: float | None = None  # None: it must be given

    def of(self, given: Mapping[str, Any], what: str) -> float:
        value = given.get(self.name, self.usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refused(english("%(what)s needs a number for %(name)s.", what=what, name=self.name))
        if not self.least <= value <= self.most:
            raise Refused(
                english(
                    "%(what)s: %(name)s must be between %(least)s and %(most)s.",
                    what=what,
                    name=self.name,
                    least=f"{self.least:g}",
                    most=f"{self.most:g}",
                )
            )
        return round(float(value), DIGITS) + 0.0


AMOUNTS = {
    "exposure": english("Exposure"),
    "contrast": english("Contrast"),
    "highlights": english("Highlights"),
    "shadows": english("Shadows"),
    "warmth": english("Warmth"),
    "tint": english("Tint"),
    "saturation": english("Saturation"),
    "vibrance": english("Vibrance"),
}
PARTS = {"sharpness": english("Sharpness"), "black_and_white": english("Black and white")}
REGIONS = {"red_eye": english("Red eye"), "blur": english("Blur"), "cover": english("Cover up")}
GEOMETRY = ("perspective", "straighten", "crop", "turn")
VIDEO = {"trim": english("Trim"), "mute": english("Mute"), "poster": english("Poster")}  # of videos only
ORDER = (*VIDEO, *REGIONS, *GEOMETRY, "levels", "preset", *AMOUNTS, *PARTS)

FRACTION = Number("amount", -1, 1)
_BOX = (Number("x", 0, 1), Number("y", 0, 1), Number("width", 0.001, 1), Number("height", 0.001, 1))


@dataclass(frozen=True)
class Edit:
    """A checked edit. Without operations the picture is the original."""

    operations: tuple[Operation, ...] = ()

    def find(self, name: str) -> Operation | None:
        """The operation of that name."""
        return next((one for one in self.operations if one["op"] == name), None)

    def all(self, *names: str) -> list[Operation]:
        """The operations of these names."""
        return [one for one in self.operations if one["op"] in names]

    def amount(self, name: str) -> float:
        """The amount of an operation, 0 without one."""
        found = self.find(name)
        return found["amount"] if found else 0.0

    def without(self, *names: str) -> "Edit":
        """The edit without these operations."""
        return Edit(tuple(one for one in self.operations if one["op"] not in names))

    def turned(self, turn: int) -> "Edit":
        """The edit with this turn, one of EXIF's orientations, in place of its own."""
        added = () if turn == 1 else ({"op": "turn", "by": turn},)
        return Edit(tuple(in_order([*self.without("turn").operations, *added])))

    @property
    def turn(self) -> int:
        """How the picture is turned last: one of EXIF's orientations."""
        found = self.find("turn")
        return found["by"] if found else 1

    @property
    def makes_video(self) -> bool:
        """Whether a video is made of a video, and not only another poster."""
        return bool(self.without("poster").operations)

    def as_json(self) -> dict[str, Any] | None:
        """The edit as it is stored. None for the original."""
        return {"version": VERSION, "operations": list(self.operations)} if self.operations else None

    @property
    def key(self) -> str:
        """Twelve characters that are the same for the same edit. Empty for the original."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12] if self.operations else ""


ORIGINAL = Edit()


def read(given: Any) -> Edit:
    """The edit from its JSON. Raises Refused with the reason."""
    if given is None:
        return ORIGINAL
    if not isinstance(given, Mapping) or not isinstance(given.get("operations"), list):
        raise Refused(english("An edit is a version and a list of operations."))
    version = given.get("version")
    if isinstance(version, int) and version > VERSION:
        raise Refused(
            english(
                "This edit was made by a newer Mirage (version %(version)s, and this one knows %(known)s).",
                version=version,
                known=VERSION,
            )
        )
    if version != VERSION:
        raise Refused(english("This edit does not say its version."))
    operations = [operation for one in given["operations"] if (operation := read_operation(one))]
    check_together(operations)
    return Edit(tuple(in_order(operations)))


def in_order(operations: list[Operation]) -> list[Operation]:
    """The operations in the order in which they are applied."""
    return sorted(operations, key=lambda one: ORDER.index(one["op"]))


def check_together(operations: list[Operation]) -> None:
    """Raises Refused for operations that do not go together."""
    names = [one["op"] for one in operations]
    twice = next((name for name in names if name not in REGIONS and names.count(name) > 1), None)
    if twice:
        raise Refused(english("An edit has %(operation)s only once.", operation=in_words(twice)))
    if sum(name in REGIONS for name in names) > MOST_REGIONS:
        raise Refused(
            english("At most %(most)s parts of a picture can be covered, blurred or mended.", most=MOST_REGIONS)
        )


def in_words(name: str) -> str:
    """The operation's name as a user reads it."""
    return (AMOUNTS | PARTS | REGIONS | VIDEO).get(name, name.replace("_", " ").capitalize())


def read_operation(given: Any) -> Operation | None:
    """One operation with its numbers checked and rounded. None if it does nothing. Raises Refused."""
    name = given.get("op") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or name not in ORDER:
        raise Refused(english("Mirage does not know the operation %(name)s.", name=str(name)[:40]))
    operation = {"op": name, **_reader(name)(given)}
    idle = {"amount": 0, "strength": 0, "degrees": 0, "by": 1}
    return None if any(operation.get(field) == value for field, value in idle.items()) else operation


def _reader(name: str) -> Callable[[Mapping[str, Any]], Operation]:
    if name in AMOUNTS:
        return lambda given: {"amount": FRACTION.of(given, AMOUNTS[name])}
    if name in PARTS:
        return lambda given: {"amount": Number("amount", 0, 1, 1).of(given, PARTS[name])}
    if name in ("blur", "cover"):
        return lambda given: _region(given, REGIONS[name])
    return _READERS[name]


def _region(given: Mapping[str, Any], what: str) -> Operation:
    shape = given.get("shape", "box")
    if shape not in ("box", "oval"):
        raise Refused(english("%(what)s is a box or an oval.", what=what))
    return {**_box(given, what), "shape": shape}


def _box(given: Mapping[str, Any], what: str) -> Operation:
    box = {number.name: number.of(given, what) for number in _BOX}
    for start, size in (("x", "width"), ("y", "height")):
        if box[start] + box[size] > 1 + 1e-4:
            raise Refused(english("%(what)s reaches beyond the picture.", what=what))
        box[size] = round(min(box[size], 1 - box[start]), DIGITS)
    return box


def _crop(given: Mapping[str, Any]) -> Operation:
    return _box(given, english("The crop"))


def _red_eye(given: Mapping[str, Any]) -> Operation:
    numbers = (Number("x", 0, 1), Number("y", 0, 1), Number("radius", 0.001, 0.2))
    return {number.name: number.of(given, english("Red eye")) for number in numbers}


def _perspective(given: Mapping[str, Any]) -> Operation:
    corners = given.get("corners")
    if not isinstance(corners, list) or len(corners) != 4 or not all(_is_pair(one) for one in corners):
        raise Refused(english("Perspective needs four corners."))
    points = [[Number("x", 0, 1).of({"x": x}, english("A corner")), Number("x", 0, 1).of({"x": y}, english("A corner"))]
              for x, y in corners]  # fmt: skip
    if not is_convex(points):
        raise Refused(
            english("The four corners must go around the picture, from its top left, and leave something inside.")
        )
    return {"corners": points}


def _is_pair(corner: Any) -> bool:
    return isinstance(corner, list | tuple) and len(corner) == 2


def is_convex(points: list[list[float]], least: float = 1e-3) -> bool:
    """Whether the four corners go clockwise around an area that bulges nowhere inwards."""
    for number in range(4):
        (ax, ay), (bx, by), (cx, cy) = (points[(number + step) % 4] for step in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) < least:
            return False
    return True


def _trim(given: Mapping[str, Any]) -> Operation:
    numbers = (Number("start", 0, MOST_SECONDS, 0), Number("end", 0, MOST_SECONDS))
    trim = {number.name: number.of(given, VIDEO["trim"]) for number in numbers}
    if trim["end"] - trim["start"] < LEAST_SECONDS:
        raise Refused(english("A trimmed video needs a tenth of a second at least."))
    return trim


def _turn(given: Mapping[str, Any]) -> Operation:
    if given.get("by") not in range(1, 9) or isinstance(given["by"], bool):
        raise Refused(english("A turn is one of EXIF's orientations, 1 to 8."))
    return {"by": int(given["by"])}


def _levels(given: Mapping[str, Any]) -> Operation:
    numbers = Number("black", 0, 0.4, 0), Number("white", 0.6, 1, 1)
    return {number.name: number.of(given, english("Levels")) for number in numbers}


def _preset(given: Mapping[str, Any]) -> Operation:
    if given.get("name") not in PRESETS:
        raise Refused(english("There is no preset %(name)s.", name=str(given.get("name"))[:40]))
    return {"name": given["name"], "strength": Number("strength", 0, 1, 1).of(given, english("A preset"))}


_READERS: dict[str, Callable[[Mapping[str, Any]], Operation]] = {
    "crop": _crop,
    "red_eye": _red_eye,
    "perspective": _perspective,
    "straighten": lambda given: {"degrees": Number("degrees", -45, 45).of(given, english("Straighten"))},
    "turn": _turn,
    "trim": _trim,
    "mute": lambda given: {},
    "poster": lambda given: {"at": Number("at", 0, MOST_SECONDS).of(given, VIDEO["poster"])},
    "levels": _levels,
    "preset": _preset,
}
