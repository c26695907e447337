"""What a stream is made of: segments of a video, in qualities. No decoding here, so that the site may ask too."""

from dataclasses import dataclass
from itertools import pairwise

MAX_FRAME_RATE = 60  # frames in a second of what Mirage encodes
SOUND = 128_000  # bits per second
SOFTWARE = "libx264"  # the encoder that works everywhere


@dataclass(frozen=True, slots=True)
class Plan:
    """The upright size in pixels, the frames in a second, and where the segments begin; the last ends at `duration`."""

    width: int
    height: int
    frame_rate: float
    duration: float
    starts: tuple[float, ...]
    has_sound: bool

    @property
    def shown_rate(self) -> float:
        """The frames in a second of what is made of it; 30 if the video does not say."""
        return min(self.frame_rate or 30, MAX_FRAME_RATE)

    @property
    def lengths(self) -> list[float]:
        """The seconds of each segment."""
        return [end - start for start, end in pairwise((*self.starts, self.duration))]


@dataclass(frozen=True, slots=True)
class Quality:
    """A size: its name, the longer side in pixels, and the bits per second of the pictures at most."""

    name: str
    long_side: int
    bit_rate: int

    @property
    def bandwidth(self) -> int:
        """The bits per second that a player needs, with sound and packaging."""
        return round((self.bit_rate + SOUND) * 1.1)

    def size(self, plan: Plan) -> tuple[int, int]:
        """Width and height of the pictures."""
        scale = min(1.0, self.long_side / max(plan.width, plan.height))
        return tuple(max(2, int(side * scale) // 2 * 2) for side in (plan.width, plan.height))  # type: ignore[return-value]


QUALITIES = (
    Quality("medium", 1280, 3_000_000),
    Quality("large", 1920, 6_000_000),
    Quality("small", 854, 1_100_000),
)  # a player begins with the first


def qualities_for(plan: Plan) -> list[Quality]:
    """Those for a video: none larger than it is, except that there is always one."""
    longest = max(plan.width, plan.height)
    fitting = [one for one in QUALITIES if one.long_side < longest]
    larger = [one for one in QUALITIES if one.long_side >= longest]
    nearest = min(larger, key=lambda one: one.long_side, default=None)
    return sorted([*fitting, *([nearest] if nearest else [])], key=QUALITIES.index)
