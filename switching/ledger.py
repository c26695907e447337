"""What came before from a program, so that nothing comes twice (models.Brought)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from people.grouping.constraints import batches
from switching.models import Brought

PHOTO, PERSON, ALBUM, STACK = "photo", "person", "album", "stack"


@dataclass(frozen=True)
class Ledger:
    """What one program brought into one library."""

    owner: User
    program: str

    def photos(self, photo_ids: Iterable[int]) -> dict[int, set[str]]:
        """What came for each of these photos: names of fields, flags, tags and faces."""
        found: dict[int, set[str]] = {}
        for some in batches(photo_ids):
            rows = self.rows(PHOTO).filter(key__in=[str(photo) for photo in some])
            found.update((int(key), set(what)) for key, what in rows.values_list("key", "what"))
        return found

    def add_to_photos(self, came: Mapping[int, Iterable[str]]) -> None:
        """Note what came for photos."""
        before = self.photos(came)
        self.write_photos({photo: before.get(photo, set()) | set(what) for photo, what in came.items()})

    def remove_from_photos(self, gone: Mapping[int, Iterable[str]]) -> None:
        """Forget what came for photos: it was undone."""
        before = self.photos(gone)
        self.write_photos({photo: before.get(photo, set()) - set(what) for photo, what in gone.items()})

    def write_photos(self, what: Mapping[int, set[str]]) -> None:
        fields = {"owner": self.owner, "program": self.program, "kind": PHOTO}
        rows = [Brought(key=str(photo), what=sorted(each), **fields) for photo, each in what.items() if each]
        for some in batches(photo for photo, each in what.items() if not each):
            self.rows(PHOTO).filter(key__in=[str(photo) for photo in some]).delete()
        Brought.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["owner", "program", "kind", "key"],
            update_fields=["what"],
            batch_size=500,
        )

    def targets(self, kind: str) -> dict[str, int | None]:
        """The rows here, by what the program calls them."""
        return dict(self.rows(kind).values_list("key", "target"))

    def find(self, kind: str, key: str) -> Brought | None:
        return self.rows(kind).filter(key=key[:255]).first()

    def note(self, kind: str, key: str, target: int, what: Iterable[int] = ()) -> None:
        """Note that something came, and which row it is."""
        Brought.objects.update_or_create(
            owner=self.owner, program=self.program, kind=kind, key=key[:255],
            defaults={"target": target, "what": sorted(what)},
        )  # fmt: skip

    def forget(self, kind: str, key: str) -> None:
        self.rows(kind).filter(key=key[:255]).delete()

    def rows(self, kind: str):  # type: ignore[no-untyped-def]
        return Brought.objects.filter(owner=self.owner, program=self.program, kind=kind)
