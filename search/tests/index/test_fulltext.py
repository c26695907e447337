"""The full-text index follows what changes, and finds words in all scripts."""

import pytest
from django.core.management import call_command
from django.db import connection

from people.models import Face, Person
from photos.models import Comment, Photo, PhotoText
from search.compile import select
from search.index import fulltext, triggers
from search.index.text_index import text_index
from search.models import TextChange
from tags.models import PhotoTag, Tag


@pytest.fixture
def finds(owner):
    return lambda text: {photo.original_name for photo in select(Photo.objects.all(), owner, text)}


@pytest.fixture
def photo(make_photo):
    return make_photo(name="a.jpg")


@pytest.mark.parametrize(
    ("field", "value", "query"),
    [
        ("title", "Grandmother’s birthday", "birthday"),
        ("description", "We were at the lake", "lake"),
        ("original_name", "IMG_0042.HEIC", "img_0042"),
        ("place", "Kraków", "krakow"),
        ("region", "Małopolska", "malopolska"),
        ("country", "Côte d’Ivoire", "cote ivoire"),
        ("camera_make", "FUJIFILM", "fujifilm"),
        ("camera_model", "X-T5", "x-t5"),
    ],
)
def test_the_photos_own_words_are_found_and_follow_updates(finds, photo, field, value, query):
    assert finds(query) == set()
    Photo.objects.update(**{field: value})
    assert len(finds(query)) == 1
    Photo.objects.update(**{field: ""})
    assert finds(query) == set()


def test_the_words_of_others_are_found_and_follow_updates(finds, photo, tag, name_face):
    tag(photo, "travel/japan")
    face = name_face(photo, "Zoë")
    comment = Comment.objects.create(photo=photo, author=photo.owner, text="what a sunset")
    text = PhotoText.objects.create(photo=photo, text="INVOICE 2024", model="test")
    for query in ("japan", "travel", "zoe", "sunset", "invoice"):
        assert finds(query) == {"a.jpg"}, query
    Tag.objects.update(path="travel/nippon")
    Person.objects.update(name="Chloé")
    Comment.objects.update(text="what a dawn")
    PhotoText.objects.update(rejected=True)
    assert finds("nippon chloe dawn") == {"a.jpg"}
    for query in ("japan", "zoe", "sunset", "invoice"):
        assert finds(query) == set(), query
    face.not_a_face = True
    face.save()
    comment.delete()
    text.delete()
    PhotoTag.objects.all().delete()
    for query in ("nippon", "chloe", "dawn"):
        assert finds(query) == set(), query


def test_merged_people_and_rejected_tags_change_the_words(finds, photo, tag, name_face):
    face, tagged = name_face(photo, "Ann"), tag(photo, "sea")
    assert finds("ann sea") == {"a.jpg"}
    Face.objects.filter(pk=face.pk).update(person=Person.objects.create(owner=photo.owner, name="Berta"))
    PhotoTag.objects.filter(pk=tagged.pk).update(rejected=True)
    assert finds("berta") == {"a.jpg"}
    assert finds("ann") == finds("sea") == set()


@pytest.mark.parametrize(
    ("title", "query", "found"),
    [
        ("Crème brûlée", "creme brulee", True),
        ("creme", "CRÈME", True),
        ("Straße nach Łódź", "strasse lodz", True),
        ("Ærø", "aero", True),
        ("Ελλάδα", "ελλαδα", True),
        ("Москва", "моск", True),
        ("sunflower", "sun", True),
        ("sunflower", '"sun"', False),
        ("sunflower", "flower", False),
        ("red sun", '"red sun"', True),
        ("sun red", '"red sun"', False),
        ("sun red", "red sun", True),
        ("東京タワーの夜景", "タワー", True),
        ("東京タワーの夜景", "京タ", True),
        ("東京タワーの夜景", "夜", True),
        ("東京タワーの夜景", "東夜", False),
        ("我们在北京", "北京", True),
        ("서울에서 가족과", "가족", True),
        ("が", "か", False),
        ("เที่ยวทะเล", "ทะเล", True),
        ("birthday 🎂", "🎂", True),
        ("O'Brien", "o'brien", True),
        ("50% off_season", "off_season", True),
    ],
)
def test_words_in_many_scripts(finds, photo, title, query, found):
    Photo.objects.update(title=title)
    assert bool(finds(query)) is found


