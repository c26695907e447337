"""Which files of a folder are read: the patterns of a folder in use, and files in it that say the same.

Patterns are those of .gitignore, one a line, without a difference of case or of how accents are encoded. A folder that
holds .nomedia is left out, as phones do it, and so are the names that a .ppignore or .mirageignore lists.
"""

import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from django.utils.translation import gettext as _
from pathspec import GitIgnoreSpec

from media import names
from media.files import open_regular
from media.mediatypes import looks_like_media
from media.sentences import english
from mirage.refusals import NotPossible
from photos.models import WatchedFolder

log = logging.getLogger(__name__)

MARKERS = (".nomedia", ".noimage", ".nomemories")  # of Android and of Nextcloud: the folder is left out
LISTS = (".mirageignore", ".ppignore")  # names that are left out; the second is PhotoPrism's
LONGEST_LIST = 64 * 1024  # bytes
LONGEST_LINE, MOST_LINES = 200, 500
MOST_STARS = 3  # of each kind, * and **: each one more makes a comparison take up to 250 times as long
FOLDER_MARK = "ps_d"  # pathspec's name for where a pattern has met a whole folder
BY_PATTERN = english("left out by a pattern of the folder")
NOT_CHOSEN = english("not among the patterns of what is read")


def folded(text: str) -> str:
    """The text without differences of case and of how accents are encoded."""
    return unicodedata.normalize("NFC", text).lower()


def usable(line: str) -> bool:
    """Whether the line is a pattern that can be compared in a moment."""
    if len(line) > LONGEST_LINE:
        return False
    if line.startswith("#"):
        return True
    whole = line.removeprefix("!").rstrip().split("/").count("**")  # elsewhere, two stars are one and another
    if whole > MOST_STARS or line.count("*") - 2 * whole > MOST_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def spec_of(lines: Iterable[str], folder: Path) -> GitIgnoreSpec | None:
    """The patterns to compare with. Lines that are none are left out and logged. None if there is no pattern at all."""
    kept = []
    for line in lines:
        if usable(line):
            kept.append(folded(line))
        else:
            log.warning("%s: %r is no pattern that can be read", names.shown(folder), line[:80])
    kept = kept[:MOST_LINES]
    spec = GitIgnoreSpec.from_lines(kept)
    return spec if any(pattern.include is not None for pattern in spec.patterns) else None


def decides(spec: GitIgnoreSpec, path: str) -> bool | None:
    """Whether the last pattern that is about this very path leaves it out; None if there is none.

    `Raw/` is about the folder, not about what is in it: a folder that is left out is not entered, and then its files
    need no pattern. So `!keep.tif` and `!*/` bring back what they say.
    """
    for pattern in reversed(spec.patterns):
        if pattern.include is None or pattern.regex is None:
            continue
        for match in pattern.regex.finditer(path):
            if match.groupdict().get(FOLDER_MARK) is None or match.end(FOLDER_MARK) == len(path):
                return bool(pattern.include)
    return None


def clean(text: str) -> str:
    """Patterns as they are kept. Raises NotPossible, which names the line that is none."""
    lines = [line.rstrip() for line in text.replace("\0", "").splitlines()]
    if len(lines) > MOST_LINES:
        raise NotPossible(_("There can be at most %(most)s patterns.") % {"most": MOST_LINES})
    for line in lines:
        if not usable(line):
            raise NotPossible(_("“%(line)s” is no pattern that can be read.") % {"line": line[:80]})
    return "\n".join(lines).strip("\n")


@dataclass
class Rules:
    """What is read below `root`. `leave_out` and `only` are patterns, one a line. What folders hold is remembered."""

    root: Path
    leave_out: str = ""
    only: str = ""
    _lists: dict[Path, GitIgnoreSpec | None] = field(default_factory=dict)
    _why_not: dict[Path, str] = field(default_factory=dict)  # of folders, for looks at many paths

    def __post_init__(self) -> None:
        self._leave_out, self._only = (spec_of(text.splitlines(), self.root) for text in (self.leave_out, self.only))

    def why(self, path: Path, *, is_folder: bool) -> str:
        """Why a path is left out, whose folders are not; empty if it is read."""
        for base, spec in self._specs_at(path.parent):
            said = decides(spec, within(path, base, is_folder))
            if said is not None:
                if said:
                    return BY_PATTERN
                break
        if self._only is None or is_folder or not looks_like_media(path.name):
            return ""
        return "" if self._only.match_file(within(path, self.root, is_folder)) else NOT_CHOSEN

    def why_not_entered(self, folder: Path, inside: Iterable[str]) -> str:
        """Why the folder is left out because of what is in it. The topmost one was chosen by somebody."""
        marker = next((name for name in inside if name.lower() in MARKERS), "") if folder != self.root else ""
        return english("the folder holds a file %(name)s", name=names.shown(marker)) if marker else ""

    def why_anywhere(self, path: Path, *, is_folder: bool) -> str:
        """Why a path is left out, by itself or with a folder that it is in."""
        if not path.is_relative_to(self.root):
            return ""
        above = [
            folder for folder in reversed(path.parents) if folder != self.root and folder.is_relative_to(self.root)
        ]
        for folder in above:
            if folder not in self._why_not:
                why = self.why(folder, is_folder=True) or self.why_not_entered(folder, markers_in(folder))
                self._why_not[folder] = why
            if why := self._why_not[folder]:
                return why
        return self.why(path, is_folder=is_folder)

    def _specs_at(self, folder: Path) -> list[tuple[Path, GitIgnoreSpec]]:
        """The patterns that hold in a folder and from where they count, the nearest first."""
        found = []
        for place in (folder, *folder.parents):
            if not place.is_relative_to(self.root):
                break
            if place not in self._lists:
                self._lists[place] = spec_of(listed_in(place), place)
            if spec := self._lists[place]:
                found.append((place, spec))
        return [*found, (self.root, self._leave_out)] if self._leave_out else found


def within(path: Path, base: Path, is_folder: bool) -> str:
    """The path from the base on, as patterns are compared with it."""
    inside = folded(names.stored(path.relative_to(base)))
    return f"{inside}/" if is_folder else inside


def markers_in(folder: Path) -> list[str]:
    return [name for name in MARKERS if (folder / name).exists()]


def listed_in(folder: Path) -> list[str]:
    """The lines of the lists in a folder. A list that cannot be read says nothing."""
    lines: list[str] = []
    for name in LISTS:
        try:
            with open_regular(folder / name) as stream:
                lines += stream.read(LONGEST_LIST).decode("utf-8-sig", errors="replace").splitlines()
        except OSError:
            continue
    return lines


def rules_of(folder: WatchedFolder) -> Rules:
    """What is read of a folder in use."""
    return Rules(Path(names.actual(folder.path)), folder.leave_out, folder.only)


def rules_at(owner_id: int, path: Path) -> Rules:
    """What is read at or below a path: as its folder in use says, if it is in one."""
    above = [names.stored(one) for one in (path, *path.parents)]
    rows = WatchedFolder.objects.filter(owner=owner_id, path__in=above).exclude(kind=WatchedFolder.Kind.EXPORT)
    known = min(rows, key=lambda row: len(row.path), default=None)
    return rules_of(known) if known else Rules(path)


def is_read_only(path: PurePath) -> bool:
    """Whether somebody said that nothing is written at or below a folder that this path is in."""
    above = [names.stored(one) for one in path.parents]
    return WatchedFolder.objects.filter(path__in=above, read_only=True).exists()
