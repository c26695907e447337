"""Edits are read, checked, rounded and refused with reasons."""

from typing import Any

import pytest

from media.editing import description
from media.editing.description import ORIGINAL, Edit, Refused
from media.editing.presets import PRESETS
from media.tests.editing.pictures import EDITS


def read(*operations: Any, version: object = 1) -> Edit:
    return description.read({"version": version, "operations": list(operations)})


@pytest.mark.parametrize("name", EDITS)
def test_what_was_read_is_written_and_read_again(name: str) -> None:
    edit = read(*EDITS[name])
    assert description.read(edit.as_json()) == edit
    assert description.read(edit.as_json()).key == edit.key
    assert len(edit.key) == 12


def test_operations_have_one_order_whatever_they_came_in():
    one, other = {"op": "exposure", "amount": 0.2}, {"op": "crop", "x": 0, "y": 0, "width": 0.5, "height": 0.5}
    assert read(one, other) == read(other, one)
    assert [each["op"] for each in read(one, other).operations] == ["crop", "exposure"]


def test_what_does_nothing_is_left_out():
    idle = [{"op": "exposure", "amount": 0}, {"op": "straighten", "degrees": 0}, {"op": "turn", "by": 1}]
    assert read(*idle) == ORIGINAL
    assert ORIGINAL.as_json() is None
    assert ORIGINAL.key == ""
    assert description.read(None) == ORIGINAL


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"op": "sparkle"}, "does not know the operation sparkle"),
        ({"op": ["crop"]}, "does not know the operation"),
        ("crop", "does not know the operation"),
        ({"op": "crop", "x": 0.6, "y": 0, "width": 0.5, "height": 1}, "The crop reaches beyond the picture"),
        ({"op": "crop", "x": -0.1, "y": 0, "width": 0.5, "height": 1}, "x must be between 0 and 1"),
        ({"op": "crop", "x": 0, "y": 0, "width": 0, "height": 1}, "width must be between 0.001 and 1"),
        ({"op": "exposure", "amount": 2}, "Exposure: amount must be between -1 and 1"),
        ({"op": "exposure", "amount": "much"}, "Exposure needs a number for amount"),
        ({"op": "exposure", "amount": True}, "Exposure needs a number"),
        ({"op": "exposure", "amount": float("nan")}, "Exposure needs a number"),
        ({"op": "exposure"}, "Exposure needs a number"),
        ({"op": "straighten", "degrees": 46}, "between -45 and 45"),
        ({"op": "turn", "by": 9}, "1 to 8"),
        ({"op": "preset", "name": "nowhere"}, "no preset nowhere"),
        ({"op": "blur", "x": 0, "y": 0, "width": 1, "height": 1, "shape": "star"}, "a box or an oval"),
        ({"op": "perspective", "corners": [[0, 0], [1, 0]]}, "four corners"),
        ({"op": "perspective", "corners": [[0, 0], [0, 1], [1, 1], [1, 0]]}, "go around the picture"),
        ({"op": "perspective", "corners": [[0, 0], [1, 0], [0.1, 0.1], [0, 1]]}, "go around the picture"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(given: object, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(given)


@pytest.mark.parametrize("given", [[], "crop", {"version": 1}, {"version": 1, "operations": {}}])
def test_what_is_no_edit_is_refused(given: object) -> None:
    with pytest.raises(Refused, match="a version and a list"):
        description.read(given)


def test_a_newer_version_is_refused():
    with pytest.raises(Refused, match=r"newer Mirage \(version 2"):
        read(version=2)
    for version in (None, "1", 0):
        with pytest.raises(Refused, match="does not say its version"):
            read(version=version)


def test_an_operation_stands_once_and_regions_often():
    with pytest.raises(Refused, match="Exposure only once"):
        read({"op": "exposure", "amount": 0.2}, {"op": "exposure", "amount": 0.3})
    blur = {"op": "blur", "x": 0, "y": 0, "width": 0.5, "height": 0.5, "shape": "box"}
    assert len(read(blur, blur).operations) == 2
    with pytest.raises(Refused, match="At most 60"):
        read(*[blur] * 61)


def test_the_turn_can_be_exchanged():
    edit = read({"op": "exposure", "amount": 0.2}, {"op": "turn", "by": 6})
    assert edit.turned(8).turn == 8
    assert edit.turned(1) == edit.without("turn")


def test_presets_are_within_what_operations_allow():
    for amounts in PRESETS.values():
        assert set(amounts) <= {*description.AMOUNTS, *description.PARTS, "fade", "toned"}
        assert all(-1 <= amount <= 1 for amount in amounts.values())
    assert len(PRESETS) >= 12
