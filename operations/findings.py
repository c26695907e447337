"""The findings of the last check, stored for the dashboard."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from operations.checking import LOSS, Finding, Kind
from operations.models import LibraryFinding

MOST = 10_000  # rows that are stored; all findings are counted
CHUNK = 500


def replace(found: Iterable[Finding], *, keep_damaged: bool = False) -> Counter[str]:
    """Replace the stored findings when the check has ended. Returns how many there are of each kind.

    With `keep_damaged`, originals found damaged before still are, because the check has not read any.
    """
    counts: Counter[str] = Counter()
    rows = list(islice(as_rows(found, counts), MOST))
    with transaction.atomic():
        old = LibraryFinding.objects.all()
        if keep_damaged:
            known = {row.subject for row in rows}
            kept = old.filter(kind=Kind.DAMAGED).exclude(subject__in=known)[:MOST]
            ids = [row.pk for row in kept]
            counts[Kind.DAMAGED] += len(ids)
            old = old.exclude(pk__in=ids)
        old.delete()
        LibraryFinding.objects.bulk_create(rows, batch_size=CHUNK)
    return +counts


def as_rows(found: Iterable[Finding], counts: Counter[str]) -> Iterator[LibraryFinding]:
    for finding in found:
        counts[finding.kind] += 1
        yield LibraryFinding(
            kind=finding.kind,
            subject=finding.subject[:1200],
            text=finding.text,
            photo_id=finding.photo_id,
            sha256=finding.sha256,
        )


def as_findings(rows: Iterable[LibraryFinding]) -> list[Finding]:
    """The rows as findings, for `checking.repair`."""
    return [Finding(Kind(row.kind), row.subject, row.text, row.photo_id, row.sha256) for row in rows]


def settled(done: Iterable[Finding]) -> None:
    """Remove findings that were repaired."""
    for finding in done:
        LibraryFinding.objects.filter(kind=finding.kind, subject=finding.subject).delete()


def at_stake() -> int:
    """The number of originals that are damaged, missing or unreadable."""
    return LibraryFinding.objects.filter(kind__in=list(LOSS)).count()
