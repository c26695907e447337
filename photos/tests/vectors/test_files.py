"""Index files: published whole or not at all, used only where they are sound, and every sharp edge of hnswlib."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photos import vectors
from photos.tests.vectors.rows import KIND, ids, index_file, nearest, sidecar, truncate, unit
from photos.vectors import files
from photos.vectors.kinds import Kind

hnswlib = pytest.importorskip("hnswlib")


def test_sidecar_says_what_is_in_the_file(add: Callable) -> None:
    rows = add(25)
    vectors.rebuild("fingerprints")
    told = sidecar()
    assert (told["kind"], told["model"], told["dimension"]) == ("fingerprints", "sscd-distilled", 512)
    assert (told["count"], told["last_id"], told["bytes"]) == (25, rows[-1].pk, index_file().stat().st_size)


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)


@pytest.mark.parametrize("harm", [truncate, flip, Path.unlink], ids=["truncated", "corrupt", "missing"])
def test_a_damaged_file_is_noticed_and_rebuilt(
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
    assert vectors.refresh("fingerprints") == 20  # rebuilt: many
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


def test_files_of_a_killed_writer_are_removed(add: Callable) -> None:
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


def test_the_next_publication_may_come_before_a_verified_file_is_loaded(
    library: Path, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = unit(rng, 120)
    publish(rows[:100])
    verify, counts = files.verify, iter([110, 120])

    def verify_slowly(sidecar: files.Sidecar, file: Path) -> None:
        verify(sidecar, file)
        if count := next(counts, None):
            publish(rows[:count])
            assert not file.exists()

    monkeypatch.setattr(files, "verify", verify_slowly)
    index = files.published(KIND)
    assert index is not None
    assert index.sidecar.count == 120


def test_killed_writer_leaves_a_whole_index(library: Path, rng: np.random.Generator) -> None:
    """Kill the writer at any point: readers keep answering, and the next start is whole."""
    rows = unit(rng, 300)
    publish(rows[:100])
    for attempt in range(6):
        writer = os.fork()
        if not writer:
            publish_without_end(rows)
        try:
            until = time.monotonic() + 0.02 + 0.037 * attempt
            while time.monotonic() < until:
                check_whole(rows)
        finally:
            os.kill(writer, signal.SIGKILL)
            _, status = os.waitpid(writer, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        files._loaded.clear()
        check_whole(rows)
    publish(rows)
    assert len(list(files.sidecar_path(KIND).parent.iterdir())) == 3  # sidecar, file, lock


def publish_without_end(rows: np.ndarray) -> None:
    """In a process of its own, which ends when it is killed, or in a minute by a failure of its own."""
    until = time.monotonic() + 60
    try:
        while time.monotonic() < until:
            for count in range(100, 300, 10):
                publish(rows[:count])
    finally:
        os._exit(1)  # it must not go on with other tests


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
            try:
                steps_left[:] = [step]
                publish(rows[: 100 + step])
                os._exit(0)
            finally:
                os._exit(1)
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


def test_kinds_keep_their_own_files(add: Callable) -> None:
    other = Kind("others", "photos.Embedding", "m", 512, {"kind": "others"})
    assert files.sidecar_path(other) != files.sidecar_path(KIND)
