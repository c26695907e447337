"""The pages of teaching tags: owner, stranger, anonymous, fragments, bad input."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from photos.gallery import looks
from photos.models import Embedding
from photos.vectors.words import shelf
from tags import teaching
from tags.keywords import keywords_of
from tags.models import PhotoTag, Tag, TagAnswer, TaughtTag
from tags.views.teaching import probability_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ask(client, owner):
    client.force_login(owner)
    return lambda address, **form: client.post(address, form, headers=HTMX)


def test_the_review_asks_learns_and_undoes(client, ask, tag, beaches, towns):
    page = client.get(f"/teach/{tag.pk}/")
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


def test_the_overview_does_not_grow_in_queries(client, owner, tag, make_photo):
    client.force_login(owner)
    client.get("/teach/")  # what photos look like is read once
    counts = []
    for extra in range(2):
        for number in range(10):
            more = Tag.objects.create(owner=owner, name=f"t{extra}{number}", path=f"t{extra}{number}")
            PhotoTag.objects.create(photo=make_photo(), tag=more)
        with CaptureQueriesContext(connection) as queries:
            client.get("/teach/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("text", "probability"),
    [("0.25", 0.25), ("", 0), ("much", 0), ("-1", 0), ("7", 1), ("inf", 1), ("nan", 0)],
)
def test_the_probability_of_a_form_is_one(text, probability):
    assert probability_in(text) == probability


def test_a_tag_that_has_not_learned_does_not_apply_itself(ask, tag):
    said = ask(f"/teach/{tag.pk}/apply/", above="0.9")
    assert "has not learned enough" in said.content.decode()
    assert not TaughtTag.objects.exclude(apply_above=None).exists()


def test_with_nothing_to_undo_the_page_says_so(ask, tag):
    assert "There is nothing to undo." in ask(f"/teach/{tag.pk}/undo/").content.decode()
    assert PhotoTag.objects.filter(tag=tag).count() == 5


def test_links_change_nothing(client, ask, tag, beaches):
    for address in (f"/teach/{tag.pk}/undo/", f"/teach/{tag.pk}/apply/", f"/teach/{tag.pk}/{beaches[7].key}/yes/"):
        assert client.get(address).status_code == 405
