"""Whether a translation fits its text: names of values, tags, plural forms, spaces, length."""

import re
from collections import Counter

VALUE = re.compile(r"%\((\w+)\)[sd]|%%")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
ON_A_BUTTON, SPARE = 2.2, 12  # how much longer than English a button may be, and how long at any rate


def faults(text: str, plural: str, given: list[str], count: int, button: bool = False) -> list[str]:
    """What is wrong with a translation, in words for its translator. `count` is the number of plural forms."""
    if len(given) != (count if plural else 1):
        return [f"{len(given)} strings instead of {count if plural else 1}"]
    if not all(given):
        return ["empty"]
    wrong = []
    for string in given:
        wrong += faults_of_one(text, plural, string)
        if button and too_long(text if not plural else max(text, plural, key=len), string):
            wrong.append(f"too long for a button: {len(string)} characters instead of {len(text)}")
    return wrong


def faults_of_one(text: str, plural: str, string: str) -> list[str]:
    wrong = []
    allowed, needed = (
        values(plural or text) | values(text),
        values(text) if not plural else values(text) & values(plural),
    )
    if unknown := values(string) - allowed:
        wrong.append(f"unknown values: {', '.join(sorted(unknown))}")
    if missing := needed - values(string) - ({"number", "count", "n", "counter"} if plural else set()):
        wrong.append(f"missing values: {', '.join(sorted(missing))}")
    if VALUE.search(text + plural) and "%" in VALUE.sub("", string):
        wrong.append("a single percent sign: write %%")
    if tags(string) not in (tags(text), tags(plural or text)):
        wrong.append(f"tags {sorted(tags(string).elements())} instead of {sorted(tags(text).elements())}")
    if not same_edges(text, string):
        wrong.append("spaces or line breaks at its ends differ")
    return wrong


def values(text: str) -> set[str]:
    """The names of the values in a text."""
    return {name for name in VALUE.findall(text) if name}


def tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


def same_edges(text: str, string: str) -> bool:
    """Whether the white space before and after both is the same. Chinese and Japanese have no spaces between words."""
    if width(string) > len(string):
        return edges(text.strip(" ")) == edges(string.strip(" "))
    return edges(text) == edges(string)


def edges(text: str) -> tuple[str, str]:
    """The white space before and after a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def too_long(text: str, string: str) -> bool:
    return width(string) > max(ON_A_BUTTON * width(text), SPARE)


def width(text: str) -> int:
    """Characters as wide as Latin ones: those of Chinese and Japanese take the room of two."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
