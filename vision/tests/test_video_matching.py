"""The verdict on two videos, of which the frames are drawn here."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from media import frames
from vision import matching, video_matching
from vision.matching import Match, Tier
from vision.tests.test_matching import jpeg, scene
from vision.video_matching import Sampled

WORLD = [scene(seed, (320, 240)) for seed in range(40, 52)]


def video(start: float, end: float, *, worlds: Sequence[Image.Image] = WORLD, quality: int = 90) -> Sampled:
    """From `start` to `end` of a recording that shows another scene every two seconds; fingerprints say which."""

    def shown(at: float) -> int:
        return min(max(int((start + at) // 2), 0), len(worlds) - 1)

    def look(seconds: Sequence[float]) -> list[Image.Image | None]:
        return [jpeg(worlds[shown(at)], quality) if 0 <= at < end - start else None for at in seconds]

    instants = frames.instants(end - start)
    vectors = np.eye(len(worlds), 512, dtype=np.float32)[[shown(at) for at in instants]]
    return Sampled(end - start, instants, vectors, look)


def moved(image: Image.Image) -> Image.Image:
    """The picture, in which something small moved by three pixels."""
    image = image.copy()
    image.paste(image.crop((60, 60, 260, 120)), (63, 60))
    return image


def lay_over(image: Image.Image, other: Image.Image) -> Match:
    return matching.compare(matching.prepare(image), matching.prepare(other))


def test_reencoded_is_the_same() -> None:
    match = video_matching.compare(video(0, 20), video(0, 20, quality=40))
    assert match.tier is Tier.SAME
    assert int(match.evidence["frames"]) >= 2


def test_where_something_moved_a_little_it_is_the_same() -> None:
    """Frames a fraction of a second apart, which are no copies of each other."""
    before = [scene(seed, (320, 240)) for seed in (40, 41, 42, 43, 47, 49, 50, 51)]
    after = [moved(world) for world in before]
    told = [lay_over(*both) for both in zip(before, after, strict=True)]
    assert {match.tier for match in told} == {Tier.NONE}
    assert all(video_matching.is_same_frame(match) for match in told)
    assert not any(video_matching.is_edited(match) for match in told)
    assert video_matching.compare(video(0, 16, worlds=before), video(0, 16, worlds=after)).tier is Tier.SAME
    trimmed = video_matching.compare(video(0, 16, worlds=before), video(4, 13, worlds=after))
    assert (trimmed.tier, trimmed.evidence["change"]) == (Tier.EDITED, "trimmed")


def test_frames_in_which_much_moved_are_not_the_same() -> None:
    assert not any(video_matching.is_same_frame(lay_over(WORLD[at], WORLD[at + 1])) for at in range(3))


def test_trimmed_is_edited() -> None:
    match = video_matching.compare(video(0, 20), video(6, 15))
    assert (match.tier, match.evidence["change"]) == (Tier.EDITED, "trimmed")
    assert match.evidence["offset"] == pytest.approx(6, abs=1.5)


def test_other_videos_are_not() -> None:
    others = video(0, 20, worlds=[scene(seed, (320, 240)) for seed in range(60, 72)])
    others.vectors[:] = np.eye(20, 512, k=100, dtype=np.float32)[: len(others.vectors)]
    assert video_matching.compare(video(0, 20), others).tier is Tier.NONE


def test_similar_fingerprints_of_different_frames_do_not_match() -> None:
    others = video(0, 20, worlds=[scene(seed, (320, 240)) for seed in range(60, 72)])
    assert video_matching.compare(video(0, 20), others).tier is Tier.NONE


def test_one_common_scene_is_not_enough() -> None:
    mixed = video(0, 20, worlds=[WORLD[0], *(scene(seed, (320, 240)) for seed in range(60, 71))])
    mixed.vectors[2:] = np.eye(20, 512, k=100, dtype=np.float32)[: len(mixed.vectors) - 2]
    assert video_matching.compare(video(0, 20), mixed).tier is Tier.NONE


@pytest.mark.parametrize(("duration", "count"), [(None, 1), (0, 1), (0.4, 1), (5, 5), (3600, frames.MOST)])
def test_instants_lie_inside(duration: float | None, count: int) -> None:
    instants = frames.instants(duration)
    assert len(instants) == count
    assert all(0 <= at <= (duration or 0) for at in instants)
