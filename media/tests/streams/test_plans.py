"""In which sizes a video is offered."""

from dataclasses import replace

import pytest

from media.streams.plans import Plan, qualities_for


def plan(width, height):
    return Plan(width, height, 30, 10, (0.0,), has_sound=True)


@pytest.mark.parametrize(("told", "shown"), [(0, 30), (25, 25), (240, 60)])
def test_no_more_frames_are_made_than_screens_show(told: float, shown: float) -> None:
    assert replace(plan(1920, 1080), frame_rate=told).shown_rate == shown


@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((3840, 2160), ["medium", "large", "small"]),
        ((1920, 1080), ["medium", "large", "small"]),
        ((1080, 1920), ["medium", "large", "small"]),
        ((1280, 720), ["medium", "small"]),
        ((1000, 600), ["medium", "small"]),
        ((640, 480), ["small"]),
        ((96, 64), ["small"]),
    ],
)
def test_no_quality_is_larger_than_the_video(size, names):
    found = qualities_for(plan(*size))
    assert [quality.name for quality in found] == names
    for quality in found:
        assert all(made <= came for made, came in zip(quality.size(plan(*size)), size, strict=True))
