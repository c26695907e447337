"""Teaching a tag in a library: questions, answers, undo, and a tag that applies itself."""

import pytest

from photos import pipeline
from photos.models import Embedding, Photo
from tags import teaching
from tags.keywords import ensure_tags, keywords_of
from tags.models import PhotoTag, TagAnswer, TaughtTag
from tags.teaching import Said, TooFew
from tags.tests.conftest import BEACH, TOWN


def say(tag, photo, said):
    teaching.answer(tag, photo, said, tag.owner, 0.5)


def learnt(tag):
    return set(PhotoTag.objects.filter(tag=tag, source="learnt", rejected=False).values_list("photo_id", flat=True))


# --- learning and asking ----------------------------------------------------------------------------------------------


def test_the_likeliest_are_those_that_look_alike(tag, beaches, towns):
    found = teaching.candidates(teaching.learn(tag))
    assert {each.photo_id for each in found[:7]} == {photo.pk for photo in beaches[5:]}
    assert len(found) == 27
    assert [each.probability for each in found] == sorted((each.probability for each in found), reverse=True)
    assert found[6].probability > 0.5 > found[7].probability


def test_too_few_examples(tag):
    PhotoTag.objects.first().delete()
    with pytest.raises(TooFew, match="1 more photo\\."):
        teaching.learn(tag)


def test_a_tag_is_ready_with_its_fifth_photo(owner, stranger, tag, beaches):
    assert list(teaching.teachable(owner)) == [tag]
    assert not teaching.teachable(stranger).exists()
    last = PhotoTag.objects.filter(tag=tag).latest("pk").pk
    for change in ({"rejected": True}, {"source": "learnt"}):
        PhotoTag.objects.filter(pk=last).update(**change)
        assert not teaching.teachable(owner).exists()
        PhotoTag.objects.filter(pk=last).update(rejected=False, source="owner")
    teaching.learn(tag)
    assert not teaching.teachable(owner).exists()


def test_tags_below_count_and_learned_tags_do_not(owner, tag, beaches):
    below = ensure_tags(owner.pk, ["Beach/portugal"])["beach/portugal"]
    PhotoTag.objects.filter(photo__in=beaches[:3]).update(tag=below)
    assert teaching.learn(tag).yes == 5
    PhotoTag.objects.filter(photo=beaches[0]).update(source="learnt")
    with pytest.raises(TooFew):
        teaching.learn(tag)


def test_others_photos_and_the_trash_are_left_alone(tag, look, stranger, beaches):
    foreign = look(BEACH, owner=stranger)
    gone = look(BEACH)
    Photo.objects.filter(pk=gone.pk).trash()
    found = {each.photo_id for each in teaching.candidates(teaching.learn(tag))}
    assert not found & {foreign.pk, gone.pk}


def test_questions_alternate_between_likely_and_uncertain_photos():
    chances = [0.99, 0.7, 0.52, 0.49, 0.3]
    found = [teaching.Candidate(number, chance) for number, chance in enumerate(chances)]
    assert teaching.most_useful(found, 0).photo_id == 0
    assert teaching.most_useful(found, 1).photo_id == 2
    assert teaching.most_useful(found[3:], 1).photo_id == 3
    assert teaching.most_useful([teaching.Candidate(1, 0.02)], 0) is None


def test_the_background_of_a_large_library_is_random(tag, monkeypatch):
    monkeypatch.setattr(teaching, "BACKGROUND", 3)  # the library is more than eight times as large
    drawn = teaching.sample(tag, set())
    assert len(drawn) == len(set(drawn)) == 3
    assert drawn == teaching.sample(tag, set())
    assert Embedding.objects.filter(pk__in=drawn, photo__owner=tag.owner).count() == 3


# --- answering --------------------------------------------------------------------------------------------------------


def test_yes_tags_no_is_remembered_skip_is_not_asked_again(tag, beaches, towns):
    say(tag, beaches[5], Said.YES)
    say(tag, towns[0], Said.NO)
    say(tag, beaches[6], Said.SKIP)
    assert keywords_of(beaches[5]) == ["beach"]
    row = PhotoTag.objects.get(photo=towns[0])
    assert (row.source, row.rejected, row.confidence) == ("learnt", True, 0.5)
    taught = TaughtTag.objects.get()
    assert (taught.yes, taught.no) == (6, 1)
    assert len(taught.judged) == 2
    left = {each.photo_id for each in teaching.candidates(taught)}
    assert not left & {beaches[5].pk, towns[0].pk, beaches[6].pk}


