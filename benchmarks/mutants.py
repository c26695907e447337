"""How many deliberate mistakes the tests notice, in the modules on which everything else rests.

    python benchmarks/mutants.py [words of module names …] [--survivors] [--scratch DIR] [--write]

mutmut (pip install mutmut==3.8.1; setup does not bring it) changes one thing at a time in a copy of the project (a
comparison, a number, an argument) and runs the module's own tests. A mutant that no test notices survives. Those in
equivalent_mutants.toml change nothing that anybody could notice, and say why. Only what is inside functions is changed:
constants of a module are not touched.

`--survivors` prints what the survivors changed; `--write` puts the table into docs/measured/mutants.md. With a scratch
folder that is kept, a second run tries only what survived, after tests were added.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
TABLE = ROOT / "docs" / "measured" / "mutants.md"
START, END = "<!-- mutants: start -->", "<!-- mutants: end -->"
NOTICED = {"killed", "timeout", "segfault"}
WANTED = 85  # percent
# Seconds that tests may take to begin, without and with a database. What takes 15 times as long as both together hangs.
BEGINNING, BEGINNING_DATABASE = 3, 30
APPS, DATABASE = "apps", "database"
ALONE = ["-pno:django", "--noconftest"]
OPTIONS = {"": ALONE, APPS: [*ALONE, "-pmirage.testing.apps_alone"], DATABASE: ["--reuse-db"]}


@dataclass(frozen=True)
class Heart:
    """A module whose mutants are counted, and the tests that should notice them."""

    module: str
    tests: tuple[str, ...]
    needs: str = ""  # what the tests need of Mirage: nothing, its APPS, or a DATABASE, and with it Redis

    @property
    def name(self) -> str:
        return self.module.removesuffix(".py").replace("/", ".")


MATCHING = tuple(f"vision/tests/test_matching_{part}.py" for part in ("laid", "verdicts", "around"))  # the quick ones
GRAMMAR = "search/tests/language/test_grammar.py", "search/tests/language/test_grammar_mistakes.py"
CLUSTERS = "people/tests/grouping/test_clusters.py", "people/tests/grouping/test_camps.py"
HEARTS = (
    Heart("search/language/grammar.py", GRAMMAR, APPS),
    Heart("media/metadata/instants.py", ("media/tests/metadata/test_instants.py",)),
    Heart("media/metadata/timing.py", ("media/tests/metadata/test_timing.py",)),
    Heart("media/metadata/filename.py", ("media/tests/metadata/test_filename.py",)),
    Heart("vision/matching.py", MATCHING),
    Heart("people/grouping/units.py", ("people/tests/grouping/test_units.py",)),
    Heart("people/grouping/clusters.py", CLUSTERS),
    Heart("people/grouping/neighbours.py", ("people/tests/grouping/test_neighbours.py",), DATABASE),
    Heart("people/grouping/constraints.py", ("people/tests/grouping/test_constraints.py",), DATABASE),
    Heart("people/grouping/outliers.py", ("people/tests/grouping/test_outliers.py",), DATABASE),
    Heart("people/grouping/assignments.py", ("people/tests/grouping/test_assignments.py",), DATABASE),
    Heart("duplicates/keeping.py", ("duplicates/tests/test_keeping.py",), DATABASE),
    Heart("accounts/undoing.py", ("accounts/tests/test_undoing.py",), DATABASE),
    Heart("accounts/batches.py", ("accounts/tests/test_batches.py",), DATABASE),
)


@dataclass
class Score:
    """What became of a module's mutants."""

    heart: Heart
    mutants: int
    equivalent: int
    survivors: dict[str, str]  # the mutant's name, and the lines it changed

    @property
    def killed(self) -> int:
        return self.mutants - self.equivalent - len(self.survivors)

    @property
    def percent(self) -> float:
        return 100 * self.killed / max(self.mutants - self.equivalent, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="modules with one of these words in their names; all without")
    parser.add_argument("--survivors", action="store_true")
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    hearts = [heart for heart in HEARTS if not options.names or any(word in heart.name for word in options.names)]
    with tempfile.TemporaryDirectory(prefix="mirage-mutants-") as folder:
        scores = []
        for heart in hearts:
            scores.append(score := try_out(heart, (options.scratch or Path(folder)) / heart.name))
            print(row(score), flush=True)
            for name, change in score.survivors.items() if options.survivors else ():
                print(f"\n{name}\n{change}")
    if options.write:
        write(scores)
    if any(score.percent < WANTED for score in scores):
        sys.exit(f"At least {WANTED} % should be killed in every module.")


