"""Where segments begin: at key frames, and between those that are far apart."""

from itertools import pairwise

import pytest

from media.sandbox import UnreadableFile
from media.streams import cutting
from media.tests.videos import write


@pytest.mark.parametrize(
    ("keys", "duration", "starts"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 8.2, [0, 1, 2, 3, 4, 5, 6, 7]),
        ([0, 0.5, 1, 1.5, 2, 2.5, 3], 3.9, [0, 1, 2, 3]),  # whoever jumps waits for a second only
        ([], 10.3, [0, 2.06, 4.12, 6.18, 8.24]),  # no index
        ([0, 10, 20], 22, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]),
        ([0], 0.4, [0]),
        ([], 0, [0]),
    ],
)
def test_segments_begin_at_key_frames(keys, duration, starts):
    assert cutting.cuts(keys, duration) == pytest.approx(starts)


def test_a_film_of_days_has_no_endless_playlist():
    assert len(cutting.cuts([], 2_000_000)) <= 2 * cutting.MOST
    assert len(cutting.cuts(range(200_000), 200_000)) <= cutting.MOST


def test_the_plan_of_a_file(tmp_path):
    source = write(tmp_path / "a.mp4", audio="aac", seconds=6, options={"g": "10", "sc_threshold": "0"})
    plan = cutting.plan(source)
    assert (plan.width, plan.height, plan.frame_rate, plan.has_sound) == (96, 64, 10, True)
    assert plan.starts == pytest.approx([0, 1, 2, 3, 4, 5])
    assert sum(plan.lengths) == pytest.approx(plan.duration) == pytest.approx(6, abs=0.1)


def test_a_turned_video_is_planned_as_it_is_shown(tmp_path):
    plan = cutting.plan(write(tmp_path / "a.mp4", turned=90))
    assert (plan.width, plan.height) == (64, 96)


def test_without_an_index_segments_are_of_equal_length(tmp_path):
    plan = cutting.plan(write(tmp_path / "a.ts", seconds=7))
    gaps = [after - before for before, after in pairwise(plan.starts)]
    assert gaps
    assert max(gaps) - min(gaps) < 0.01


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video" * 100)
    with pytest.raises(UnreadableFile):
        cutting.plan(tmp_path / "a.mp4")
