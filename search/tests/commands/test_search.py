"""manage.py search"""

import json

import pytest
from django.core.management import CommandError, call_command

from photos.gallery import looks
from photos.models import Photo


@pytest.fixture
def told(capsys, owner, make_photo):
    make_photo(name="a.jpg", title="Beach", size=10, place="Lisbon", country="Portugal")
    make_photo(name="b.jpg", title="Beach", size=20)
    make_photo(name="c.jpg", title="Forest", owner=owner)

    def run(query, **options):
        call_command("search", query, **options)
        return capsys.readouterr()

    return run


def test_it_lists_what_it_finds(told):
    out = told("beach sort:largest").out
    assert out.index("b.jpg") < out.index("a.jpg")
    assert "Lisbon, Portugal" in out
    assert out.endswith("2 found\n")


def test_json_is_for_programs(told):
    found = json.loads(told("person:Nobody OR beach", owner="anna", json=True, limit=1).out)
    assert (found["query"], found["total"]) == ("person:Nobody OR beach", 2)
    assert [photo["name"] for photo in found["photos"]] == ["b.jpg"]
    assert found["notices"] == ["Nobody is named “Nobody”."]


def test_a_mistake_is_pointed_at(told):
    with pytest.raises(CommandError) as caught:
        told("beach is:favourit")
    assert "\n  beach is:favourit\n           ^^^^^^^^\nDid you mean: beach is:favourite" in str(caught.value)


def test_an_owner_is_required_if_there_are_several_users(told, stranger):
    with pytest.raises(CommandError, match="--owner"):
        told("beach")
    assert told("beach", owner="mallory").out == "0 found\n"


def test_it_says_why_where_pictures_were_compared(told, owner, monkeypatch):
    seen = Photo.objects.get(original_name="c.jpg")
    monkeypatch.setattr(looks, "can_find", lambda user: True)
    monkeypatch.setattr(looks, "find", lambda user, words: [seen.pk])
    out = told("beach").out
    assert "c.jpg  Forest  (Looks like “beach”)" in out
    assert "b.jpg  Beach  (Named “beach”)" in out
    found = json.loads(told("beach", json=True).out)["photos"]
    assert {one["name"]: one["found_by"] for one in found}["c.jpg"] == "Looks like “beach”"