def try_out(heart: Heart, scratch: Path) -> Score:
    """Make a module's mutants, run the tests on each, and count."""
    survived_before = survivors(scratch)
    prepare(heart, scratch)
    mutmut(scratch, "run", "--max-children", "1")
    if again := sorted(survived_before & survivors(scratch)):  # which it does not try again by itself
        mutmut(scratch, "run", "--max-children", "1", *again)
    found = outcomes(scratch)
    reasons = equivalent(heart.module)
    unnoticed = {name: changed_lines(mutmut(scratch, "show", name)) for name in survivors(scratch)}
    real = {name: change for name, change in unnoticed.items() if not any(line in change for line in reasons)}
    return Score(heart, len(found), len(unnoticed) - len(real), real)


def prepare(heart: Heart, scratch: Path) -> None:
    """Copy the project beside itself and tell mutmut what to change there and which tests to run."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, scratch / name)
    options = ["-pno:cacheprovider", "-pno:schemathesis", "-pno:xdist", "--hypothesis-seed=0"]
    options += OPTIONS[heart.needs]
    package = heart.module.split("/")[0]
    beside = sorted(path.name for path in scratch.iterdir() if path.name not in {package, "mutants", "setup.cfg"})
    lists = {
        "source_paths": [package],
        "only_mutate": [heart.module],
        "also_copy": beside,
        "pytest_add_cli_args": options,
        "pytest_add_cli_args_test_selection": heart.tests,
    }
    config = "".join(f"{key} =\n" + "".join(f"    {value}\n" for value in values) for key, values in lists.items())
    beginning = BEGINNING_DATABASE if heart.needs == DATABASE else BEGINNING
    (scratch / "setup.cfg").write_text(f"[mutmut]\ntimeout_constant = {beginning}\n{config}")


def mutmut(scratch: Path, *arguments: str) -> str:
    """Run mutmut with these arguments and give what it printed."""
    one_thread = {"OPENCV_FOR_THREADS_NUM": "1", "OMP_NUM_THREADS": "1"}  # each mutant is a fork, without the threads
    environment = {**os.environ, "MIRAGE_TEST_DATABASE": "sqlite", **one_thread}
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"mutmut {arguments[0]} failed in {scratch}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def outcomes(scratch: Path) -> dict[str, str]:
    """What became of each mutant, by its name."""
    lines = mutmut(scratch, "results", "--all", "true").splitlines()
    return dict(line.strip().split(": ", 1) for line in lines if ": " in line)


def survivors(scratch: Path) -> set[str]:
    """The mutants that no test noticed so far; none before the first run."""
    if not any((scratch / "mutants").rglob("*.meta")):
        return set()
    return {name for name, outcome in outcomes(scratch).items() if outcome not in NOTICED}


def changed_lines(diff: str) -> str:
    """What a mutant took out and what it put in."""
    lines = diff.splitlines()
    return "\n".join(line for line in lines if re.match(r"[+-](?![+-]{2})", line))


def equivalent(module: str) -> list[str]:
    """The changed lines of this module that nobody could notice."""
    listed = tomllib.loads(EQUIVALENT.read_text())
    return [entry["line"] for entry in listed.get(module, [])]


def row(score: Score) -> str:
    return (
        f"| `{score.heart.module}` | {score.mutants} | {score.equivalent} | {score.killed} "
        f"| {len(score.survivors)} | {score.percent:.1f} |"
    )


def table(scores: list[Score]) -> Iterator[str]:
    yield "| Module | Mutants | Equivalent | Killed | Survived | Killed, % |"
    yield "|---|---|---|---|---|---|"
    yield from map(row, scores)


def write(scores: list[Score]) -> None:
    """Put the table between the two marks of the page."""
    page = TABLE.read_text()
    before, rest = page.split(START)
    after = rest.split(END)[1]
    TABLE.write_text("\n".join([before + START, *table(scores), END + after]))


if __name__ == "__main__":
    main()
