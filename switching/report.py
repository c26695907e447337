"""What a switch would do or did: counts and lists, and the sentences that pages and commands show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mirage.wording import counted
from switching.matching import CONTENT, PATH, SIZE, TIME
from switching.writing import people as faces

LISTED = 1_000  # entries of each list that are kept; the counts are complete


@dataclass
class Report:
    """Counts by name, and lists of what somebody may want to look at."""

    program: str = ""
    version: str = ""
    photos: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def count(self, name: str, number: int = 1) -> None:
        if number:
            self.counts[name] = self.counts.get(name, 0) + number

    def add(self, name: str, *entries: str) -> None:
        """Add to a list and to its count."""
        self.count(name, len(entries))
        kept = self.lists.setdefault(name, [])
        kept += entries[: max(LISTED - len(kept), 0)]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def found(self) -> int:
        return sum(self.counts.get(f"found by {how}", 0) for how in (CONTENT, PATH, SIZE, TIME))

    @property
    def changes(self) -> int:
        """How much would be written."""
        names = ("words", "flags", "tags", faces.CONFIRM, faces.DRAW, "albums new", "album photos", "stacks", "shared")
        return sum(self.counts.get(name, 0) for name in names)


def from_dict(values: Mapping[str, Any]) -> Report:
    return Report(**values) if values else Report()


def count_deeds(report: Report, deeds: Sequence[faces.Deed], names: Mapping[str, str]) -> None:
    """Count what follows from faces. `names` are of the program's people."""
    for what, number in Counter(deed.what for deed in deeds).items():
        report.count(what, number)
    report.count("faces", len(deeds))


def sentences(report: Report) -> list[str]:
    """What a switch would do, most important first."""
    counts = Counter(report.counts)
    lines = [where(report, counts)]
    if counts["people"]:
        lines.append(who(counts))
    if counts["faces"]:
        lines += which_faces(counts)
    if counts["albums"]:
        lines.append(
            f"{counted(counts['albums'], 'album')}: {counts['albums new']:,} new,"
            f" {counted(counts['album photos'])} to be added to them."
        )
    if counts["stacks"]:
        lines.append(f"{counted(counts['stacks'], 'stack')} to be made.")
    lines += what_else(counts)
    if not report.changes:
        lines.append("Nothing new: everything that can come is here already.")
    return lines


def where(report: Report, counts: Mapping[str, int]) -> str:
    """How many photos were found, and how."""
    ways = [
        f"{counts[f'found by {how}']:,} by {how}" for how in (CONTENT, PATH, SIZE, TIME) if counts[f"found by {how}"]
    ]
    missing = counts["missing"]
    rest = f"; {missing:,} {'is' if missing == 1 else 'are'} not here" if missing else ""
    return f"{report.found:,} of {counted(report.photos)} found ({', '.join(ways) or 'none'}){rest}."


def who(counts: Mapping[str, int]) -> str:
    new, known = counts["people new"], counts["people"] - counts["people new"]
    return f"{counted(counts['people'], 'person', 'people')}: {new:,} new, {known:,} here already."


def which_faces(counts: Mapping[str, int]) -> list[str]:
    """What becomes of the faces with names."""
    parts = [
        (faces.CONFIRM, "to be named"),
        (faces.DRAW, "to be drawn, where Mirage saw no face"),
        (faces.SAME, "named so here already"),
        (faces.CONFLICT, "named otherwise here: that stays, and the review asks"),
        (faces.ASK, "to be asked about in the review"),
        (faces.REFUSED, "left as you decided here"),
        (faces.LEFT, "left out, because their place is not known"),
    ]
    said = ", ".join(f"{counts[name]:,} {words}" for name, words in parts if counts[name])
    lines = [f"{counted(counts['faces'], 'face')} with names: {said}."]
    if counts["unseen"]:
        lines.append(
            f"In {counted(counts['unseen'])} of these Mirage has not looked for faces yet. If you wait until it has,"
            " fewer boxes are drawn."
        )
    return lines


def what_else(counts: Mapping[str, int]) -> list[str]:
    """Words, flags, tags, shares, and what stays."""
    words = [(name, f"{name}s") for name in ("title", "description", "rating", "label")]
    flags = [("favourite", "favourites"), ("archived", "to be archived"), ("trashed", "to be moved to the trash")]
    lines = []
    if said := ", ".join(f"{counts[name]:,} {many}" for name, many in words if counts[name]):
        lines.append(f"To be set: {said}.")
    if said := ", ".join(f"{counts[name]:,} {many}" for name, many in flags if counts[name]):
        lines.append(f"Photos: {said}.")
    if counts["tags"]:
        lines.append(
            f"{counted(counts['tags'], 'tag')} to be added to photos, {counts['tags new']:,} of them new words."
        )
    if counts["shared"]:
        lines.append(f"{counted(counts['shared'], 'album')} to be shared as they are there.")
    if counts["kept"]:
        stays = "stays as it is" if counts["kept"] == 1 else "stay as they are"
        lines.append(f"{counted(counts['kept'], 'value')} that you changed here {stays}.")
    return lines


LISTS = {
    "missing": "Photos that are not here",
    "conflicts": "Faces that have another name here",
    "shared": "Albums that would be shared",
    "unknown": "Albums that were shared with people who have no account here",
    "deleted": "Albums that you deleted here, and that stay deleted",
    "same name": "People with the same name, who become one",
}


def shown_lists(report: Report) -> Iterable[tuple[str, int, list[str]]]:
    """The lists that have entries: heading, count and entries."""
    for name, heading in LISTS.items():
        if report.lists.get(name):
            yield heading, report.counts[name], report.lists[name]
