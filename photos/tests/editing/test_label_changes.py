"""Decisions about labels and text: what they say was done. photos/tests/views/test_seen.py tests what they do."""

import pytest

from accounts.models import User
from photos.editing.edits import InvalidEdit
from photos.editing.label_changes import DecideObjects, DecideText, read_object, read_text


@pytest.mark.parametrize(
    ("state", "number", "sentence"),
    [
        ("accepted", 1, "Photo has cat"),
        ("accepted", 2, "2 photos have cat"),
        ("rejected", 1, "Photo has no cat"),
        ("proposed", 1_234, "1,234 photos may have cat"),
    ],
)
def test_a_decision_about_a_label_in_words(state: str, number: int, sentence: str) -> None:
    assert DecideObjects("cat", state, []).sentence(number) == sentence


@pytest.mark.parametrize(
    ("rejected", "number", "sentence"),
    [(True, 1, "Photo has no text"), (True, 3, "3 photos have no text"), (False, 1, "Photo has text")],
)
def test_a_decision_about_text_in_words(rejected: bool, number: int, sentence: str) -> None:
    assert DecideText(rejected).sentence(number) == sentence


def test_what_is_no_decision_is_refused(owner: User) -> None:
    with pytest.raises(InvalidEdit, match="accept or reject"):
        read_object(owner, {"label": "unicorn", "decision": "accept"})
    with pytest.raises(InvalidEdit, match="whether it is text"):
        read_text(owner, {})
