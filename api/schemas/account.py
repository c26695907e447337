"""Signing in, and the current user."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from accounts.models import Role
from accounts.security.tokens import SCOPES
from api.schemas.base import Exact, Input, OneOf, Text


class SignIn(Input):
    """Name and password of an account, for a token. `code` if the account has two-factor sign-in."""

    username: Exact = Field(min_length=1, max_length=150)
    password: str = Field(min_length=1, max_length=1_000)
    code: str = Field("", max_length=32, description="From the authenticator, or a recovery code.")
    name: Text = Field("API", min_length=1, max_length=120, description="What the token is for.")
    scopes: list[Annotated[str, OneOf(SCOPES)]] = ["read", "upload"]
    days: int | None = Field(90, ge=1, le=3650, description="null: until it is revoked.")


class TokenOut(Schema):
    """A new token. It is shown only once."""

    token: str
    scopes: list[str]
    expires_at: datetime | None


class Me(Schema):
    """The current user."""

    username: str
    role: Annotated[str, OneOf(Role.values)]
    scopes: list[str]
    used_bytes: int
    quota_bytes: int | None
    version: str
