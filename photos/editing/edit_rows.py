"""Reading and writing the rows of edits, for a batch of photos in few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from photos.editing import renditions, turning
from photos.editing.columns import effective
from photos.models import Photo, PhotoEdit, RawMetadata

FEW_GROUPS = 20  # up to this many different sets of values are written with one UPDATE each


@dataclass(frozen=True)
class Told:
    """What the files say about a photo, and its edits."""

    fields: dict[str, Any]
    sources: dict[str, str]
    rows: dict[str, PhotoEdit]

    @cached_property
    def edits(self) -> dict[str, Any]:
        return {field: row.value for field, row in self.rows.items()}

    def columns(self, edits: Mapping[str, Any]) -> dict[str, Any]:
        return {"picture_edit": None} | effective(self.fields, self.sources, edits)  # no file tells of such an edit


def photos_to_edit(photo_ids: Sequence[int], *, lock: bool = False) -> list[tuple[Photo, Told]]:
    """The photos that still exist, with what is told about them, in three queries."""
    rows = Photo.objects.filter(pk__in=photo_ids).order_by("pk")
    photos = list(rows.select_for_update() if lock else rows)
    raw = {
        photo_id: (fields, sources)
        for photo_id, fields, sources in RawMetadata.objects.filter(photo__in=photo_ids).values_list(
            "photo_id", "fields", "sources"
        )
    }
    edits: dict[int, dict[str, PhotoEdit]] = {}
    for edit in PhotoEdit.objects.filter(photo__in=photo_ids):
        edits.setdefault(edit.photo_id, {})[edit.field] = edit
    return [(photo, Told(*raw.get(photo.pk, ({}, {})), edits.get(photo.pk, {}))) for photo in photos]


def write_edits(rows: Sequence[PhotoEdit]) -> None:
    """Save these edits. The time of a row identifies its change."""
    PhotoEdit.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["photo", "field"], update_fields=["value", "by", "at"]
    )


def write_columns(changes: Mapping[Photo, dict[str, Any]]) -> None:
    """Save the columns: one UPDATE for all photos with the same values, or one prepared statement for many values."""
    turning.follow(changes)
    renditions.follow(changes)
    groups: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for photo, columns in changes.items():
        if "taken_local" in columns:
            columns["taken_month"] = columns["taken_local"].year * 100 + columns["taken_local"].month
        if columns:
            groups.setdefault(repr(sorted(columns.items())), (columns, []))[1].append(photo.pk)
    if len(groups) <= FEW_GROUPS:
        for columns, ids in groups.values():
            Photo.objects.filter(pk__in=ids).update(**columns)
        return
    by_names: dict[tuple[str, ...], list[tuple[dict[str, Any], int]]] = {}
    for columns, ids in groups.values():
        by_names.setdefault(tuple(sorted(columns)), []).extend((columns, photo_id) for photo_id in ids)
    for names, rows in by_names.items():
        update_each(names, rows)


def update_each(names: Sequence[str], rows: Sequence[tuple[dict[str, Any], int]]) -> None:
    """Update each photo with its own values. This takes a tenth of the time of Django's bulk_update."""
    fields: list[Any] = [Photo._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    places = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    statement = f"UPDATE {quote(Photo._meta.db_table)} SET {places} WHERE {quote('id')} = %s"
    values = [
        [*(field.get_db_prep_save(columns[field.name], connection) for field in fields), photo_id]
        for columns, photo_id in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
