"""Unusual requests: schemathesis makes them from the schema, for a real server, with a token that has all scopes.

Bounded: a few examples for each operation, always the same ones. No response may be a 5xx or differ from the schema,
and none may be given without a token if one is required.
"""

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

from accounts.models import Role, User
from accounts.security import lockout, programs, tokens
from albums.models import Album, AlbumItem
from api.v1 import api
from duplicates.models import DuplicateGroup, DuplicateMember
from people.models import Face, Person
from photos.gallery.stacking import stacks
from photos.models import Comment, Photo, Upload
from search.models import SavedSearch
from tags.keywords import ensure_tags
from tags.models import PhotoTag

pytestmark = [pytest.mark.django_db(transaction=True)]

EXAMPLES = 12 if connection.vendor == "sqlite" else 6  # on PostgreSQL for numbers and characters that it refuses
WRONG = 5  # examples for each operation of requests that the schema forbids
SCHEMA: Any = schemathesis.openapi.from_dict(api.get_openapi_schema())
CHECKS = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.ignored_auth,
]
NEGATIVE = [*CHECKS, openapi.negative_data_rejection, openapi.unsupported_method]
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]


@pytest.fixture
def asked(
    live_server: LiveServer, owner: User, make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """The server, a token with all scopes, and the keys of one object of each kind."""
    monkeypatch.setattr(programs, "REQUESTS", 100_000)
    monkeypatch.setattr(lockout, "FREE_FAILURES_OF_ADDRESS", 100_000)  # it asks with wrong tokens, too
    owner.set_role(Role.ADMINISTRATOR)
    owner.save()
    photo, other = make_photo(), make_photo()
    album = Album.objects.create(owner=owner, name="Norway")
    AlbumItem.objects.create(album=album, photo=photo, position=1)
    person = Person.objects.create(owner=owner, name="Anna")
    Face.objects.create(photo=photo, person=person, x=0, y=0, width=1, height=1)
    group = DuplicateGroup.objects.create(owner=owner, tier="same")
    for one in (photo, other):
        DuplicateMember.objects.create(group=group, photo=one, role="copy", similarity=1)
    upload = Upload.objects.create(owner=owner, name="a.jpg", size=3)
    kinds: dict[str, Any] = {"photos": photo, "albums": album, "people": person, "duplicates": group, "uploads": upload}
    _, secret = tokens.issue(owner, "schemathesis", tokens.SCOPES)
    rows: dict[str, Any] = {
        "tags": ensure_tags(owner.pk, ["Norway"])["norway"],
        "comments": Comment.objects.create(photo=photo, author=owner, text="Fine"),
        "searches": SavedSearch.objects.create(owner=owner, name="Sun", query="sun"),
        "changes": stacks.stack_chosen(owner, [photo, other], owner),
    }
    PhotoTag.objects.create(photo=photo, tag=rows["tags"])
    keys = {kind: row.key for kind, row in kinds.items()} | {kind: row.pk for kind, row in rows.items()}
    return {"url": live_server.url, "secret": secret, "keys": keys}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_responses_match_the_schema(operation: Any, asked: dict[str, Any]) -> None:
    ask_often(operation, asked, GenerationMode.POSITIVE, CHECKS, EXAMPLES)


@pytest.mark.once  # they are refused before any query about them
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_requests_that_the_schema_forbids_are_refused(operation: Any, asked: dict[str, Any]) -> None:
    ask_often(operation, asked, GenerationMode.NEGATIVE, NEGATIVE, WRONG)


def ask_often(operation: Any, asked: dict[str, Any], mode: GenerationMode, kept: list[Any], examples: int) -> None:
    """Make requests that the schema allows or forbids, half of them about objects that exist."""
    kind = operation.path.removeprefix("/api/v1/").partition("/")[0]
    known = asked["keys"].get(kind, asked["keys"]["photos"])

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), real=hypothesis.strategies.booleans())
    def ask(case: Any, real: bool) -> None:
        if real and mode is GenerationMode.POSITIVE:  # else a wrong key would be put right
            case.path_parameters = {
                name: known if name == "key" else asked["keys"].get(f"{name}s", asked["keys"].get(f"{name}es", value))
                for name, value in (case.path_parameters or {}).items()
            }
        response = case.call(base_url=asked["url"], headers={"Authorization": f"Bearer {asked['secret']}"}, timeout=60)
        case.validate_response(response, checks=kept)

    ask()
