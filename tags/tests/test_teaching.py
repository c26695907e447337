"""Teaching a tag in a library: questions, answers, undo, and a tag that applies itself."""

import pytest

from photos import pipeline
from photos.gallery import looks
from photos.models import Embedding, Photo
from photos.vectors.words import shelf
from tags import teaching
from tags.keywords import ensure_tags, keywords_of
from tags.models import PhotoTag, Tag, TagAnswer, TaughtTag
from tags.teaching import Said, TooFew
from tags.tests.conftest import BEACH, TOWN

HTMX = {"HX-Request": "true"}


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


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(client, owner):
    client.force_login(owner)
    return lambda address, **form: client.post(address, form, headers=HTMX)


def test_the_review_asks_learns_and_undoes(client, ask, tag, beaches, towns):
    page = client.get(f"/teach/{tag.pk}/") if client.force_login(tag.owner) is None else None
    assert "Is this beach?" in page.content.decode()
    photo = page.context["photo"]
    said = ask(f"/teach/{tag.pk}/{photo.key}/yes/", probability="0.4321")
    assert "Tagged beach." in said.content.decode()
    assert said.content.decode().lstrip().startswith('<div class="review')
    assert said.context["photo"] != photo
    assert TagAnswer.objects.get().probability == 0.4321
    back = ask(f"/teach/{tag.pk}/undo/")
    assert back.context["photo"] == photo
    assert keywords_of(photo) == []


def test_a_tag_with_too_few_photos_says_so(client, tag):
    client.force_login(tag.owner)
    PhotoTag.objects.first().delete()
    html = client.get(f"/teach/{tag.pk}/").content.decode()
    assert "Give the tag to 1 more photo." in html
    assert "1 more needed" in client.get("/teach/").content.decode()


def test_before_it_can_learn_a_tag_asks_about_what_looks_like_its_name(client, ask, owner, beaches, towns, monkeypatch):
    tag = Tag.objects.create(owner=owner, name="sandy beach", path="sandy beach")
    asked = []

    def find(user, words):
        asked.append(words)
        return [photo.pk for photo in beaches]

    monkeypatch.setattr(looks, "find", find)
    page = client.get(f"/teach/{tag.pk}/")
    assert asked == [["sandy", "beach"]]
    assert page.context["photo"] == beaches[0]
    assert "It looks like “sandy beach”." in page.content.decode()
    said = ask(f"/teach/{tag.pk}/{beaches[0].key}/no/")
    assert said.context["photo"] == beaches[1]
    assert ask(f"/teach/{tag.pk}/undo/").context["photo"] == beaches[0]
    for photo in beaches[:5]:
        ask(f"/teach/{tag.pk}/{photo.key}/yes/")
    assert TaughtTag.objects.get(tag=tag).yes == 5


def test_a_tag_on_no_photo_can_be_taught_where_pictures_are_found_by_name(client, owner, beaches):
    tag = Tag.objects.create(owner=owner, name="beach", path="beach")
    client.force_login(owner)
    assert f"/teach/{tag.pk}/" in client.get("/teach/").content.decode()
    Embedding.objects.all().delete()
    shelf.cache_clear()
    assert f"/teach/{tag.pk}/" not in client.get("/teach/").content.decode()


def test_nothing_left_to_ask(client, tag, beaches, towns):
    client.force_login(tag.owner)
    PhotoTag.objects.bulk_create(PhotoTag(photo=photo, tag=tag) for photo in beaches[5:])
    Embedding.objects.filter(photo__in=towns).delete()
    assert "No questions" in client.get(f"/teach/{tag.pk}/").content.decode()


def test_the_threshold_is_one_of_those_offered(ask, tag, monkeypatch):
    monkeypatch.setattr(teaching.jobs, "enqueue", lambda *args: False)
    teaching.learn(tag)
    assert "from 90 % on" in ask(f"/teach/{tag.pk}/apply/", above="0.9").content.decode()
    assert TaughtTag.objects.get().apply_above == 0.9
    ask(f"/teach/{tag.pk}/apply/", above="0.123")
    assert TaughtTag.objects.get().apply_above is None


def test_bad_answers_and_others_tags(client, ask, tag, beaches, stranger):
    assert ask(f"/teach/{tag.pk}/{beaches[5].key}/perhaps/").status_code == 404
    assert ask(f"/teach/{tag.pk}/{beaches[5].key}/yes/", probability="much").status_code == 200
    plain = client.post(f"/teach/{tag.pk}/{beaches[6].key}/no/")
    assert plain.headers["Location"] == f"/teach/{tag.pk}/"
    client.force_login(stranger)
    for address in (f"/teach/{tag.pk}/undo/", f"/teach/{tag.pk}/apply/", f"/teach/{tag.pk}/{beaches[7].key}/yes/"):
        assert client.post(address).status_code == 404
    assert client.get(f"/teach/{tag.pk}/").status_code == 404
    assert "beach" not in client.get("/teach/").content.decode()
    client.logout()
    assert client.get(f"/teach/{tag.pk}/").status_code == 302


def test_the_overview_does_not_grow_in_queries(client, owner, tag, make_photo, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(owner)
    client.get("/teach/")  # what photos look like is read once
    counts = []
    for extra in range(2):
        for number in range(10):
            more = Tag.objects.create(owner=owner, name=f"t{extra}{number}", path=f"t{extra}{number}")
            PhotoTag.objects.create(photo=make_photo(), tag=more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/teach/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
