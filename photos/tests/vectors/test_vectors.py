"""Vectors: exact and indexed search, what the database filters, and every sharp edge of hnswlib."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mirage.runtime import queues
from photos import vectors
from photos.models import Embedding, Photo
from photos.vectors import exact, files, searching, upkeep
from photos.vectors.kinds import KINDS, Kind, VectorError

Maker = Callable[..., Photo]
KIND = KINDS["fingerprints"]
hnswlib = pytest.importorskip("hnswlib")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def unit(rng: np.random.Generator, count: int) -> np.ndarray:
    rows = rng.normal(size=(count, KIND.dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def add(make_photo: Maker, rng: np.random.Generator) -> Callable[..., list[Embedding]]:
    """Fingerprints in rows: `add(20)` or `add(vectors)`, all of one photo unless told otherwise."""

    def make(what: int | np.ndarray, **photo: object) -> list[Embedding]:
        rows = unit(rng, what) if isinstance(what, int) else what
        owner = make_photo(**photo)
        made = [
            Embedding(photo=owner, kind=KIND.name, model=KIND.model, frame=number, vector=vectors.pack(row))
            for number, row in enumerate(rows)
        ]
        return Embedding.objects.bulk_create(made)

    return make


def ids(hits: list[vectors.Hit]) -> list[int]:
    return [hit.id for hit in hits]


def nearest(rows: list[Embedding], query: np.ndarray, count: int) -> list[int]:
    """The plain truth."""
    all_vectors = np.stack([vectors.unpack(row.vector) for row in rows])
    order = np.argsort(-(all_vectors @ query))[:count]
    return [rows[place].pk for place in order]


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indexed", [False, True])
def test_finds_the_nearest_in_order(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    rows = add(300)
    if indexed:
        assert vectors.rebuild("fingerprints") == 300
    query = unit(rng, 1)[0]
    hits = vectors.search("fingerprints", query, 10)[0]
    assert ids(hits) == nearest(rows, query, 10)
    best = next(row for row in rows if row.pk == hits[0].id)
    assert hits[0].similarity == pytest.approx(float(query @ vectors.unpack(best.vector)), abs=1e-3)


@pytest.mark.parametrize("indexed", [False, True])
def test_removed_rows_are_never_found(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    rows = add(60)
    if indexed:
        vectors.rebuild("fingerprints")
    query = vectors.unpack(rows[7].vector)
    assert ids(vectors.search("fingerprints", query, 1)[0]) == [rows[7].pk]
    rows[7].delete()
    found = ids(vectors.search("fingerprints", query, 60)[0])
    assert rows[7].pk not in found
    assert len(found) == 59


@pytest.mark.parametrize("indexed", [False, True])
def test_new_rows_are_found_at_once(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    add(50)
    if indexed:
        vectors.rebuild("fingerprints")
    query = unit(rng, 1)
    vectors.search("fingerprints", query, 3)
    (late,) = add(query)
    hit = vectors.search("fingerprints", query, 3)[0][0]
    assert hit.id == late.pk
    assert hit.similarity == pytest.approx(1, abs=1e-3)


def test_rows_that_appear_below_the_newest_id_are_found(add: Callable, rng: np.random.Generator) -> None:
    """PostgreSQL gives ids before it commits: a lower one may come later."""
    rows = add(20)
    late = rows[5]
    late.delete()
    vectors.rebuild("fingerprints")
    query = vectors.unpack(late.vector)
    vectors.search("fingerprints", query, 1)
    late.pk = rows[4].pk + 1
    late.save(force_insert=True)
    assert ids(vectors.search("fingerprints", query, 1)[0]) == [late.pk]


@pytest.mark.parametrize("indexed", [False, True])
def test_filter_that_leaves_few_is_still_answered_in_full(
    add: Callable, rng: np.random.Generator, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FETCHED", 100)
    query = unit(rng, 1)[0]
    add(query + 0.2 * unit(rng, 400))  # all nearer than the wanted
    wanted = add(5, favourite=True)
    if indexed:
        vectors.rebuild("fingerprints")
    within = Embedding.objects.filter(photo__favourite=True)
    found = vectors.search("fingerprints", query, 4, within=within)[0]
    assert ids(found) == nearest(wanted, query, 4)


def test_least_similarity(add: Callable, rng: np.random.Generator) -> None:
    rows = add(30)
    query = vectors.unpack(rows[3].vector)
    assert ids(vectors.search("fingerprints", query, 30, least=0.9)[0]) == [rows[3].pk]


@pytest.mark.parametrize(
    "query", [np.zeros(512), np.full(512, np.nan), np.full(512, np.inf), np.ones(128)], ids=["0", "nan", "inf", "short"]
)
def test_what_is_no_vector_is_refused(db: None, query: np.ndarray) -> None:
    with pytest.raises(VectorError):
        vectors.search("fingerprints", query, 3)


def test_rows_that_are_no_vectors_are_left_out(add: Callable, rng: np.random.Generator) -> None:
    rows = add(6)
    Embedding.objects.filter(pk=rows[0].pk).update(vector=b"short")
    Embedding.objects.filter(pk=rows[1].pk).update(vector=np.full(512, np.nan, "<f2").tobytes())
    Embedding.objects.filter(pk=rows[2].pk).update(vector=bytes(1024))
    assert vectors.rebuild("fingerprints") == 3
    assert sorted(ids(vectors.search("fingerprints", unit(rng, 1), 9)[0])) == [row.pk for row in rows[3:]]


def test_nothing_there(db: None, library: Path, rng: np.random.Generator) -> None:
    assert vectors.search("fingerprints", unit(rng, 2), 5) == [[], []]


def test_too_many_for_memory_are_searched_through_the_database(
    add: Callable, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "MOST_IN_MEMORY", 10)
    rows = add(40)
    query = unit(rng, 1)[0]
    assert ids(vectors.search("fingerprints", query, 5)[0]) == nearest(rows, query, 5)
    assert len(searching._tail(KIND)._ids) == 0


# --- the file -------------------------------------------------------------------------------------------------------


def sidecar() -> dict:
    return json.loads(files.sidecar_path(KIND).read_text())


def index_file() -> Path:
    return files.sidecar_path(KIND).with_name(sidecar()["file"])


def test_sidecar_says_what_is_in_the_file(add: Callable) -> None:
    rows = add(25)
    vectors.rebuild("fingerprints")
    told = sidecar()
    assert (told["kind"], told["model"], told["dimension"]) == ("fingerprints", "sscd-distilled", 512)
    assert (told["count"], told["last_id"], told["bytes"]) == (25, rows[-1].pk, index_file().stat().st_size)


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)


@pytest.mark.parametrize("harm", [truncate, flip, Path.unlink], ids=["truncated", "corrupt", "missing"])
def test_damaged_file_is_noticed_and_built_anew(
    add: Callable, rng: np.random.Generator, harm: Callable[[Path], None]
) -> None:
    rows = add(80)
    vectors.rebuild("fingerprints")
    harm(index_file())
    query = unit(rng, 1)[0]
    assert ids(vectors.search("fingerprints", query, 5)[0]) == nearest(rows, query, 5)  # exact, no error
    assert not all(finding.sound for finding in vectors.check("fingerprints"))
    assert vectors.refresh("fingerprints") == 80
    assert all(finding.sound for finding in vectors.check("fingerprints"))


@pytest.mark.parametrize(
    "told",
    [
        {"model": "another"},
        {"dimension": 64},
        {"kind": "faces"},
        {"format": 99},
        {"file": "../elsewhere.hnsw"},
        {"count": 3},
    ],
    ids=str,
)
def test_foreign_index_is_not_used(add: Callable, rng: np.random.Generator, told: dict) -> None:
    rows = add(30)
    vectors.rebuild("fingerprints")
    files.sidecar_path(KIND).write_text(json.dumps(sidecar() | told))
    files._loaded.clear()
    with pytest.raises(files.UnusableIndex):
        files.load(KIND)
    assert len(vectors.search("fingerprints", unit(rng, 1), 30)[0]) == len(rows)


def test_half_a_sidecar_is_not_used(add: Callable) -> None:
    add(10)
    vectors.rebuild("fingerprints")
    files.sidecar_path(KIND).write_text(files.sidecar_path(KIND).read_text()[:40])
    assert files.published(KIND) is None
    assert vectors.refresh("fingerprints") == 10


def test_readers_notice_a_new_publication(add: Callable, rng: np.random.Generator) -> None:
    add(20)
    vectors.rebuild("fingerprints")
    before = files.published(KIND)
    assert files.published(KIND) is before  # not loaded again
    add(20)
    vectors.refresh("fingerprints")
    after = files.published(KIND)
    assert (before.sidecar.count, after.sidecar.count) == (20, 40)


def test_old_file_goes_with_the_new_publication(add: Callable) -> None:
    add(5)
    vectors.rebuild("fingerprints")
    vectors.rebuild("fingerprints")
    assert [file.name for file in files.sidecar_path(KIND).parent.glob("*.hnsw")] == [index_file().name]


def test_refresh_takes_removed_ones_away(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = add(40)
    vectors.rebuild("fingerprints")
    for row in rows[:2]:
        row.delete()
    assert vectors.refresh("fingerprints") == 38  # marked: few
    assert sidecar()["removed"] == 2
    for row in rows[2:20]:
        row.delete()
    assert vectors.refresh("fingerprints") == 20  # built anew: many
    assert (sidecar()["removed"], sidecar()["count"]) == (0, 20)


def test_asking_for_more_than_there_are(add: Callable, rng: np.random.Generator) -> None:
    """hnswlib raises when k is above the live count."""
    rows = add(12)
    vectors.rebuild("fingerprints")
    rows[0].delete()
    vectors.refresh("fingerprints")
    assert len(vectors.search("fingerprints", unit(rng, 1), 500)[0]) == 11


def test_loaded_graph_searches_wide_again(add: Callable) -> None:
    """After loading hnswlib has forgotten ef and is back at 10."""
    add(5)
    vectors.rebuild("fingerprints")
    assert files.published(KIND).graph.ef == files.ef_for(5) == 128
    assert files.ef_for(1_000_000) == 1_000


def test_full_disk_publishes_nothing(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """save_index says nothing when it could not write everything."""
    add(30)
    vectors.rebuild("fingerprints")
    before = sidecar()
    add(30)

    class FullDisk:
        def __init__(self, graph: Any) -> None:
            self.graph = graph

        def save_index(self, path: str) -> None:
            self.graph.save_index(path)
            truncate(Path(path))

        def index_file_size(self) -> int:
            return self.graph.index_file_size()

    with pytest.raises(files.UnusableIndex, match="disk"):
        files.publish(KIND, FullDisk(files.load(KIND).graph), 0, 99)
    assert sidecar() == before
    assert len(list(files.sidecar_path(KIND).parent.glob("*.hnsw"))) == 1


def test_what_a_killed_writer_left_is_removed(add: Callable) -> None:
    add(5)
    folder = files.sidecar_path(KIND).parent
    folder.mkdir(parents=True)
    strays = [folder / "fingerprints-dead.hnsw", folder / "fingerprints-dead.new"]
    others = folder / "faces-alive.hnsw"
    for file in (*strays, others):
        file.write_bytes(b"half")
    vectors.rebuild("fingerprints")
    assert not any(stray.exists() for stray in strays)
    assert others.exists()


def test_without_hnswlib_search_is_exact(
    add: Callable, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = add(30)
    vectors.rebuild("fingerprints")
    files._loaded.clear()
    monkeypatch.setattr(files, "hnswlib", None)
    query = unit(rng, 1)[0]
    assert ids(vectors.search("fingerprints", query, 5)[0]) == nearest(rows, query, 5)
    assert vectors.rebuild("fingerprints") == 0
    assert "hnswlib is not installed" in vectors.check("fingerprints")[0].text


def test_searches_beside_publications_never_fail(library: Path, rng: np.random.Generator) -> None:
    """Overwriting a live file, resizing beside a query, adding beside queries: each kills or breaks readers."""
    rows = unit(rng, 400)
    stop, failures = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            try:
                index = files.published(KIND)
                labels, _ = index.nearest(rows[:4], 3)
                if [found[0] for found in labels] != [0, 1, 2, 3]:
                    failures.append(labels)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what the test looks for
                failures.append(error)

    publish(rows[:50])
    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for count in range(60, 400, 20):
        publish(rows[:count])
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures


def publish(rows: np.ndarray) -> None:
    with files.writing(KIND):
        graph = files.new_graph(KIND, len(rows))
        graph.add_items(rows, np.arange(len(rows)))
        files.publish(KIND, graph, 0, len(rows) - 1)


WRITER = """
import sys
import numpy as np
from mirage.testing import ground as testing
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
import django
django.setup()
from photos.tests.vectors.test_vectors import publish, unit
rows = unit(np.random.default_rng(3), 300)
print("ready", flush=True)
while True:
    for count in range(100, 300, 10):
        publish(rows[:count])
