"""The order of questions: what the owner said, times, sketches, what was told before, and pixels last."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PIL import ImageOps

from accounts.models import User
from duplicates import comparing, judging
from duplicates.judging import Judging
from duplicates.models import Comparison, DuplicateMember, Sketch
from duplicates.tests.alike import check
from photos.models import Embedding, PairDecision, Photo
from vision.matching import NO_MATCH, Match, Tier
from vision.tests.test_matching import scene

Maker = Callable[..., Photo]
Pairs = list[tuple[int, int]]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> Pairs:
    """The pairs whose pixels were compared."""
    pairs: Pairs = []
    match = comparing.Comparer.match

    def noted(self: comparing.Comparer, one: Photo, other: Photo) -> Match | None:
        pairs.append((one.pk, other.pk))
        return match(self, one, other)

    monkeypatch.setattr(comparing.Comparer, "match", noted)
    return pairs


def test_sketches_settle_what_is_not_alike(owner: User, add: Maker, looked_at: Pairs) -> None:
    one, other, copy = add(scene(1)), add(scene(2)), add(scene(1).resize((320, 240)))
    judge = Judging(owner)
    assert judge(one.pk, other.pk) is None
    assert judge(other.pk, copy.pk) is None
    assert looked_at == []
    verdict = judge(copy.pk, one.pk)
    assert verdict is not None
    assert verdict.tier == "same"
    assert looked_at == [(one.pk, copy.pk)]


def test_what_the_pixels_said_is_remembered(owner: User, add: Maker, looked_at: Pairs) -> None:
    one, copy = add(scene(1)), add(scene(1).resize((320, 240)))
    first = Judging(owner)
    told = first(one.pk, copy.pk)
    first.remember()
    again = Judging(owner)(one.pk, copy.pk)
    assert again == told
    assert len(looked_at) == 1


def test_a_pair_that_does_not_match_is_remembered_too(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    one, copy = add(scene(1)), add(scene(1).resize((320, 240)))
    calls: Pairs = []

    def match(_self: object, first: Photo, second: Photo) -> Match:
        calls.append((first.pk, second.pk))
        return NO_MATCH

    monkeypatch.setattr(comparing.Comparer, "match", match)
    for _ in range(2):
        check(one, copy)
    assert calls == [(one.pk, copy.pk)]


@pytest.mark.parametrize("change", ["a new fingerprint", "other rules"])
def test_forgotten_when_the_picture_or_the_rules_change(
    owner: User, add: Maker, looked_at: Pairs, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    one, copy = add(scene(1)), add(scene(1).resize((320, 240)))
    check(one, copy)
    if change == "other rules":
        monkeypatch.setattr(judging, "RULES", judging.RULES + 1)
    else:
        row = Embedding.objects.get(photo=one)
        row.delete()
        Embedding.objects.create(photo=one, kind=row.kind, model=row.model, vector=row.vector)
        assert not Comparison.objects.exists()
    check(one, copy)
    assert len(looked_at) == 2
    assert Comparison.objects.get().rules == judging.RULES


def test_a_burst_is_told_by_time_before_pixels(owner: User, add: Maker, looked_at: Pairs) -> None:
    noon = datetime(2024, 5, 1, 12)
    camera = {"camera_make": "Canon", "camera_model": "EOS"}
    shots = [add(scene(1), taken=noon + timedelta(seconds=second), **camera) for second in range(3)]
    verdict = Judging(owner)(shots[0].pk, shots[2].pk)
    assert verdict is not None
    assert verdict.tier == "burst"
    assert verdict.similarity == pytest.approx(1, abs=0.01)
    assert looked_at == []


@pytest.mark.parametrize("decided", ["same", "different"])
def test_what_the_owner_decided_comes_first(owner: User, add: Maker, looked_at: Pairs, decided: str) -> None:
    """Whatever sketches and what was remembered say."""
    one, other = add(scene(1)), add(scene(2) if decided == "same" else scene(1))
    Judging(owner)(one.pk, other.pk)
    looked_at.clear()
    PairDecision.objects.create(first=one, second=other, verdict=decided)
    verdict = Judging(owner)(one.pk, other.pk)
    assert (verdict is None) == (decided == "different")
    assert verdict is None or verdict.evidence["how"] == judging.SAID


def test_without_sketches_pixels_decide(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    one, copy = add(scene(1)), add(scene(1).resize((320, 240)))
    monkeypatch.setattr(judging.sketching, "draw_missing", lambda ids: None)
    verdict = Judging(owner)(one.pk, copy.pk)
    assert not Sketch.objects.exists()
    assert verdict is not None
    assert verdict.tier == Tier.SAME


def test_what_is_known_is_read_at_once(
    owner: User, add: Maker, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    """Queries do not grow with the pairs."""
    photos = [add(scene(seed)) for seed in range(6)]
    pairs = [(one.pk, other.pk) for one in photos for other in photos if one.pk < other.pk]
    judging.sketching.run([photo.pk for photo in photos])
    with django_assert_max_num_queries(5):  # type: ignore[attr-defined]
        Judging(owner).get_ready(pairs)


EDITS = {
    "cropped": lambda image: image.crop((60, 40, 600, 440)),
    "cropped elsewhere": lambda image: image.crop((20, 10, 560, 420)),
    "turned": lambda image: image.rotate(90, expand=True),
    "mirrored": ImageOps.mirror,
    "tilted": lambda image: image.rotate(6),
}


def test_of_edits_of_one_picture_not_every_two_are_laid_over_each_other(
    owner: User, add: Maker, looked_at: Pairs
) -> None:
    original = add(scene(3))
    edits = [add(edit(scene(3))) for edit in EDITS.values()]
    check(original, *edits)
    pairs = {pair for pair in looked_at if original.pk not in pair}
    assert {pair for pair in looked_at if original.pk in pair} == {(original.pk, edit.pk) for edit in edits}
    assert len(pairs) <= 4  # of ten: those that do not show the whole must match each other
    assert len(looked_at) == len(set(looked_at))
    assert DuplicateMember.objects.filter(role="copy").values("photo").distinct().count() == len(edits)


def test_what_could_be_of_a_tier(owner: User, add: Maker) -> None:
    one, copy, turned = add(scene(1)), add(scene(1).resize((320, 240))), add(scene(1).rotate(90, expand=True))
    judge = Judging(owner)
    assert judge.could_be(one.pk, copy.pk, "same")
    assert not judge.could_be(one.pk, turned.pk, "same")
    assert judge.could_be(turned.pk, one.pk, "edited")
    assert not judge.could_be(one.pk, copy.pk, "burst")


def test_what_the_owner_called_the_same_could_be(owner: User, add: Maker) -> None:
    one, turned = add(scene(1)), add(scene(1).rotate(90, expand=True))
    PairDecision.objects.create(first=one, second=turned, verdict=PairDecision.Verdict.SAME)
    assert Judging(owner).could_be(one.pk, turned.pk, "same")


def test_shots_of_a_burst_could_be_nothing_else(owner: User, add: Maker) -> None:
    noon, camera = datetime(2024, 5, 1, 12), {"camera_make": "Canon", "camera_model": "EOS"}
    shots = [add(scene(1), taken=noon + timedelta(seconds=second), **camera) for second in range(2)]
    judge = Judging(owner)
    assert [judge.could_be(shots[0].pk, shots[1].pk, tier) for tier in ("burst", "same")] == [True, False]
