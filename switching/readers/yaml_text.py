"""YAML that is not trusted, read as plain texts: no types, no tags, no references, so that nothing can grow or run."""

from typing import Any

import yaml

DEEPEST = 20  # folders within folders
Node = Any  # a text, a list or a dictionary


class NotPlain(ValueError):
    """The text is no YAML, or not of the plain kind."""


def parse(text: bytes) -> Node:
    """What the first document says: dictionaries, lists and texts. Raises NotPlain."""
    try:
        return Builder(text).document()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NotPlain("it is no YAML") from error


class Builder:
    """Builds values from the events of a parser, and refuses what plain files do not have."""

    def __init__(self, text: bytes) -> None:
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        self.events = yaml.parse(text, Loader=loader)

    def document(self) -> Node:
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                return self.value(event, 0)
        return ""

    def value(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if depth >= DEEPEST:
            raise NotPlain("it is too deep")
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self.items(yaml.SequenceEndEvent, depth))
        if isinstance(event, yaml.MappingStartEvent):
            flat = list(self.items(yaml.MappingEndEvent, depth))
            pairs = zip(flat[::2], flat[1::2], strict=True)
            return {key: value for key, value in pairs if isinstance(key, str)}
        raise NotPlain("it refers to itself")  # an alias: a few of them can stand for millions of values

    def items(self, end: type[yaml.Event], depth: int) -> Any:
        while not isinstance(event := next(self.events), end):
            yield self.value(event, depth + 1)
