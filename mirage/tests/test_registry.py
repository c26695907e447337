"""What apps bring, by name."""

import pytest

from mirage.registry import Registry


def test_entries_come_by_name_and_in_the_order_in_which_they_were_added() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("two", 2)
    registry.add("one", 1)
    assert list(registry.items()) == [("two", 2), ("one", 1)]
    assert registry["one"] == 1
    assert "three" not in registry
    assert registry.get("three") is None


def test_a_name_stands_for_one_entry() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    registry.add("one", 1)
    with pytest.raises(ValueError, match="There is a number called 'one' already"):
        registry.add("one", 2)
    assert dict(registry) == {"one": 1}


def test_an_entry_can_be_replaced_and_keeps_its_place() -> None:
    registry: Registry[int] = Registry("number")
    registry.replace("one", 1)
    registry.add("two", 2)
    registry.replace("one", 11)
    assert list(registry.items()) == [("one", 11), ("two", 2)]
