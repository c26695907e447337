"""A key is one entry: index, triggers, completion and pages follow from it, also in an existing library."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from photos.models import Photo
from search.compile import select
from search.conditions.numbers import number
from search.facets import of_column
from search.index import fulltext, triggers
from search.index.text_index import TABLES, PostgresIndex, SqliteIndex, text_index
from search.keys import TABLE, text
from search.language.grammar import OF_WHOLE, Mistake, parse
from search.language.keys import KEYS, Key, Kind, find
from search.models import TextChange
from search.suggestions import proposals
from search.suggestions.completion import complete

AUTHOR = text(
    "author", "Who took it", "author:Ann", "author", anywhere="notes",
    facet=of_column("Authors", "user", "author", "author"), counted=("author",),
)  # fmt: skip
WIDTH = Key("width", Kind.NUMBER, "Width in pixels", "width:>1000", condition=number("width"))
Finds = Callable[[str], set[str]]


@pytest.fixture
def finds(owner: User) -> Finds:
    return lambda query: {photo.original_name for photo in select(Photo.objects.all(), owner, query)}


@pytest.fixture
def indexed(make_photo: Callable[..., Photo]) -> list[Photo]:
    """A library that was indexed before the key was added."""
    photos = [
        make_photo(name="a.jpg", title="Beach", author="Ann Smith"), make_photo(name="b.jpg", title="Beach hut")
    ]  # fmt: skip
    fulltext.refresh()
    return photos


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[[Key], None]:
    """Add a key as an upgrade of an existing library does: migrations follow."""

    def added(key: Key) -> None:
        connection.check_constraints()  # in one transaction with the test's rows: none of their checks may be left
        monkeypatch.setitem(KEYS._entries, key.name, key)
        fulltext.install()

    return added


def tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if TABLES.fullmatch(name)]


def test_a_new_text_key_finds_what_is_in_the_library_already(
    finds: Finds, indexed: list[Photo], add: Callable[[Key], None]
) -> None:
    with pytest.raises(Mistake):
        parse("author:ann")
    assert finds("smith") == set()
    add(AUTHOR)
    assert finds("author:ann") == finds("author:=“Ann Smith”") == finds("smith") == {"a.jpg"}
    assert finds("author:beach") == set()
    assert not [finding for finding in fulltext.check() if not finding.sound]


def test_a_new_text_key_follows_changes(finds: Finds, indexed: list[Photo], add: Callable[[Key], None]) -> None:
    add(AUTHOR)
    fulltext.refresh()
    Photo.objects.filter(pk=indexed[1].pk).update(author="Ben")
    assert finds("author:ben") == {"b.jpg"}
    Photo.objects.update(author="")
    assert finds("author:ben") == finds("author:ann") == set()


def test_a_new_text_key_is_proposed_and_counted(
    client: Client, owner: User, indexed: list[Photo], add: Callable[[Key], None]
) -> None:
    add(AUTHOR)
    assert [one.text for one in complete(owner, "author:smi", 10)] == ['author:"Ann Smith" ']
    assert [one.text for one in complete(owner, "auth", 4)] == ["author:"]
    Photo.objects.filter(pk=indexed[1].pk).update(author="Ben")
    client.force_login(owner)
    narrowed = client.get("/search/narrow/", {"q": "beach"}).content.decode()
    assert "Authors" in narrowed
    assert "author%3A%3DBen" in narrowed


def test_the_old_index_is_used_until_everything_is_indexed_again(
    finds: Finds, indexed: list[Photo], add: Callable[[Key], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "AT_ONCE", 0)  # as if there were too many photos for a search to wait
    add(AUTHOR)
    assert finds("hut") == {"b.jpg"}
    assert finds("author:ann") == set()
    fulltext.work_off()
    assert finds("author:ann") == {"a.jpg"}


def test_there_is_one_table_and_one_trigger_after_any_change(
    indexed: list[Photo], add: Callable[[Key], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, watched = tables(), triggers.present()
    assert before == [text_index().table]
    add(AUTHOR)
    assert tables() == [text_index().table] != before
    assert len(triggers.present()) == len(watched)
    assert len(triggers.present() - watched) == 1
    monkeypatch.delitem(KEYS._entries, "author")
    fulltext.install()
    assert (tables(), triggers.present()) == (before, watched)


def test_nothing_is_indexed_again_without_a_change(indexed: list[Photo], add: Callable[[Key], None]) -> None:
    add(WIDTH)
    assert not TextChange.objects.exists()


def test_a_table_of_another_layout_is_made_again(
    finds: Finds, indexed: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.check_constraints()
    before = tables()
    monkeypatch.setattr(SqliteIndex, "layout", SqliteIndex.layout.replace("prefix='2 3'", "prefix='2'"))
    monkeypatch.setattr(PostgresIndex, "layout", PostgresIndex.layout.replace(")", ", extra integer)"))
    fulltext.install()
    assert tables() == [text_index().table] != before
    assert finds("beach") == {"a.jpg", "b.jpg"}


def test_a_new_number_needs_only_an_entry(
    finds: Finds, make_photo: Callable[..., Photo], owner: User, add: Callable[[Key], None]
) -> None:
    make_photo(name="wide.jpg", width=4000), make_photo(name="narrow.jpg", width=640), make_photo(name="unknown.jpg")
    add(WIDTH)
    assert finds("width:>1000") == {"wide.jpg"}
    assert [one.label for one in complete(owner, "width:", 6)] == [">1000"]


def test_the_help_sheet_explains_each_key(client: Client, owner: User) -> None:
    client.force_login(owner)
    text = client.get("/search/").content.decode()
    for key in KEYS.values():
        assert f"<dd>{key.about}</dd>" in text
        assert ", ".join(key.choices) in text


@pytest.mark.parametrize("key", TABLE, ids=lambda key: key.name)
def test_the_example_of_each_key_is_valid(key: Key) -> None:
    assert all(find(name.upper()) is key for name in (key.name, *key.aliases))
    parse(key.example)
    for name, choice in key.choices.items():
        assert key.choice(name) == name
        assert all(key.choice(spelling) == name for spelling in choice.spellings)
        assert choice.condition or key.name in OF_WHOLE
    assert key.condition or key.name in OF_WHOLE


def test_no_two_keys_have_a_name_in_common() -> None:
    names = [name for key in KEYS.values() for name in (key.name, *key.aliases)]
    assert len(names) == len(set(names))


def test_values_are_proposed_by_column(owner: User, indexed: list[Photo]) -> None:
    assert [one.value for one in proposals.of_column("title")(owner, "hu")] == ["Beach hut"]
