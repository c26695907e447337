"""Sound on a grid of frames, whatever the file begins with."""

from contextlib import ExitStack

import av
import numpy as np
import pytest

from media.streams.sound import GRID, RATE, Sound
from media.tests.videos import write


def heard(path, start, end, audio="aac"):
    """The samples of a segment, and when its first frame is heard."""
    with ExitStack() as stack:
        sound = Sound(path, 0.0, stack)
        sound.seek(start)
        target = stack.enter_context(av.open(str(path.with_name("out.mka")), "w", format="matroska"))
        sound.write(target, sound.add_to(target), start, end, 0.0)
    with av.open(str(path.with_name("out.mka"))) as made:
        frames = list(made.decode(audio=0))
    began = frames[0].time
    return began, np.concatenate([frame.to_ndarray()[0] for frame in frames])


@pytest.mark.parametrize("audio", ["aac", "libopus", "pcm_s16le"])
def test_a_segment_has_its_seconds(tmp_path, audio):
    source = write(tmp_path / "a.mkv", seconds=6, audio=audio)
    began, samples = heard(source, 2.0, 4.0)
    assert began == pytest.approx(2.0, abs=2 * GRID / RATE)
    assert len(samples) / RATE == pytest.approx(2.0, abs=2 * GRID / RATE)
    assert np.abs(samples).mean() > 0.3  # a tone all the time


def test_after_the_end_there_is_silence(tmp_path):
    source = write(tmp_path / "a.mkv", seconds=3, audio="pcm_s16le")
    _, samples = heard(source, 2.0, 6.0)
    assert len(samples) / RATE == pytest.approx(4.0, abs=2 * GRID / RATE)
    assert np.abs(samples[2 * RATE :]).max() < 0.05
