"""Questions as people type them (questions.txt), asked of a family's library (library.toml)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from photos.gallery import looks
from photos.models import Photo
from search.compile import Compiler
from search.language.grammar import Mistake
from search.language.languages.tables import CODES
from search.results import timeline
from search.tests.questions import family
from vision.words import encoder

LEAST, LEAST_OF_A_LANGUAGE = 270, 25
OWN_WORDS = {"nl": ("videos of mia",)}  # which is Dutch as well, for videos or Mia
DJANGOS = {"pt": "pt-br", "zh": "zh-hans"}  # what Django calls the languages


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
    asked = family.questions(set(photos))
    wrong = answered_wrongly(photos, owner, asked)
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong)
    assert len(asked) >= LEAST


@pytest.mark.parametrize("code", CODES)
def test_the_questions_in_other_languages(photos: dict[str, Photo], owner: User, code: str) -> None:
    asked = family.questions(set(photos), f"languages/{code}.txt")
    with translation.override(DJANGOS.get(code, code)):
        wrong = answered_wrongly(photos, owner, asked)
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong)
    assert len(asked) >= LEAST_OF_A_LANGUAGE


@pytest.mark.once  # the first test asks each database the same
@pytest.mark.parametrize("code", CODES)
def test_the_english_questions_asked_by_a_reader_of_another_language(
    photos: dict[str, Photo], owner: User, code: str
) -> None:
    asked = [one for one in family.questions(set(photos)) if one[0] not in OWN_WORDS.get(code, ())]
    with translation.override(DJANGOS.get(code, code)):
        wrong = answered_wrongly(photos, owner, asked)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def answered_wrongly(photos: dict[str, Photo], owner: User, asked: list[family.Question]) -> list[str]:
    """The questions that do not find what they must, with what they find."""
    names = {photo.pk: name for name, photo in photos.items()}
    wrong = []
    for text, expected in asked:
        try:
            found = {names[pk] for pk in timeline.find(owner, text).photos.values_list("pk", flat=True)}
        except Mistake as mistake:
            found = {mistake.message}
        if found != expected:
            wrong.append(f"{text}: {' '.join(sorted(found))} instead of {' '.join(sorted(expected))}")
    return wrong
