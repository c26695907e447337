"""Which tests of pages send statements that no other test sends: these run on each database.

    python -m benchmarks.pages.statements

Runs the tests that use a database on SQLite, which takes ten minutes, notes the form of every statement (without its
values), and writes the fewest tests of pages that send all forms between them into mirage/testing/statements.txt
(mirage/testing/selection.py).
"""

import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from mirage.testing import selection

VALUES = re.compile(r"\((?:\s*%s\s*,?)+\)(?:, \(%s\))*|'[^']*'|\d+")


class Noting:
    """A plugin of pytest: the forms of statements that each test sends, by its name without parameters."""

    def __init__(self) -> None:
        self.sent: dict[str, set[str]] = defaultdict(set)
        self.of_pages: set[str] = set()
        self.test = ""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from django.db.backends.utils import CursorWrapper

        for name in ("_execute", "_executemany"):
            setattr(CursorWrapper, name, self.noted(getattr(CursorWrapper, name)))

    def noted(self, execute: Any) -> Any:
        def executed(cursor: Any, sql: Any, *arguments: Any) -> Any:
            text = str(sql)
            self.sent[self.test].add(text.split()[0] if "SAVEPOINT" in text else VALUES.sub("?", text))
            return execute(cursor, sql, *arguments)

        return executed

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.test = item.nodeid.partition("[")[0]
        if selection.is_in_folder_of_pages(item):
            self.of_pages.add(self.test)


def fewest(sent: dict[str, set[str]], forms: set[str]) -> list[str]:
    """Tests that send all these forms between them: each time the one that sends most of those that are left."""
    chosen, left = [], set(forms)
    while left:
        best = max(sorted(sent), key=lambda test: len(left & sent[test]))
        left -= sent[best]
        chosen.append(best)
    return sorted(chosen)


def main() -> None:
    noting = Noting()
    if pytest.main(["-q", "-m", "not browser and not models"], plugins=[noting]):
        sys.exit("All tests must pass.")
    pages = {test: noting.sent[test] for test in noting.of_pages}
    others = set().union(*(forms for test, forms in noting.sent.items() if test not in pages))
    chosen = fewest(pages, set().union(*pages.values()) - others)
    Path(selection.STATEMENTS).write_text("".join(f"{test}\n" for test in chosen))
    print(f"{len(chosen)} of {len(pages)} tests of pages")


if __name__ == "__main__":
    main()
