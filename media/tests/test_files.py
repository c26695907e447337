"""What a killed process left while it replaced a file is removed; what somebody is writing is not."""

import os
from pathlib import Path

from media.files import remove_leftovers, replacing

LONG_AGO = (1_000_000_000, 1_000_000_000)


def test_leftovers_of_dead_processes_are_removed_when_they_are_old(tmp_path: Path) -> None:
    names = [".full.png.999999999.tmp", f".full.png.{os.getpid()}.tmp", ".new.png.999999998.tmp", ".x.tmp", "full.png"]
    for name in names:
        (tmp_path / name).write_bytes(b"half")
        if not name.startswith(".new"):
            os.utime(tmp_path / name, LONG_AGO)
    remove_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(names) - {".full.png.999999999.tmp"}


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    try:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise OSError
    except OSError:
        pass
    assert (path.read_text(), [one.name for one in tmp_path.iterdir()]) == ("new", ["a.txt"])
