"""IPTC-IIM datasets, which news agencies and old programs write, as fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from media.metadata import instants
from media.metadata.fields import Layer, text
from media.metadata.formats.comments import is_camera_word

NAME = "Iptc.Application2."


def interpret(datasets: Mapping[str, Sequence[str]]) -> Layer:
    """The IPTC layer of a file."""
    layer = Layer("iptc", raw={name: ", ".join(values) for name, values in datasets.items()})

    def first(*names: str) -> str | None:
        return next(
            (found for name in names for value in datasets.get(NAME + name, ()) if (found := text(value))), None
        )

    layer.put("title", first("ObjectName", "Headline"))
    caption = first("Caption")
    layer.put("description", None if is_camera_word(caption or "") else caption)
    layer.put("author", first("Byline"))
    layer.put("copyright", first("Copyright"))
    keywords = [found for value in datasets.get(NAME + "Keywords", ())[:1000] if (found := text(value))]
    layer.put("keywords", list(dict.fromkeys(keywords)))
    layer.put("place", first("City"))
    layer.put("region", first("ProvinceState"))
    layer.put("country", first("CountryName"))
    for name, digitized in (("{}Created", False), ("Digitization{}", True)):
        day, clock = first(name.format("Date")), first(name.format("Time")) or ""
        # libexiv2 shows a time without a zone as +00:00, so that zone counts as none.
        moment = instants.parse(f"{day} {clock.removesuffix('+00:00')}", "iptc", digitized=digitized) if day else None
        if moment:
            layer.moments.append(moment)
    return layer
