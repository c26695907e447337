"""The photos of the timeline by cells of the map, kept: grouping a million positions takes more than a second.

There are two sizes of cells: fine ones, counted from photos, and coarse ones, added up from these. Triggers note
positions at which something changed. Whoever asks first has few such cells counted, and a job counts many.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Avg, Count, F, FloatField, Func, IntegerField, Max, Min, Q, QuerySet, Sum
from django.db.models.expressions import Combinable

from accounts.models import User
from mirage.patience import hurried
from mirage.triggers import Triggers, Watch
from photos.models import MapCell, MapNote, Photo
from photos.models.among import among
from photos.pipeline.jobs import enqueue

COARSE, FINE = 13, 17  # levels: cells of 0.04 and 0.003 degrees
LEVELS = {COARSE: 8, FINE: 12}  # up to which zoom each is fine enough: a cell is 16 pixels wide
QUEUE = MapNote._meta.db_table
FEW, MANY = 50, 5_000  # cells that a page counts; that are counted one by one
BATCH = 2_000
Cell = tuple[int, int]  # x and y
Note = tuple[float | None, float | None, int | None]  # latitude, longitude, stack


class Whole(Func):
    """A number that is not negative, without what is behind the point."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="TRUNC(%(expressions)s)::integer", **extra)


def watches() -> list[Watch]:
    """What the cells depend on. A photo that is not on the map, before or after a change, is no matter."""
    old, new = (
        f"SELECT {row}.owner_id, {row}.latitude, {row}.longitude, {row}.stack_id WHERE {row}.latitude IS NOT NULL "
        f"AND {row}.displayable AND NOT {row}.archived AND {row}.trashed_at IS NULL"
        for row in ("OLD", "NEW")
    )
    told = "owner_id", "latitude", "longitude", "trashed_at", "archived", "displayable", "stack_id"
    nowhere = "CAST(NULL AS double precision)"
    of_stack = f"SELECT NEW.owner_id, {nowhere}, {nowhere}, NEW.id"
    return [
        Watch("photos_photo", "INSERT", new),
        Watch("photos_photo", "UPDATE", f"{old} UNION {new}", told),
        Watch("photos_photo", "DELETE", old),
        Watch("photos_stack", "UPDATE", of_stack, ("cover_id",)),
    ]


TRIGGERS = Triggers("photos_map_", QUEUE, "owner_id, latitude, longitude, stack_id", watches)


def install(**signal: Any) -> None:
    """After migrations: make the triggers, and have everything counted that may have changed meanwhile."""
    with transaction.atomic():
        if TRIGGERS.install():
            MapNote.objects.bulk_create(MapNote(owner_id=pk) for pk in User.objects.values_list("pk", flat=True))


def catch_up() -> None:
    """Count all cells in which something has changed."""
    for owner in MapNote.objects.order_by().values_list("owner_id", flat=True).distinct():
        keep(owner)


def are_right(owner: int) -> bool:
    """Whether the owner's cells are as the photos are. Counts a few; many are left to a job."""
    notes = MapNote.objects.filter(owner_id=owner)
    if not notes.exists():
        return True
    positions = set(notes.values_list("latitude", "longitude", "stack_id").distinct()[: BATCH + 1])
    changed = cells_of(owner, positions) if len(positions) <= BATCH else None
    if changed is None or len(changed) > FEW:
        enqueue("count_cells")
        return False
    with suppress(OperationalError), hurried():
        keep(owner)
    return not notes.exists()


def cells_at(owner: int, zoom: int) -> QuerySet[MapCell] | None:
    """The owner's cells that are fine enough for a zoom. None where photos themselves have to be looked at."""
    level = next((level for level, deepest in LEVELS.items() if zoom <= deepest), None)
    if level is None or not are_right(owner):
        return None
    return MapCell.objects.filter(owner=owner, level=level)


def columns(west: float, east: float, zoom: int) -> Q:
    """Cells between these longitudes, for the index; `west` is greater than `east` across the date line."""
    level = next(level for level, deepest in LEVELS.items() if zoom <= deepest)
    first, last = (int((longitude + 180.0) / width(level)) for longitude in (west, east))
    return Q(x__range=(first, last)) if west <= east else Q(x__gte=first) | Q(x__lte=last)


def grouped(cells: QuerySet[MapCell], x: Combinable, y: Combinable) -> Iterator[dict[str, Any]]:
    """These cells in larger ones, each with its count, its middle and its edges, as they are counted from photos."""
    rows = cells.order_by().annotate(of_x=Whole(x), of_y=Whole(y)).values("of_x", "of_y").annotate(**ADDED_UP)
    for row in rows:
        yield {name.removeprefix("of_"): value for name, value in row.items()}


def middle(way: str) -> Combinable:
    return Sum(F(way) * F("count"), output_field=FloatField()) / Sum("count", output_field=FloatField())


ADDED_UP: dict[str, Any] = {
    "of_count": Sum("count"), "of_cover": Max("cover"),
    "middle_latitude": middle("latitude"), "middle_longitude": middle("longitude"),
    "of_west": Min("west"), "of_south": Min("south"), "of_east": Max("east"), "of_north": Max("north"),
}  # fmt: skip
COUNTED: dict[str, Any] = {
    "count": Count("pk"), "cover": Max("pk"),
    "middle_latitude": Avg("latitude"), "middle_longitude": Avg("longitude"),
    "west": Min("longitude"), "south": Min("latitude"), "east": Max("longitude"), "north": Max("latitude"),
}  # fmt: skip


# --- counting ---------------------------------------------------------------------------------------------------------


def keep(owner: int) -> None:
    """Count the owner's cells in which something has changed, and keep that."""
    notes = dict(notes_of(owner))
    changed = cells_of(owner, set(notes.values()))
    if changed is None or len(changed) > MANY:
        make_anew(owner, list(notes))
    elif notes:
        keep_some(owner)


