"""Questions as people type them (questions.txt), asked of a family's library (library.toml)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from photos.gallery import looks
from photos.models import Photo
from search.compile import Compiler
from search.language.grammar import Mistake
from search.results import timeline
from search.tests.questions import family
from vision.words import encoder

LEAST = 270


@pytest.fixture
def photos(
    owner: User, make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> dict[str, Photo]:
    """The family's photos, on Wednesday, 15 July 2026."""
    made = family.move_in(owner, make_photo)
    monkeypatch.setattr(Compiler, "today", property(lambda self: date(2026, 7, 15)))
    monkeypatch.setattr(looks, "can_find", lambda user: True)
    monkeypatch.setattr(looks, "find", family.eyes(made))
    monkeypatch.setattr(encoder, "knows", lambda word: False)
    return made


def test_the_table_of_questions(photos: dict[str, Photo], owner: User) -> None:
    names = {photo.pk: name for name, photo in photos.items()}
    asked = family.questions(set(photos))
    wrong = []
    for text, expected in asked:
        try:
            found = {names[pk] for pk in timeline.find(owner, text).photos.values_list("pk", flat=True)}
        except Mistake as mistake:
            found = {mistake.message}
        if found != expected:
            wrong.append(f"{text}: {' '.join(sorted(found))} instead of {' '.join(sorted(expected))}")
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong)
    assert len(asked) >= LEAST