def test_an_answer_given_twice_counts_once(tag, beaches):
    say(tag, beaches[5], Said.YES)
    say(tag, beaches[5], Said.NO)
    assert keywords_of(beaches[5]) == ["beach"]
    assert TagAnswer.objects.get().said == "yes"


def test_answers_are_undone_one_by_one(tag, beaches, towns):
    say(tag, beaches[5], Said.YES)
    say(tag, towns[0], Said.NO)
    say(tag, beaches[6], Said.SKIP)
    assert [teaching.undo_answer(tag) for _ in range(4)] == [beaches[6], towns[0], beaches[5], None]
    assert not TagAnswer.objects.exists()
    assert PhotoTag.objects.count() == 5
    assert TaughtTag.objects.get().no == 0


def test_rejections_elsewhere_are_examples_too(tag, beaches, towns):
    teaching.learn(tag)
    PhotoTag.objects.create(photo=towns[3], tag=tag, source="learnt", rejected=True)
    assert teaching.up_to_date(tag).no == 1


def test_precision_is_measured_on_the_owners_answers(tag):
    taught = teaching.learn(tag)
    taught.judged = [[0.95, True], [0.92, True], [0.85, False], [0.4, False]]
    told = {step.above: step for step in teaching.steps(taught, teaching.candidates(taught))}
    assert (told[0.9].right, told[0.9].asked, told[0.9].precision) == (2, 2, 100)
    assert (told[0.5].right, told[0.5].asked, told[0.5].precision) == (2, 3, 67)
    assert told[0.5].more == 7


# --- applying ---------------------------------------------------------------------------------------------------------


def test_a_tag_applies_itself_and_is_removed_again(tag, beaches, towns, monkeypatch):
    monkeypatch.setattr(teaching.jobs, "enqueue", lambda *args: False)
    PhotoTag.objects.create(photo=beaches[11], tag=tag, source="learnt", rejected=True)
    taught = teaching.learn(tag)
    teaching.set_threshold(taught, 0.5)
    assert learnt(tag) == {photo.pk for photo in beaches[5:11]}
    assert not PhotoTag.objects.filter(source="learnt", rejected=False).exclude(confidence__range=(0.5, 1)).exists()
    assert PhotoTag.objects.get(photo=beaches[11]).rejected
    assert PhotoTag.objects.filter(source="owner").count() == 5
    taught.bias -= 100
    taught.save()
    teaching.apply_to_library(tag.pk)
    assert learnt(tag) == set()
    taught.bias += 100
    taught.save()
    teaching.apply_to_library(tag.pk)
    teaching.set_threshold(taught, None)
    assert learnt(tag) == set()


def test_applying_twice_changes_nothing(tag, monkeypatch):
    monkeypatch.setattr(teaching.jobs, "enqueue", lambda *args: False)
    teaching.set_threshold(teaching.learn(tag), 0.5)
    before = list(PhotoTag.objects.order_by("pk").values_list("pk", "confidence"))
    teaching.apply_to_library(tag.pk)
    assert list(PhotoTag.objects.order_by("pk").values_list("pk", "confidence")) == before


def test_a_worker_is_told_once(tag, monkeypatch):
    told = []

    def enqueue(*args):
        told.append(args)
        return True

    monkeypatch.setattr(teaching.jobs, "enqueue", enqueue)
    taught = teaching.learn(tag)
    teaching.set_threshold(taught, 0.5)
    teaching.set_threshold(taught, 0.6)
    assert told == [("apply_tag", tag.pk)]
    teaching.apply_to_library(tag.pk)
    assert not TaughtTag.objects.get().stale


def test_new_photos_get_learned_tags(tag, look, stranger):
    TaughtTag.objects.filter(pk=teaching.learn(tag).pk).update(apply_above=0.5)
    new, other, foreign = look(BEACH), look(TOWN), look(BEACH, owner=stranger)
    stage = pipeline.STAGES["learnt"]
    assert stage.after == "embedding"
    assert teaching.apply_to_photos([new.pk, other.pk, foreign.pk, 10**9]) == {}
    assert learnt(tag) == {new.pk}
