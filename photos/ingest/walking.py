"""Going through a folder for an import: every file once, wherever links lead, and a note of all that is passed over."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from media.left_out import why_left_out, why_not_entered

Identity = tuple[int, int]  # of a folder: device and inode


@dataclass
class Walk:
    """A way through the files below `root` that are not hidden. `own` is the library itself, which is not entered."""

    root: Path
    own: Path
    failures: dict[Path, OSError] = field(default_factory=dict)  # folders that cannot be read
    left_out: dict[Path, str] = field(default_factory=dict)  # helper files and folders, and why
    loops: dict[Path, Path] = field(default_factory=dict)  # what leads back to a folder that was gone through
    _seen: set[Identity] = field(default_factory=set)

    def files(self) -> Iterator[tuple[Path, list[str]]]:
        """Each file, sorted by folder, with the names beside it. What links lead to comes last."""
        waiting, links = [self.root], deque[Path]()
        while waiting or links:
            folder = waiting.pop() if waiting else links.popleft()
            try:
                if not self._enters(folder):
                    continue
                names, folders = self._listed(folder, links)
            except OSError as error:
                self.failures[folder] = error
                continue
            waiting += reversed(folders)
            for name in names:
                yield folder / name, names

    def _enters(self, folder: Path) -> bool:
        """Whether the folder is to be gone through: once, and not the library nor a link to something in it."""
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

    def _listed(self, folder: Path, links: deque[Path]) -> tuple[list[str], list[Path]]:
        """The names of the files in a folder and its folders, both sorted; links to folders are put by for later."""
        names: list[str] = []
        folders: list[Path] = []
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = folder / entry.name
                if entry.name.startswith("."):
                    continue
                if not _is_folder(entry):
                    if why := why_left_out(entry.name):
                        self.left_out[path] = why
                    else:
                        names.append(entry.name)
                elif why := why_not_entered(path):
                    self.left_out[path] = why
                else:
                    (links if entry.is_symlink() else folders).append(path)
        return names, folders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads in circles: opening it will say so
