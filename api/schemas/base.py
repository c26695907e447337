"""Types that the schemas of several topics share."""

from collections.abc import Iterable
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import CoreSchema, core_schema

from media.text import clean

KEY_PATTERN = r"^[A-Za-z0-9_-]{1,32}$"
Key = Annotated[str, Field(pattern=KEY_PATTERN, description="Identifies an object in addresses.")]
RowId = Annotated[int, Field(ge=1, le=2**62)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


def without_nulls(text: str) -> str:
    """Remove the character 0, which PostgreSQL's texts cannot hold."""
    return text.replace("\0", "")


Text = Annotated[str, AfterValidator(clean)]  # text that people write, cleaned as everywhere
Exact = Annotated[str, AfterValidator(without_nulls)]  # names of files and users


class OneOf:
    """A string that is one of these values, written as in the models: `Annotated[str, OneOf(Album.Kind.values)]`."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = list(map(str, values))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema(self.values)


class Input(Schema):
    """A request body. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Why a request was refused, in words. Every status from 400 on returns it."""

    detail: str


PROBLEMS = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500})


def answers(kind: Any, status: int = 200) -> dict[Any, Any]:
    """The responses of an operation: this one, and the refusals that every operation may return."""
    return {status: kind, PROBLEMS: Problem}


class Keys(Input):
    """Photos by their keys."""

    keys: list[Key] = Field(min_length=1, max_length=10_000)


class Changed(Schema):
    """How many photos changed, and which."""

    keys: list[str]


class Count(Schema):
    """The number of photos."""

    count: int
