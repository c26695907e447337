"""What others do with the files of a folder, for benchmarks/pipeline/peers/run.py.

Runs under the Python of whoever is measured, so it needs nothing but the standard library and that package. The last
line printed is JSON: seconds of processor and of the wall without start and loading, and what was found.
"""

import importlib
import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
BITS = 10  # of 64, what imagededup and czkawka advise


def measured(work: Callable[[], dict[str, Any]]) -> None:
    """Do the work and print what it took."""
    before, began = spent(), time.perf_counter()
    found = work()
    taken = {"wall": time.perf_counter() - began, "processor": spent() - before}
    print(json.dumps(taken | found))


def spent() -> float:
    """Seconds of processor until now, of this process and all below it, those that ended and those that still run."""
    ended = os.times()
    seconds = time.process_time() + ended.children_user + ended.children_system
    waiting = below(os.getpid())
    while waiting:
        process = waiting.pop()
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds += sum(int(field) for field in fields[11:15]) / TICKS
        waiting += below(process)
    return seconds


def below(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for each in listed for child in each.read_text().split()]


def exiftool(files: list[Path]) -> None:
    """One process that stays open, a file at a time, all tags as JSON."""
    command = ["exiftool", "-stay_open", "True", "-@", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin
        assert process.stdout
        asked, told = process.stdin, process.stdout

        def ask(file: Path) -> int:
            asked.write(f"-j\n-n\n-G1\n-struct\n-api\nlargefilesupport=1\n{file}\n-execute\n")
            asked.flush()
            lines = []
            while (line := told.readline()).strip() != "{ready}":
                lines.append(line)
            return len(json.loads("".join(lines))[0])

        ask(files[0])
        measured(lambda: {"told": f"{sum(ask(file) for file in files) / len(files):.0f} tags a file"})
        asked.write("-stay_open\nFalse\n")
        asked.flush()


def imagededup(files: list[Path]) -> None:
    """pHash, and its search for what lies within ten bits. Its neural network is left out, so PyTorch is not needed."""
    for name in ("imagededup.methods.cnn", "imagededup.utils.models", "imagededup.utils.plotter"):
        stand_in: Any = types.ModuleType(name)
        stand_in.CNN = stand_in.CustomModel = stand_in.plot_duplicates = None
        sys.modules[name] = stand_in
    method = importlib.import_module("imagededup.methods").PHash(verbose=False)
    method.encode_image(image_file=str(files[0]))

    def work() -> dict[str, Any]:
        codes = {file.name: method.encode_image(image_file=str(file)) for file in files}
        found = method.find_duplicates(encoding_map=codes, max_distance_threshold=BITS, num_dist_workers=0)
        return {"pairs": sorted({tuple(sorted((one, other))) for one, some in found.items() for other in some})}

    measured(work)


def czkawka(files: list[Path]) -> None:
    """The hashes of its bindings for Python, compared in this loop."""
    finder = importlib.import_module("czkawka").ImageSimilarity()
    finder.hash_image(str(files[0]))

    def work() -> dict[str, Any]:
        codes = {file.name: finder.hash_image(str(file)) for file in files}
        pairs = combinations(sorted(codes), 2)
        return {"pairs": [pair for pair in pairs if finder.compare_hashes(codes[pair[0]], codes[pair[1]]) <= BITS]}

    measured(work)


def findimagedupes(files: list[Path]) -> None:
    """The command, as it is without options: a line for each group."""

    def work() -> dict[str, Any]:
        done = subprocess.run(["findimagedupes", *map(str, files)], capture_output=True, text=True, check=False)
        groups = [sorted(Path(name).name for name in line.split()) for line in done.stdout.splitlines()]
        return {"pairs": [pair for group in groups for pair in combinations(group, 2)]}

    measured(work)


def face_recognition(files: list[Path]) -> None:
    """Its own loop: load, describe, and call faces the same that lie within its tolerance of 0.6."""
    package = importlib.import_module("face_recognition")
    package.face_encodings(package.load_image_file(str(files[0])))

    def work() -> dict[str, Any]:
        faces = []
        for file in files:
            image = package.load_image_file(str(file))
            boxes = package.face_locations(image)
            height, width = image.shape[:2]
            for (top, right, bottom, left), vector in zip(boxes, package.face_encodings(image, boxes), strict=True):
                faces.append((file.name, off_centre(left, top, right, bottom, width, height), vector))
        shown = middle_ones(faces)
        pairs = [
            (one, other)
            for one, other in combinations(sorted(shown), 2)
            if package.compare_faces([shown[one]], shown[other])[0]
        ]
        return {"told": f"{len(faces)} faces", "pairs": pairs}

    measured(work)


def deepface(files: list[Path]) -> None:
    """DeepFace.represent in a loop, with the models that Mirage uses, and the limit that it advises for them."""
    package = importlib.import_module("deepface.DeepFace")
    verification = importlib.import_module("deepface.modules.verification")
    cv2, numpy = importlib.import_module("cv2"), importlib.import_module("numpy")
    limit = verification.find_threshold("SFace", "cosine")
    asked = {"model_name": "SFace", "detector_backend": "yunet", "enforce_detection": False}
    package.represent(str(files[0]), **asked)

    def work() -> dict[str, Any]:
        faces = []
        for file in files:
            height, width = cv2.imread(str(file)).shape[:2]
            for face in package.represent(str(file), **asked):
                if face["face_confidence"]:  # 0: none was found, the whole picture is described
                    area = face["facial_area"]
                    corner = (area["x"] + area["w"], area["y"] + area["h"])
                    off = off_centre(area["x"], area["y"], *corner, width, height)
                    vector = numpy.array(face["embedding"])
                    faces.append((file.name, off, vector / numpy.linalg.norm(vector)))
        shown = middle_ones(faces)
        pairs = combinations(sorted(shown), 2)
        found = [(one, other) for one, other in pairs if 1 - float(shown[one] @ shown[other]) <= limit]
        return {"told": f"{len(faces)} faces", "pairs": found}

    measured(work)


def off_centre(left: float, top: float, right: float, bottom: float, width: float, height: float) -> float:
    """How far a box lies from the middle of the picture: whom the label means is there."""
    return abs((left + right) / 2 - width / 2) + abs((top + bottom) / 2 - height / 2)


def middle_ones(faces: list[tuple[str, float, Any]]) -> dict[str, Any]:
    """Of each picture the vector of the face nearest to its middle."""
    return {name: vector for name, _, vector in sorted(faces, key=lambda face: -face[1])}


def main() -> None:
    """The name of a peer, and a folder or a list of files, one a line."""
    name, listed = sys.argv[1:3]
    files = [Path(line) for line in Path(listed).read_text().splitlines()]
    {
        "exiftool": exiftool,
        "imagededup": imagededup,
        "czkawka": czkawka,
        "findimagedupes": findimagedupes,
        "face_recognition": face_recognition,
        "deepface": deepface,
    }[name](files)


if __name__ == "__main__":
    main()