def test_no_phrase_spans_two_values(finds, photo):
    Photo.objects.update(title="new", description="york", place="San", region="Francisco")
    assert finds('"new york"') == finds('"san francisco"') == finds('place:"san francisco"') == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place:Porto", {"porto.jpg", "alegre.jpg"}),
        ("place:=Porto", {"porto.jpg"}),
        ("place:po", {"porto.jpg", "alegre.jpg"}),
        ('place:"po"', set()),
        ("country:de", set()),
        ("country:br", {"alegre.jpg"}),
        ("country:braz", {"alegre.jpg"}),
        ("title:porto", {"title.jpg"}),
        ("porto", {"porto.jpg", "alegre.jpg", "title.jpg"}),
    ],
)
def test_a_key_searches_its_own_words(finds, make_photo, query, found):
    make_photo(name="porto.jpg", place="Porto", country="Portugal", country_code="PT")
    make_photo(name="alegre.jpg", place="Porto Alegre", country="Brazil", country_code="BR")
    make_photo(name="title.jpg", title="Porto", country="Denmark", country_code="DK")
    assert finds(query) == found


def unlike(count: int, letters: int) -> str:
    """That many words of that many letters, each another."""
    return " ".join("".join(chr(0x430 + int(digit)) for digit in f"{number:0{letters}}") for number in range(count))


@pytest.mark.parametrize(
    "description",
    ["", "x" * 5_000, "word and number " * 1_000, unlike(5_000, 90)],
    ids=["none", "one word", "many words", "long words"],
)
def test_the_longest_description_is_indexed_and_nothing_else_lost(finds, make_photo, description):
    make_photo(name="long.jpg", place="Porto", title="Bridge", description=description)
    assert finds("porto") == finds("place:=porto bridge") == {"long.jpg"}
    begun = description[:1_500] or "bridge"
    assert finds(begun.split(" ")[0]) == {"long.jpg"}
    if description:
        assert finds(f"description:{begun.split(' ')[0]}") == finds(f'description:="{begun}"') == {"long.jpg"}


def test_a_deleted_photo_leaves_the_index(finds, photo):
    Photo.objects.update(title="gone")
    assert finds("gone") == {"a.jpg"}
    assert text_index().count() == 1
    photo.delete()
    fulltext.refresh()
    assert text_index().count() == 0


def test_updates_without_a_change_queue_nothing(photo):
    fulltext.refresh()
    photo.rating = 3
    photo.save()
    Photo.objects.update(title=photo.title, favourite=True)
    assert not TextChange.objects.exists()


def test_a_search_does_not_wait_for_very_many_changes(finds, make_photo, monkeypatch):
    monkeypatch.setattr(fulltext, "AT_ONCE", 2)
    for number in range(4):
        make_photo(title="sun", name=f"{number}.jpg")
    assert fulltext.refresh() > 2
    assert finds("sun") == set()
    fulltext.work_off()
    assert len(finds("sun")) == 4


def test_the_index_is_rebuilt(finds, make_photo):
    for number in range(3):
        make_photo(title="sun", name=f"{number}.jpg")
    fulltext.refresh()
    text_index().remove(Photo.objects.values_list("pk", flat=True))
    assert finds("sun") == set()
    assert fulltext.rebuild() == 3
    assert len(finds("sun")) == 3


def test_triggers_are_dropped_before_migrations(photo):
    assert triggers.present()
    triggers.before_migrations(plan=[])
    assert triggers.present()
    triggers.before_migrations(plan=["something"])
    assert not triggers.present()
    fulltext.install()
    assert triggers.present() == triggers.wanted().keys()


def test_a_lost_table_is_made_again_with_everything(finds, photo):
    Photo.objects.update(title="sun")
    fulltext.refresh()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {text_index().table}")
    fulltext.install()
    assert finds("sun") == {"a.jpg"}


def test_the_command_builds_and_checks_the_index(make_photo, capsys):
    make_photo(title="sun")
    call_command("rebuild_index", kind="text")
    assert "text: 1 photo in the index." in capsys.readouterr().out
    fulltext.refresh()
    call_command("rebuild_index", kind="text", check=True)
    assert "1 photos in the index, 1 in the database, 0 changes waiting." in capsys.readouterr().out
    text_index().remove(Photo.objects.values_list("pk", flat=True))
    with pytest.raises(SystemExit):
        call_command("rebuild_index", kind="text", check=True)
