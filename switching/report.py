"""What a switch would do or did: counts and lists, and the sentences that pages and commands show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext

from mirage.web.languages import in_language
from mirage.wording import number_in_words
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
        names = (
            "words",
            "flags",
            "tags",
            faces.CONFIRM,
            faces.DRAW,
            "albums new",
            "album photos",
            "stacks",
            "shared",
            "copies",
        )
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
    lines += which_albums(counts)
    lines += what_is_set(counts)
    lines += what_else(counts)
    if not report.changes:
        lines.append(_("Nothing new: everything that can come is here already."))
    return lines


def with_number(words: str, number: int, **more: str) -> str:
    """The words with their number, written as the language writes it."""
    return words % {"number": number_in_words(number), **more}


def in_a_row(parts: Iterable[str]) -> str:
    return pgettext("between the parts of a list", ", ").join(parts)


def in_photos(number: int) -> str:
    return with_number(ngettext("%(number)s photo", "%(number)s photos", number), number)


def where(report: Report, counts: Mapping[str, int]) -> str:
    """How many photos were found, and how."""
    parts = {
        CONTENT: _("%(number)s by content"),
        PATH: _("%(number)s by path"),
        SIZE: _("%(number)s by name and size"),
        TIME: _("%(number)s by name and time"),
    }
    found = {way: counts[f"found by {way}"] for way in parts}
    ways = in_a_row(with_number(parts[way], number) for way, number in found.items() if number)
    told = {"found": number_in_words(report.found), "ways": ways or pgettext("ways to find photos", "none")}
    missing = counts["missing"]
    if not missing:
        words = ngettext(
            "%(found)s of %(number)s photo found (%(ways)s).",
            "%(found)s of %(number)s photos found (%(ways)s).",
            report.photos,
        )
        return with_number(words, report.photos, **told)
    words = ngettext(
        "%(found)s of %(photos)s found (%(ways)s); %(number)s is not here.",
        "%(found)s of %(photos)s found (%(ways)s); %(number)s are not here.",
        missing,
    )
    return with_number(words, missing, photos=in_photos(report.photos), **told)


def who(counts: Mapping[str, int]) -> str:
    new, known = counts["people new"], counts["people"] - counts["people new"]
    words = ngettext(
        "%(number)s person: %(new)s new, %(known)s here already.",
        "%(number)s people: %(new)s new, %(known)s here already.",
        counts["people"],
    )
    return with_number(words, counts["people"], new=number_in_words(new), known=number_in_words(known))


def which_faces(counts: Mapping[str, int]) -> list[str]:
    """What becomes of the faces with names."""
    # Translators: these parts follow "5 faces with names:", separated by commas
    parts = [
        (faces.CONFIRM, _("%(number)s to be named")),
        (faces.DRAW, _("%(number)s to be drawn, where Mirage saw no face")),
        (faces.SAME, _("%(number)s named so here already")),
        (faces.CONFLICT, _("%(number)s named otherwise here: that stays, and the review asks")),
        (faces.ASK, _("%(number)s to be asked about in the review")),
        (faces.REFUSED, _("%(number)s left as you decided here")),
        (faces.LEFT, _("%(number)s left out, because their place is not known")),
    ]
    said = in_a_row(with_number(words, counts[name]) for name, words in parts if counts[name])
    words = ngettext(
        "%(number)s face with a name: %(said)s.", "%(number)s faces with names: %(said)s.", counts["faces"]
    )
    lines = [with_number(words, counts["faces"], said=said)]
    if unseen := counts["unseen"]:
        words = ngettext(
            "In %(number)s photo of these Mirage has not looked for faces yet. If you wait until it has, fewer boxes"
            " are drawn.",
            "In %(number)s photos of these Mirage has not looked for faces yet. If you wait until it has, fewer boxes"
            " are drawn.",
            unseen,
        )
        lines.append(with_number(words, unseen))
    return lines


def which_albums(counts: Mapping[str, int]) -> list[str]:
    """What becomes of albums and stacks."""
    lines = []
    if albums := counts["albums"]:
        words = ngettext(
            "%(number)s album: %(new)s new, %(photos)s to be added to it.",
            "%(number)s albums: %(new)s new, %(photos)s to be added to them.",
            albums,
        )
        new, photos = number_in_words(counts["albums new"]), in_photos(counts["album photos"])
        lines.append(with_number(words, albums, new=new, photos=photos))
    if copies := counts["copies"]:
        text = ngettext(
            "%(number)s copy of a photo to be made, with its own words, stars and tags.",
            "%(number)s copies of photos to be made, each with its own words, stars and tags.",
            copies,
        )
        lines.append(with_number(text, copies))
    if stacks := counts["stacks"]:
        lines.append(
            with_number(ngettext("%(number)s stack to be made.", "%(number)s stacks to be made.", stacks), stacks)
        )
    return lines


def what_is_set(counts: Mapping[str, int]) -> list[str]:
    """Words and flags."""
    words = {
        "title": ngettext("%(number)s title", "%(number)s titles", counts["title"]),
        "description": ngettext("%(number)s description", "%(number)s descriptions", counts["description"]),
        "rating": ngettext("%(number)s rating", "%(number)s ratings", counts["rating"]),
        "label": ngettext("%(number)s label", "%(number)s labels", counts["label"]),
        "picture_edit": ngettext("%(number)s edited picture", "%(number)s edited pictures", counts["picture_edit"]),
        "turn": ngettext("%(number)s turned picture", "%(number)s turned pictures", counts["turn"]),
    }
    flags = {
        "favourite": ngettext("%(number)s favourite", "%(number)s favourites", counts["favourite"]),
        "archived": _("%(number)s to be archived"),
        "trashed": _("%(number)s to be moved to the trash"),
    }
    lines = []
    if said := in_a_row(with_number(text, counts[name]) for name, text in words.items() if counts[name]):
        lines.append(_("To be set: %(said)s.") % {"said": said})
    if said := in_a_row(with_number(text, counts[name]) for name, text in flags.items() if counts[name]):
        lines.append(_("Photos: %(said)s.") % {"said": said})
    return lines


def what_else(counts: Mapping[str, int]) -> list[str]:
    """Tags, shares, and what stays."""
    lines = []
    if tags := counts["tags"]:
        text = ngettext("%(number)s tag to be added to photos.", "%(number)s tags to be added to photos.", tags)
        lines.append(with_number(text, tags))
    if new := counts["tags new"]:
        lines.append(
            with_number(ngettext("%(number)s new tag to be made.", "%(number)s new tags to be made.", new), new)
        )
    if shared := counts["shared"]:
        text = ngettext(
            "%(number)s album to be shared as they are there.",
            "%(number)s albums to be shared as they are there.",
            shared,
        )
        lines.append(with_number(text, shared))
    if kept := counts["kept"]:
        text = ngettext(
            "%(number)s value that you changed here stays as it is.",
            "%(number)s values that you changed here stay as they are.",
            kept,
        )
        lines.append(with_number(text, kept))
    return lines


LISTS = {
    "missing": _lazy("Photos that are not here"),
    "conflicts": _lazy("Faces that have another name here"),
    "shared": _lazy("Albums that would be shared"),
    "unknown": _lazy("Albums that were shared with people who have no account here"),
    "deleted": _lazy("Albums that you deleted here, and that stay deleted"),
    "same name": _lazy("People with the same name, who become one"),
}


def shown_lists(report: Report) -> Iterable[tuple[str, int, list[str]]]:
    """The lists that have entries: heading, count and entries."""
    for name, heading in LISTS.items():
        if report.lists.get(name):
            entries = report.lists[name]
            said = [in_language(entry) for entry in entries] if name == "conflicts" else entries  # others are names
            yield str(heading), report.counts[name], said
