"""Request bodies about duplicates, comments and saved searches."""

from typing import Any

import pytest
from ninja import Schema
from pydantic import ValidationError

from api.schemas.curation import CommentIn, Keep, SearchEdit, SearchIn

RIGHT: list[tuple[type[Schema], dict[str, Any]]] = [
    (CommentIn, {"text": "x" * 5_000}),
    (SearchIn, {"name": "Sun", "query": "sun"}),
    (SearchEdit, {}),
    (SearchEdit, {"pinned": True}),
    (Keep, {}),
    (Keep, {"keys": ["A-z_9"] * 1_000}),
]
WRONG: list[tuple[type[Schema], dict[str, Any], str]] = [
    (CommentIn, {"text": ""}, "text"),
    (CommentIn, {"text": "x" * 5_001}, "text"),
    (CommentIn, {}, "text"),
    (SearchIn, {"name": "", "query": "sun"}, "name"),
    (SearchIn, {"name": "x" * 121, "query": "sun"}, "name"),
    (SearchIn, {"name": "Sun"}, "query"),
    (SearchIn, {"name": "Sun", "query": "x" * 2_001}, "query"),
    (SearchEdit, {"query": ""}, "query"),
    (Keep, {"keys": ["a b"]}, "keys"),
    (Keep, {"keys": [""]}, "keys"),
    (Keep, {"keys": ["x" * 33]}, "keys"),
    (Keep, {"keys": ["x"] * 1_001}, "keys"),
]


@pytest.mark.parametrize(("schema", "body"), RIGHT)
def test_valid_bodies(schema: type[Schema], body: dict[str, Any]) -> None:
    assert schema.model_validate(body).model_dump(exclude_unset=True) == body


@pytest.mark.parametrize(("schema", "body", "field"), WRONG)
def test_a_refusal_names_the_field(schema: type[Schema], body: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.model_validate(body)
    assert field in [part for error in refused.value.errors() for part in error["loc"]]


def test_the_suggested_photo_is_kept_and_merged_by_default() -> None:
    keep = Keep.model_validate({})
    assert (keep.keys, keep.merge) == ([], True)


def test_a_comment_has_no_null_characters() -> None:
    assert CommentIn(text="Fi\0ne").text == "Fine"
