"""Who is admitted where: every address of the site, requested by everybody.

The addresses come from the URLconf; each needs a rule in rules.py. Each request also checks that the answer
shows no words that are not for the actor, and that nobody changed the owner's rows without permission.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from mirage.tests.access import world as access_world
from mirage.tests.access.rules import RULES, Rule
from mirage.tests.access.world import ACTORS, STAFF, WORDS, World, make_world, snapshot

pytestmark = pytest.mark.django_db

REFUSALS = (401, 403, 404, 410)
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
SIGN_IN = ("/accounts/login/?next=", "/admin/login/?next=")


def addresses(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespaces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        else:
            yield from addresses(
                pattern.url_patterns, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )


NAMES = sorted(set(addresses()))
FAMILIES = tuple(name.removesuffix("*") for name in RULES if name.endswith("*"))
OWN = [name for name in NAMES if not name.startswith(FAMILIES)]
FOREIGN = [name for name in NAMES if name.startswith(FAMILIES)]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests. The changes of each request are rolled back."""
    with (
        django_db_blocker.unblock(),
        override_settings(MIRAGE_DATA=tmp_path_factory.mktemp("world")),
        transaction.atomic(),
    ):
        yield make_world()
        transaction.set_rollback(True)


def ask(world: World, actor: str, name: str, rule: Rule) -> Any:
    """The answer to the actor, with its whole content."""
    world.asking = actor
    address = reverse(name, args=rule.arguments(world))
    fields = {key: value(world) if callable(value) else value for key, value in rule.fields.items()}
    client = world.program(actor) if name.startswith("api-1:") else world.client(actor)
    body = {"content_type": "application/json"} if rule.json and rule.method not in ("GET", "HEAD") else {}
    response: Any = getattr(client, rule.method.lower())(address, fields, headers={"Tus-Resumable": "1.0.0"}, **body)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def asking(rule: Rule) -> list[str]:
    """Who asks: everybody on SQLite; on PostgreSQL all who are admitted, for whom the view runs, and one who is not.

    The others are refused by the same conditions, which Django's ORM says to either database.
    """
    if connection.vendor == "sqlite":
        return list(ACTORS)
    refused = [actor for actor in ACTORS if actor not in rule.who]
    return [*(actor for actor in ACTORS if actor in rule.who), *refused[:1]]


def let_in(response: HttpResponseBase) -> bool:
    """Whether the answer is for somebody who is admitted. Only they see the errors of a form."""
    if response.status_code in REFUSALS:
        return False
    return not response.headers.get("Location", "").startswith(SIGN_IN)


def test_every_address_has_a_rule() -> None:
    missing = [name for name in OWN if name not in RULES]
    assert missing == [], "Give these a rule in mirage/tests/access/rules.py"
    assert [name for name in RULES if not name.endswith("*") and name not in OWN] == [], "These are no addresses"


@pytest.mark.parametrize("name", [name for name in OWN if name in RULES])
def test_an_address_admits_only_whom_its_rule_names(world: World, name: str) -> None:
    rules = RULES[name]
    for rule in rules if isinstance(rules, list) else [rules]:
        for actor in asking(rule):
            with transaction.atomic():
                check(world, actor, name, rule)
                transaction.set_rollback(True)


def check(world: World, actor: str, name: str, rule: Rule) -> None:
    response = ask(world, actor, name, rule)
    assert response.status_code != 405, f"{name} is not asked by {rule.method}"
    assert let_in(response) is (actor in rule.who), f"{actor} at {name}: {response.status_code}"
    if not response.streaming:
        shown = getattr(response, "content", b"").decode(errors="ignore")
        leaked = [word for word, readers in WORDS.items() if word in shown and actor not in readers]
        assert not leaked or echoed(rule, leaked), f"{actor} at {name} reads {leaked}"
    if rule.method in CHANGES and actor not in rule.writes:
        assert snapshot(world) == world.before, f"{actor} at {name} changes what is the owner's"


def echoed(rule: Rule, words: list[str]) -> bool:
    """Whether the words came with the form itself."""
    return all(any(word in str(value) for value in rule.fields.values()) for word in words)


@pytest.mark.once  # refused by Django's administration, which looks only at who asks
@pytest.mark.parametrize("name", FOREIGN)
def test_administration_is_for_administrators(world: World, name: str) -> None:
    address = foreign_address(name)
    if address is None:
        pytest.skip("not an address by itself")
    for actor in (actor for actor in ACTORS if actor not in STAFF):
        with transaction.atomic():
            response = world.client(actor).get(address)
            transaction.set_rollback(True)
        if name in ("admin:login", "admin:logout", "admin:jsi18n"):
            assert response.status_code < 500
        else:
            assert not let_in(response), f"{actor} at {name}: {response.status_code}"


def foreign_address(name: str) -> str | None:
    """The address of another library's view with arguments that fit; None if none do."""
    for arguments in ([], [1], ["1"], [1, "x"], [1, "x", "y"], ["photos"]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None


def test_the_world_contains_what_it_says(world: World) -> None:
    """The checks above can fail: the words are really shown to those who may read them."""
    owner = world.client("owner")
    assert "Secretword" in owner.get(f"/photo/{world.private.key}/").content.decode()
    assert "Albumword" in owner.get("/albums/").content.decode()
    assert "Personword" in owner.get("/people/").content.decode()
    assert set(access_world.ACTORS) >= set().union(*WORDS.values())
