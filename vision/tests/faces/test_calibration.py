"""Thresholds for faces: by the number of people, by answers, and for models without measurements."""

import numpy as np
import pytest

from vision.faces import calibration
from vision.faces.calibration import Calibration, certainty, embedder, estimated, measured

SFACE = "SFace"
PLAIN = Calibration(np.zeros(4, np.float32), group=0.42)


def faces(people: int, each: int = 1, spread: float = 0.5) -> np.ndarray:
    """Vectors as SFace makes them: what all faces have in common, and what one's own have."""
    fitted = measured(SFACE)
    assert fitted is not None
    rows = []
    for identity in range(people):
        direction = np.random.default_rng(identity).normal(0, len(fitted.mean) ** -0.5, len(fitted.mean))
        for number in range(each):
            noise = np.random.default_rng((identity, number)).normal(0, len(fitted.mean) ** -0.5, len(fitted.mean))
            own = direction + spread * noise
            raw = own / np.linalg.norm(own) + fitted.mean
            rows.append(raw / np.linalg.norm(raw))
    return np.array(rows, np.float32)


def test_the_threshold_rises_with_the_number_of_people() -> None:
    assert PLAIN.threshold(100_000) > PLAIN.threshold(1_000) > PLAIN.threshold(260) > PLAIN.threshold(10)
    assert PLAIN.threshold(10) == PLAIN.threshold(1) == PLAIN.threshold(0)


def test_the_threshold_rises_faster_above_the_measured_number_of_people_than_below() -> None:
    assert PLAIN.threshold(260) == 0.42
    assert PLAIN.threshold(2600) == pytest.approx(0.42 + PLAIN.per_decade)
    assert PLAIN.threshold(26) == pytest.approx(0.42 - PLAIN.per_decade_below)


def test_large_groups_have_a_higher_threshold_than_small_ones() -> None:
    small = PLAIN.threshold_of_pair(260, 1, 1)
    assert small == PLAIN.threshold_of_pair(260, 1, 10) == PLAIN.threshold_of_pair(260, 3, 3) == PLAIN.threshold(260)
    assert small < PLAIN.threshold_of_pair(260, 10, 5) == PLAIN.threshold_of_pair(260, 5, 10)
    assert PLAIN.threshold_of_pair(260, 10, 5) < PLAIN.threshold_of_pair(260, 10, 10)
    assert PLAIN.threshold_of_pair(260, 10, 10) == PLAIN.threshold_of_pair(260, 400, 90) < 0.6


def test_among_many_people_the_threshold_is_never_below_that_of_faces() -> None:
    assert PLAIN.threshold_of_pair(10**6, 5, 5) == PLAIN.threshold(10**6)


def test_yes_and_no_are_equally_likely_at_the_measured_similarity() -> None:
    even = PLAIN.group + PLAIN.even_face
    assert PLAIN.chance_of_face(even, 1) == pytest.approx(0.5)
    assert PLAIN.chance_of_people(even, 1, 1) == pytest.approx(0.5)
    assert PLAIN.chance_of_face(even + PLAIN.steep, 1) == pytest.approx(1 / (1 + np.exp(-1)))


@pytest.mark.parametrize("similarity", [0.1, 0.25, 0.4])
def test_the_same_similarity_means_a_lower_chance_in_a_larger_group(similarity: float) -> None:
    chances = [PLAIN.chance_of_face(similarity, size) for size in (1, 2, 10)]
    assert chances == sorted(chances, reverse=True)
    assert PLAIN.chance_of_face(similarity, 10) == PLAIN.chance_of_face(similarity, 500)
    assert PLAIN.chance_of_face(similarity, 0) == PLAIN.chance_of_face(similarity, 1)


def test_two_groups_are_compared_in_either_order() -> None:
    assert PLAIN.chance_of_people(0.3, 2, 4) == PLAIN.chance_of_people(0.3, 4, 2)
    assert PLAIN.chance_of_people(0.3, 5, 5) == PLAIN.chance_of_people(0.3, 50, 500)
    assert PLAIN.chance_of_people(0.3, 2, 4) > PLAIN.chance_of_people(0.3, 3, 4)


def test_the_common_mean_is_subtracted() -> None:
    fitted = Calibration(np.array([3, 0], np.float32), group=0.4)
    centred = fitted.centred(np.array([[3, 2], [7, 3], [3, 0]], np.float32))
    assert centred == pytest.approx(np.array([[0, 1], [0.8, 0.6], [0, 0]]))


@pytest.mark.parametrize(
    ("model", "name"),
    [("YuNet+SFace/1", "SFace"), ("retinaface+Facenet512/3", "Facenet512"), ("SFace", ""), ("YuNet+SFace", "SFace")],
)
def test_the_embedder_in_a_models_name(model: str, name: str) -> None:
    assert embedder(model) == name


def test_a_measured_model_uses_its_measurements() -> None:
    rows = faces(3)
    assert calibration.of("YuNet+SFace/1", rows) is measured(SFACE)
    assert calibration.of("YuNet+Nobodys/1", rows).group == estimated(rows).group
    assert measured("Nobodys") is None


def test_an_unmeasured_model_is_calibrated_by_its_strangers() -> None:
    fitted = estimated(faces(300))
    assert 0.25 < fitted.group < 0.55
    assert np.linalg.norm(fitted.mean) > 0.2
    assert fitted.ask < fitted.near < fitted.group


def test_the_margins_of_an_estimate_scale_with_the_deviation_of_strangers() -> None:
    rows = faces(300)
    fitted, usual = estimated(rows), Calibration(np.zeros(1, np.float32), group=0)
    wide = fitted.margin / usual.margin
    names = ("per_decade", "per_decade_below", "join_less", "member_margin", "even_face", "even_face_growth", "steep")
    assert {name: getattr(fitted, name) / getattr(usual, name) for name in names} == pytest.approx(
        dict.fromkeys(names, wide)
    )
    centred = fitted.centred(rows) @ fitted.centred(rows).T
    strangers = centred[np.triu_indices(len(rows), 1)]
    assert wide * calibration.DEVIATION == pytest.approx(float(strangers.std()), rel=0.1)


def test_too_few_faces_give_the_default_threshold() -> None:
    fitted = estimated(faces(calibration.FEWEST - 1))
    assert fitted.group == 0.8
    assert not fitted.mean.any()
    assert estimated(faces(calibration.FEWEST)).group < 0.8


def test_certainty() -> None:
    fitted = measured(SFACE)
    assert fitted is not None
    assert fitted.lengths is not None
    least, full = fitted.lengths
    lengths = np.array([least - 1, least, (least + full) / 2, full, full + 5], np.float32)
    found = certainty(SFACE, lengths)
    assert found is not None
    assert found.tolist() == pytest.approx([0, 0, 0.5, 1, 1])
    assert certainty("Nobodys", lengths) is None
