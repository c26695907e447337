"""Walking through a folder for an import: every file once, links included, with a list of what is left out."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from media.left_out import why_left_out, why_not_entered
from media.mediatypes import looks_like_media
from media.sentences import english
from photos.ingest.patterns import Rules

LEADS_OUT = english("a link out of the folders that MIRAGE_FOLDERS allows")
Identity = tuple[int, int]  # of a folder: device and inode


@dataclass
class Walk:
    """A walk through the files below `root`, without hidden ones. `own` is the library itself, which is skipped.

    With `within`, links are followed only if they lead into one of these folders. `rules` say what else is left out.
    """

    root: Path
    own: Path
    within: Sequence[Path] | None = None
    rules: Rules | None = None
    failures: dict[Path, OSError] = field(default_factory=dict)  # folders that cannot be read
    left_out: dict[Path, str] = field(default_factory=dict)  # helper files and folders -> why
    loops: dict[Path, Path] = field(default_factory=dict)  # links to folders that were already visited
    _seen: set[Identity] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rules = self.rules or Rules(self.root)

    def files(self) -> Iterator[tuple[Path, list[str]]]:
        """Each file with the names in its folder, sorted by folder. Folders behind links come last.

        The names include photos that the rules leave out, so that their sidecars are known as theirs.
        """
        waiting, links = [self.root], deque[Path]()
        while waiting or links:
            folder = waiting.pop() if waiting else links.popleft()
            try:
                if not self._enters(folder):
                    continue
                names, chosen, folders = self._listed(folder, links)
            except OSError as error:
                self.failures[folder] = error
                continue
            waiting += reversed(folders)
            for name in chosen:
                yield folder / name, names

    def _enters(self, folder: Path) -> bool:
        """Whether to enter the folder: only once, and neither the library nor a link into it."""
        status = os.stat(folder)
        identity = (status.st_dev, status.st_ino)
        real = Path(os.path.realpath(folder))
        if folder != self.root and (real == self.own or (folder.is_symlink() and real.is_relative_to(self.own))):
            return False
        if identity in self._seen:
            self.loops[folder] = real
            return False
        self._seen.add(identity)
        return True

    def _listed(self, folder: Path, links: deque[Path]) -> tuple[list[str], list[str], list[Path]]:
        """The sorted names of a folder's files, those to read, and its folders. Links to folders go to `links`."""
        assert self.rules is not None
        names: list[str] = []
        chosen: list[str] = []
        folders: list[Path] = []
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        if why := self.rules.why_not_entered(folder, (entry.name for entry in entries)):
            self.left_out[folder] = why
            return names, chosen, folders
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if self.within is not None and entry.is_symlink() and not leads_into(path, self.within):
                self.left_out[path] = LEADS_OUT
            elif _is_folder(entry):
                if why := why_not_entered(path) or self.rules.why(path, is_folder=True):
                    self.left_out[path] = why
                else:
                    (links if entry.is_symlink() else folders).append(path)
            elif why := why_left_out(entry.name):
                self.left_out[path] = why
            elif why := self.rules.why(path, is_folder=False):
                self.left_out[path] = why
                names += [entry.name] if looks_like_media(entry.name) else []
            else:
                names.append(entry.name)
                chosen.append(entry.name)
        return names, chosen, folders


def leads_into(link: Path, folders: Sequence[Path]) -> bool:
    """Whether the path, with its links resolved, lies in one of the folders."""
    real = Path(os.path.realpath(link))
    return any(real.is_relative_to(folder) for folder in folders)


def comes_to(path: Path, root: Path, own: Path, rules: Rules) -> bool:
    """Whether a walk from `root` would come to this path: not hidden, no helper file, and not in the library itself."""
    inside = path.relative_to(root)
    if any(part.startswith(".") for part in inside.parts) or Path(os.path.realpath(path)).is_relative_to(own):
        return False
    is_file = not path.is_dir()
    folders = [root / folder for folder in inside.parents][:-1] + ([] if is_file else [path])
    if any(why_not_entered(folder) for folder in folders) or (is_file and why_left_out(path.name)):
        return False
    return not rules.why_anywhere(path, is_folder=not is_file)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads to itself: opening it will raise the error
