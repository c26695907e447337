"""What the second reader of containers, hachoir, adds to PyAV, and what it costs:

    python benchmarks/containers.py FOLDER --differences

A row for each type of video in the folder: how many files there are, how many of them PyAV could not open, to how many
hachoir added each field, and milliseconds a file with and without it.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from media import mediatypes
from media.metadata.fields import Layer
from media.metadata.formats.containers import read_container

HACHOIR = "media.metadata.formats.hachoir.add_to"
FIELDS = ("date", "duration", "width", "title", "author", "copyright", "description", "software")


def main() -> int:
    """Compare both ways of reading every video of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--differences", action="store_true", help="also print what was added to each file")
    options = parser.parse_args()
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    lines = []
    for path in sorted(options.folder.rglob("*")):
        media = mediatypes.identify(path) if path.is_file() else None
        if media is None or media.kind != "video":
            rows["no video"]["files"] += path.is_file()
            continue
        added = measure(path, media.mime, rows[media.mime])
        if added:
            lines.append(f"{path.name:32} " + "  ".join(f"{name} {value!r}" for name, value in added.items()))
    print(as_table(rows))
    if options.differences:
        print("", *lines, sep="\n")
    return 0


def measure(path: Path, mime: str, row: Counter[str]) -> dict[str, object]:
    """What hachoir adds to one file; counts and times go into the row."""
    start = time.perf_counter()
    with mock.patch(HACHOIR):
        alone, _ = read_container(path, mime)
    between = time.perf_counter()
    both, _ = read_container(path, mime)
    row["alone"] += round(1e6 * (between - start))
    row["both"] += round(1e6 * (time.perf_counter() - between))
    row["files"] += 1
    row["not opened"] += any("could not be opened" in note for note in alone.notes)
    before, after = told(alone), told(both)
    added = {name: after[name] for name in FIELDS if name in after and name not in before}
    row.update(added.keys())
    return added


def told(layer: Layer) -> dict[str, object]:
    """The fields of a layer, the best date among them."""
    date = {"date": str(layer.moments[0].wall)} if layer.moments else {}
    return layer.fields | date


def as_table(rows: dict[str, Counter[str]]) -> str:
    """The rows as text."""
    columns = ("files", "not opened", *FIELDS)
    lines = [f"{'type':26}" + "".join(f"{name:>12}" for name in columns) + f"{'ms PyAV':>12}{'ms both':>12}"]
    for mime, row in sorted(rows.items()):
        times = (row[name] / 1000 / max(row["files"], 1) for name in ("alone", "both"))
        lines.append(
            f"{mime:26}" + "".join(f"{row[name]:12}" for name in columns) + "".join(f"{t:12.1f}" for t in times)
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