"""


def test_killed_writer_leaves_a_whole_index(library: Path, rng: np.random.Generator) -> None:
    """Kill the writer at any point: readers keep answering, and the next start is whole."""
    rows = unit(rng, 300)
    publish(rows[:100])
    environment = {**os.environ, "MIRAGE_DATA": str(library)}
    for attempt in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, env=environment)
        assert writer.stdout.readline() == b"ready\n"
        until = time.monotonic() + 0.05 + 0.037 * attempt
        while time.monotonic() < until:
            check_whole(rows)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        files._loaded.clear()
        check_whole(rows)
    publish(rows)
    assert len(list(files.sidecar_path(KIND).parent.iterdir())) == 3  # sidecar, file, lock


def test_writer_killed_at_every_step_leaves_a_whole_index(
    library: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before and after each thing that a publication does to the disk, in turn, the writer dies."""
    rows = unit(rng, 300)
    publish(rows[:100])
    places = ((files, "sync"), (files, "remove_strays"), (files, "checksum"), (os, "replace"))
    for owner, name in (*places, (files.paths, "sync_folder"), (Path, "write_text")):
        monkeypatch.setattr(owner, name, mortal(getattr(owner, name)))
    died, step = 0, 0
    while died == step:
        step += 1
        pid = os.fork()
        if not pid:
            steps_left[:] = [step]
            publish(rows[: 100 + step])
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        died += os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        check_whole(rows)  # as a reader that goes on
        files._loaded.clear()
        check_whole(rows)  # as one that starts
    assert died >= 16
    assert files.read_sidecar(KIND).count == 100 + step  # the one that nobody killed
    assert len(list(files.sidecar_path(KIND).parent.iterdir())) == 3  # sidecar, file, lock


