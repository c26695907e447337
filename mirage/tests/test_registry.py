"""Registries of what apps contribute."""

import pytest

from mirage.registry import Registry


def test_entries_are_named_and_ordered() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("two", 2)
    registry.add("one", 1)
    assert list(registry.items()) == [("two", 2), ("one", 1)]
    assert registry["one"] == 1
    assert "three" not in registry
    assert registry.get("three") is None


def test_a_name_is_unique() -> None:
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    registry.add("one", 1)
    with pytest.raises(ValueError, match="There is already a number called 'one'"):
        registry.add("one", 2)
    assert dict(registry) == {"one": 1}


def test_an_entry_can_be_replaced_and_keeps_its_place() -> None:
    registry: Registry[int] = Registry("number")
    registry.replace("one", 1)
    registry.add("two", 2)
    registry.replace("one", 11)
    assert list(registry.items()) == [("one", 11), ("two", 2)]
