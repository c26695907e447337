"""What Mirage does with the files that benchmarks/pipeline/peers/run.py hands to others, in a process of its own."""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks.people import face_library
from benchmarks.pipeline.peers.theirs import measured, spent
from media.mediatypes import identify

BATCH = 32  # photos of a stage's turn


def metadata(files: list[Path]) -> None:
    """The reader alone: neither sandbox nor rows. A place is named where a position is known."""
    from media.metadata import places
    from media.metadata.reading import read

    kinds = {file: found.mime for file in files if (found := identify(file))}
    read(files[0], kinds[files[0]])
    places.find_place(0.0, 0.0)
    measured(lambda: {"told": f"{len([read(file, mime) for file, mime in kinds.items()])} files"})


def thumbnails(files: list[Path]) -> None:
    """Three sizes each, as the stage makes them, without sandbox and rows."""
    from media.thumbnails import render

    kinds = {file: found.mime for file in files if (found := identify(file))}
    with tempfile.TemporaryDirectory() as folder:
        render(files[0], kinds[files[0]], Path(folder) / "warm")

        def work() -> dict[str, Any]:
            for file, mime in kinds.items():
                render(file, mime, Path(folder) / file.name)
            return {"told": f"{len(kinds)} pictures, 3 sizes"}

        measured(work)


def copies(files: list[Path]) -> None:
    """Everything that duplicates need: taking in, thumbnails, fingerprints, sketches, the pixels, and rows."""
    with tempfile.TemporaryDirectory() as folder:
        face_library.start_mirage(Path(folder))
        from duplicates import finding, sketching
        from duplicates.models import DuplicateMember
        from photos.models import Photo
        from photos.pipeline import similarity

        def through(names: Sequence[Path]) -> None:
            owner = face_library.import_pictures(names[0].parent, [name.name for name in names])
            taken.append(spent())
            ids = list(Photo.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
            for stage in (similarity.take_fingerprints, sketching.run, finding.check):
                for first in range(0, len(ids), BATCH):
                    stage(ids[first : first + BATCH])

        def work() -> dict[str, Any]:
            taken.append(spent())
            through(files)
            before = 1000 * (taken[1] - taken[0]) / len(files)
            groups = defaultdict(set)
            for member in DuplicateMember.objects.filter(photo__owner__username=name).select_related("photo"):
                groups[member.group_id].add(member.photo.original_name)
            told = f"{before:.0f} ms of it before the stages of duplicates;"
            return {
                "told": told,
                "pairs": sorted({pair for some in groups.values() for pair in combinations(sorted(some), 2)}),
            }

        taken: list[float] = []
        name = f"benchmark-{files[0].parent.name}"
        warm_up()
        measured(work)


def warm_up() -> None:
    """Load the model, and start the sandbox."""
    from PIL import Image

    from media.sandbox import shared
    from vision import fingerprints

    shared().call("media.thumbnails:grid_size", (1, 1), 1)
    fingerprints.compute([Image.new("RGB", (320, 240), "grey")])


def faces(files: list[Path]) -> None:
    """The stages of faces and of people, rows and all; pictures are taken in and have thumbnails before."""
    with tempfile.TemporaryDirectory() as folder:
        face_library.start_mirage(Path(folder))
        owner = face_library.import_pictures(files[0].parent, [file.name for file in files])
        from people.detection import scanning
        from people.models import Face
        from photos.models import Photo

        ids = list(Photo.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
        scanning.find_faces(ids[:1])

        def work() -> dict[str, Any]:
            for first in range(0, len(ids), 8):
                scanning.find_faces(ids[first : first + 8])
            scanning.group_faces(ids)
            shown = face_library.labelled_faces(owner, {file.name: "" for file in files})
            persons = {face.photo.original_name: face.person_id for face in shown if face.person_id}
            pairs = [pair for pair in combinations(sorted(persons), 2) if persons[pair[0]] == persons[pair[1]]]
            return {"told": f"{Face.objects.count()} faces", "pairs": pairs}

        measured(work)


def main() -> None:
    name, listed = sys.argv[1:3]
    files = [Path(line) for line in Path(listed).read_text().splitlines()]
    {"metadata": metadata, "thumbnails": thumbnails, "copies": copies, "faces": faces}[name](files)


if __name__ == "__main__":
    main()
