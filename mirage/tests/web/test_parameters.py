"""Lists and ids in forms and addresses."""

import pytest
from django import forms
from django.http import QueryDict

from mirage.web.parameters import listed, problems, row_id, row_ids, typed


def test_values_are_repeated_or_separated_by_commas() -> None:
    form = QueryDict("keys=a,b&keys=&keys=%20c%20,a&other=d")
    assert listed(form, "keys") == ["a", "b", "c"]
    assert listed(form, "missing") == []


def test_what_was_typed_has_no_nulls_and_no_spaces_around_it() -> None:
    form = QueryDict("q=%00%20a%00b%20")
    assert typed(form, "q") == "a b"
    assert typed(form, "missing") == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("1" * 19, None),
    ],
)
def test_ids_of_rows(text: str, number: int | None) -> None:
    assert row_id(text) == number


def test_invalid_ids_are_left_out() -> None:
    assert row_ids(QueryDict("faces=3,x,1&faces=0"), "faces") == [3, 1, 0]


def test_errors_of_a_form() -> None:
    class Form(forms.Form):
        name = forms.CharField(error_messages={"required": "Say a name."})
        size = forms.IntegerField(error_messages={"invalid": "Say a number."})

    assert problems(Form({"size": "x"})) == "Say a name. Say a number."
    assert problems(Form({"name": "a", "size": "1"})) == ""