def mortal(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but the process dies when its steps are used up: once before it and once after it."""

    def step(*args: Any, **options: Any) -> Any:
        die_where_due()
        answer = work(*args, **options)
        die_where_due()
        return answer

    return step


def die_where_due() -> None:
    steps_left.append(steps_left.pop() - 1)
    if steps_left[-1] == 0:
        os.kill(os.getpid(), signal.SIGKILL)


steps_left = [0]  # of the process that is to die; 0 or less never ends


def check_whole(rows: np.ndarray) -> None:
    labels, similarities = files.published(KIND).nearest(rows[:5], 1)
    assert [int(found[0]) for found in labels] == [0, 1, 2, 3, 4]
    assert all(found[0] == pytest.approx(1, abs=1e-3) for found in similarities)


# --- upkeep ---------------------------------------------------------------------------------------------------------


def test_index_is_asked_for_when_there_are_enough(
    add: Callable, monkeypatch: pytest.MonkeyPatch, django_rq_calls: list
) -> None:
    monkeypatch.setattr(upkeep, "EXACT_BELOW", 30)
    monkeypatch.setattr(upkeep, "BACKLOG", 10)
    add(29)
    vectors.refresh_if_due("fingerprints")
    assert not django_rq_calls
    add(1)
    vectors.refresh_if_due("fingerprints")
    vectors.refresh_if_due("fingerprints")
    assert len(django_rq_calls) == 1  # asked for once
    vectors.refresh("fingerprints")
    add(9)
    assert not upkeep.is_due(KIND)
    add(1)
    assert upkeep.is_due(KIND)


def test_index_that_breaks_again_is_asked_for_again(add: Callable, django_rq_calls: list) -> None:
    add(30)
    for times in (1, 2):
        vectors.rebuild("fingerprints")
        truncate(index_file())
        assert files.published(KIND) is None
        assert files.published(KIND) is None
        assert len(django_rq_calls) == times  # once each time
        vectors.refresh("fingerprints")
        assert files.published(KIND) is not None


@pytest.fixture
def django_rq_calls(monkeypatch: pytest.MonkeyPatch) -> list:
    queue = queues.django_rq.get_queue("index")
    calls: list = []
    monkeypatch.setattr(queue, "enqueue", lambda *args, **options: calls.append(args))
    monkeypatch.setattr(queues.django_rq, "get_queue", lambda name: queue)
    return calls


def test_check_says_what_differs(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SLACK", 0)
    rows = add(10)
    assert "exact search serves them" in vectors.check("fingerprints")[0].text
    vectors.rebuild("fingerprints")
    rows[0].delete()
    add(2)
    texts = [finding.text for finding in vectors.check("fingerprints")]
    assert texts == [
        "10 vectors in the index, 11 in the database.",
        "1 vectors in the index are no longer in the database.",
        "2 newer vectors are searched exactly until the next refresh.",
    ]


def test_check_finds_what_the_index_lacks(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SLACK", 0)
    rows = add(10)
    rows[4].delete()
    vectors.rebuild("fingerprints")
    rows[4].pk = rows[3].pk + 1
    rows[4].save(force_insert=True)
    assert any("1 vectors of the database are missing" in finding.text for finding in vectors.check("fingerprints"))
    vectors.refresh("fingerprints")
    assert all(finding.sound for finding in vectors.check("fingerprints"))


def test_kinds_keep_their_own_files(add: Callable) -> None:
    other = Kind("others", "photos.Embedding", "m", 512, {"kind": "others"})
    assert files.sidecar_path(other) != files.sidecar_path(KIND)
