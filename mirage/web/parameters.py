"""Parameters of forms and addresses: lists, ids of rows, and the errors of a form."""

from django.forms import BaseForm
from django.http import QueryDict

LONGEST = 18  # digits that every database can store


def listed(form: QueryDict, name: str) -> list[str]:
    """The values of a field, repeated or separated by commas, in order and without duplicates.

    Values with a NUL are left out: no key has one, and PostgreSQL refuses them.
    """
    values = (value.strip() for field in form.getlist(name) for value in field.split(","))
    return list(dict.fromkeys(value for value in values if value and "\0" not in value))


def typed(form: QueryDict, name: str) -> str:
    """What was typed into a field, without NULs, which PostgreSQL refuses, and without spaces around it."""
    return form.get(name, "").replace("\0", " ").strip()


def row_id(text: str) -> int | None:
    """The id of a row; None if the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def row_ids(form: QueryDict, name: str) -> list[int]:
    """The ids among a field's values."""
    return [number for value in listed(form, name) if (number := row_id(value)) is not None]


def problems(form: BaseForm) -> str:
    """The errors of a form as text."""
    return " ".join(str(reason) for reasons in form.errors.values() for reason in reasons)