@transaction.atomic
def keep_some(owner: int) -> None:
    """Count cells one by one.

    The owner is locked first, so that no older count is written over a newer one. If others hold the owner, the
    cells are left for later.
    """
    if not lock(owner):
        return
    changed = cells_of(owner, taken_notes(owner))
    if changed is None:  # a note for all came since
        MapNote.objects.create(owner_id=owner)
        return
    for cell in changed:
        replace(owner, FINE, cell, counted(owner, cell))
    for cell in {(x >> FINE - COARSE, y >> FINE - COARSE) for x, y in changed}:
        replace(owner, COARSE, cell, within_coarse(owner, cell))


def lock(owner: int) -> bool:
    """Lock the owner. False if others hold them, or if they have left, which ends their notes."""
    if list(User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=owner).values_list("pk")):
        return True
    if not User.objects.filter(pk=owner).exists():
        MapNote.objects.filter(owner_id=owner).delete()
    return False


def notes_of(owner: int) -> Iterator[tuple[int, Note]]:
    """The ids of the owner's notes, each with what it notes."""
    rows = MapNote.objects.filter(owner_id=owner).values_list("pk", "latitude", "longitude", "stack_id")
    return ((pk, (latitude, longitude, stack)) for pk, latitude, longitude, stack in rows)


def taken_notes(owner: int) -> set[Note]:
    """The owner's notes, which are removed. What they note can be counted afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {QUEUE} WHERE owner_id = %s RETURNING latitude, longitude, stack_id", [owner])
        return set(cursor.fetchall())


def cells_of(owner: int, notes: Collection[Note]) -> set[Cell] | None:
    """The fine cells that notes name, and those of their stacks' photos, whose tile may have moved. None for all."""
    if (None, None, None) in notes:
        return None
    stacks = {stack for _, _, stack in notes if stack is not None}
    members = Photo.objects.filter(among(stacks, "stack"), owner=owner, latitude__isnull=False).order_by()
    places = {*((north, east) for north, east, _ in notes), *members.values_list("latitude", "longitude")}
    return {cell_of(north, east) for north, east in places if north is not None and east is not None}


def width(level: int) -> float:
    """Degrees that a cell is wide and high."""
    return 360 / 2**level


def cell_of(latitude: float, longitude: float) -> Cell:
    """The fine cell of a position, as the database finds it too."""
    return int((longitude + 180.0) / width(FINE)), int((latitude + 90.0) / width(FINE))


def tiles_of(owner: int) -> QuerySet[Any, Any]:
    """The photos of the owner that the map shows, with their fine cells."""
    tiles = Photo.objects.filter(owner=owner).on_timeline().filter(latitude__isnull=False).as_tiles().order_by()
    return tiles.annotate(
        x=Whole((F("longitude") + 180.0) / width(FINE)), y=Whole((F("latitude") + 90.0) / width(FINE))
    )


def counted(owner: int, cell: Cell) -> Mapping[str, Any] | None:
    """A fine cell, counted from its photos. None if it is empty."""
    x, y = cell
    near = tiles_of(owner).filter(
        latitude__range=((y - 0.5) * width(FINE) - 90, (y + 1.5) * width(FINE) - 90),
        longitude__range=((x - 0.5) * width(FINE) - 180, (x + 1.5) * width(FINE) - 180),
    )
    return next(iter(near.filter(x=x, y=y).values("x", "y").annotate(**COUNTED)), None)


def within_coarse(owner: int, cell: Cell) -> Mapping[str, Any] | None:
    """A coarse cell, added up from fine ones. None if it is empty."""
    across = 2 ** (FINE - COARSE)
    (first_x, first_y) = (place * across for place in cell)
    fine = MapCell.objects.filter(
        owner=owner, level=FINE, x__range=(first_x, first_x + across - 1), y__range=(first_y, first_y + across - 1)
    )
    return next(iter(grouped(fine, F("x") / across, F("y") / across)), None)


def replace(owner: int, level: int, cell: Cell, found: Mapping[str, Any] | None) -> None:
    """Keep what was found for a cell, instead of what was kept."""
    MapCell.objects.filter(owner=owner, level=level, x=cell[0], y=cell[1]).delete()
    if found:
        row_of(owner, level, found).save(force_insert=True)


def row_of(owner: int, level: int, found: Mapping[str, Any]) -> MapCell:
    """The row for a cell."""
    plain = {name: found[name] for name in ("x", "y", "count", "cover", "west", "south", "east", "north")}
    return MapCell(
        owner_id=owner, level=level, latitude=found["middle_latitude"], longitude=found["middle_longitude"], **plain
    )


def make_anew(owner: int, notes: Sequence[int] = ()) -> None:
    """Count all cells of the owner, which these notes ask for, and then remove the notes.

    They are counted before anything is locked, which takes long. If somebody else has taken the notes meanwhile,
    they have counted later, and this is forgotten.
    """
    fine = list(tiles_of(owner).values("x", "y").annotate(**COUNTED).iterator())
    with transaction.atomic():
        theirs = MapNote.objects.filter(among(notes))
        if not lock(owner) or theirs.count() < len(notes):
            return
        theirs.delete()
        MapCell.objects.filter(owner=owner).delete()
        add(row_of(owner, FINE, cell) for cell in fine)
        across = 2 ** (FINE - COARSE)
        kept = MapCell.objects.filter(owner=owner, level=FINE)
        add(row_of(owner, COARSE, cell) for cell in list(grouped(kept, F("x") / across, F("y") / across)))


def add(rows: Iterable[MapCell]) -> None:
    """Add these rows, however many."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        MapCell.objects.bulk_create(batch)
