"""Where the storage template puts originals, under names that each file system takes."""

from datetime import datetime
from typing import Any

import pytest

from media import storage_template as template
from media.storage_template import BadTemplate, Facts, path_for


def facts(**more: Any) -> Facts:
    return Facts(**{"owner": "anna", "taken": datetime(2024, 5, 1, 12, 3, 9), "name": "IMG_1.JPG", **more})


@pytest.mark.parametrize(
    ("pattern", "more", "path"),
    [
        (template.DEFAULT, {}, "anna/2024/05/IMG_1.JPG"),
        ("{owner}/{yy}-{mm}-{dd}/{hh}{min}{ss}", {}, "anna/24-05-01/120309.JPG"),
        ("{owner}/{album|yyyy}/{name}", {}, "anna/2024/IMG_1.JPG"),
        ("{owner}/{album|yyyy}/{name}", {"album": "Été / 日本"}, "anna/Été _ 日本/IMG_1.JPG"),
        ("{owner}/{album}/{name}", {}, "anna/IMG_1.JPG"),
        ("{owner}/{camera}/{kind}/{name}", {"make": "Canon", "model": "Canon R5"}, "anna/Canon R5/photos/IMG_1.JPG"),
        ("{owner}/{camera}/{name}", {"make": "Apple", "model": "iPhone 15"}, "anna/Apple iPhone 15/IMG_1.JPG"),
        ("{owner}/{folder}/{name}", {"folder": "Pics/2019/../CON"}, "anna/Pics/2019/_CON/IMG_1.JPG"),
        ("{owner}/of {folder}/{name}", {"folder": "a/b"}, "anna/of a_b/IMG_1.JPG"),
        ("{owner}/{place}, {country}/{name}", {"place": "Faro", "country": "Peru"}, "anna/Faro, Peru/IMG_1.JPG"),
        ("{owner}/{name}", {"name": "no extension"}, "anna/no extension"),
        ("{owner}/{place}{name}", {}, "anna/IMG_1.JPG"),
        ("{owner}/{name}", {"name": "nul.jpg"}, "anna/_nul.jpg"),
        ("{owner}/{album}/{name}", {"album": "..."}, "anna/IMG_1.JPG"),
        ("{owner}/{album}/{name}", {"album": "a.\u202egpj\x00<>"}, "anna/a._gpj___/IMG_1.JPG"),
        ("{owner}/{album}/{name}", {"album": "أعياد 👨‍👩‍👧 ශ්‍රී"}, "anna/أعياد 👨‍👩‍👧 ශ්‍රී/IMG_1.JPG"),
        ("{owner}/{album}/{name}", {"album": "..\\..\\up"}, "anna/_.._up/IMG_1.JPG"),
    ],
)  # fmt: skip
def test_words_become_names(pattern: str, more: dict[str, str], path: str) -> None:
    assert path_for(template.check(pattern), facts(**more)) == path


def test_a_file_always_has_a_name() -> None:
    assert path_for("{owner}/{place}", facts()) == "anna/IMG_1.JPG"


@pytest.mark.parametrize("letter", ["x", "é", "日", "👩", "e\u0301", "\udcff"])
def test_names_are_cut_to_what_file_systems_hold(letter: str) -> None:
    path = path_for("{owner}/{album}/{place}/{folder}/{name}", facts(
        album=letter * 400, place=letter * 400, folder="/".join([letter * 90] * 9), name=letter * 400 + ".jpeg",
    ))  # fmt: skip
    steps = path.split("/")
    assert all(len(step.encode()) <= template.LONGEST_NAME for step in steps)
    assert all(len(step.encode()) <= template.LONGEST_STEP for step in steps[:-1])
    assert len(path.encode()) <= template.LONGEST_PATH + template.LONGEST_NAME
    assert path.endswith(".jpeg")
    assert path.startswith("anna/")


def test_no_letter_loses_its_accent() -> None:
    assert template.cut("ab" + "q\u0323\u0301", 3) == "ab"
    assert template.cut("q\u0323\u0301", 1) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "{name}", "x/{owner}/{name}", "{owner}{name}", "{owner}/{foo}/{name}", "{owner}/{name", "{owner}/na}me"),
        *("{owner}//{name}", "{owner}/../{name}", "{owner}/./{name}", "{owner}/abc", "{owner}/{name}/"),
        *("{owner}/{kind}", "{owner}/{name}/{yyyy}", "{owner}/{place}", "{owner}/{album|name}"),
        "{owner}/a\\{name}",
        *("{owner}/{}/{name}", "{owner}/{album|}/{name}", "{owner}/a\nb/{name}", "{owner}/" + "a" * 250 + "{name}"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(BadTemplate):
        template.check(pattern)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        *(("anna/a.jpg", True), ("anna/a-1.jpg", True), ("anna/a-12.jpg", True), ("anna/a-b.jpg", False)),
        *(("anna/a-01.jpg", False), ("anna/a-0.jpg", False)),
        *(("anna/b.jpg", False), ("anna/a.png", False), ("anna/x/a.jpg", False), ("anna/a-1-2.jpg", False)),
    ],
)
def test_a_number_for_a_taken_name_is_no_reason_to_move(path: str, there: bool) -> None:
    assert template.is_at(path, "anna/a.jpg") is there


def test_numbers_stand_before_the_extension() -> None:
    assert template.numbered("a.b/c", 2) == "a.b/c-2"
    assert template.numbered("a/c.jpg", 2) == "a/c-2.jpg"
    assert template.numbered("a/c.jpg", 0) == "a/c.jpg"


@pytest.mark.parametrize(("taken", "number", "most"), [(0, 0, 1), (1, 1, 2), (3, 3, 5), (50_000, 50_000, 40)])
def test_a_free_number_is_found_in_few_steps(taken: int, number: int, most: int) -> None:
    asked: list[int] = []

    def is_taken(number: int) -> bool:
        asked.append(number)
        return number < taken

    assert template.free_number(is_taken) == number
    assert len(asked) <= most
    assert template.free_number(lambda number: True) is None
    assert template.free_number(lambda number: number != 40) != 39
