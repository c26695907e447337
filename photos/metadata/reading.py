"""Reading one file: all its layers, merged into one record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from photos.metadata import exif, instants, stills
from photos.metadata.fields import Layer, Metadata, capped
from photos.metadata.merge import merge


def read(
    path: Path,
    mime: str,
    sidecars: Sequence[Path] = (),
    *,
    home_zone: str = "UTC",
    original_name: str | None = None,
    modified_at: float | None = None,
) -> Metadata:
    """Everything that a file of media type `mime` and its sidecars say of it.

    `home_zone` is where a wall clock without any hint of its zone is taken to be; `original_name` is the name the
    file had before it was stored; `modified_at` the time of its last change (seconds since 1970), the last resort.
    Malformed content gives missing fields and notes, never an exception.
    """
    still = stills.read_still(path)
    layers: list[Layer] = [exif.interpret(still.exif)]
    fields, sources = merge(layers)
    moment = next((moment for layer in layers for moment in layer.moments), None)
    if moment:
        fields.update(
            taken_at=moment.instant or (moment.local.replace(tzinfo=UTC) if moment.local else None),
            taken_local=moment.local,
            taken_offset=moment.offset,
            taken_source=moment.source,
            taken_doubtful=instants.doubt(moment.local, datetime.now(UTC)) is not None,
        )
    raw = {name: value for layer in layers for name, value in layer.raw.items()}
    notes = still.notes + [note for layer in layers for note in layer.notes]
    return Metadata(**fields, width=still.width, height=still.height, sources=sources, raw=capped(raw), notes=notes)
