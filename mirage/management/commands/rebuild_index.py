"""Rebuild the indexes of vectors and words from the database, or compare them with it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from photos import vectors
from photos.management.terminal import progress_bar
from photos.vectors.files import UnusableIndex
from search.index import fulltext

TEXT = "text"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=[*sorted(vectors.KINDS), TEXT], help="only this index")
        parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if something is wrong")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = [options["kind"]] if options["kind"] else [*sorted(vectors.KINDS), TEXT]
        if options["check"]:
            self.check_all(kinds, as_json=options["json"])
            return
        held = {}
        with progress_bar(quiet=options["json"]) as progress:
            for kind in kinds:
                tell = partial(show, progress, progress.add_task(kind.capitalize(), total=None))
                held[kind] = self.rebuild(kind, tell)
        if options["json"]:
            self.stdout.write(json.dumps(held))
            return
        for kind, count in held.items():
            self.stdout.write(f"{kind}: {count:,} {'photos' if kind == TEXT else 'vectors'} in the index.")

    def rebuild(self, kind: str, tell: Callable[[int, int], None]) -> int:
        try:
            return fulltext.rebuild(tell) if kind == TEXT else vectors.rebuild(kind, tell)
        except (UnusableIndex, OSError, DatabaseError) as error:  # the disk is full or not writable
            raise CommandError(f"The index of {kind} was not rebuilt, the old one stays in use: {error}") from error

    def check_all(self, kinds: list[str], *, as_json: bool) -> None:
        found = {kind: fulltext.check() if kind == TEXT else vectors.check(kind) for kind in kinds}
        if as_json:
            plain = {
                kind: [{"text": finding.text, "sound": finding.sound} for finding in findings]
                for kind, findings in found.items()
            }
            self.stdout.write(json.dumps(plain))
        else:
            for kind, findings in found.items():
                for finding in findings:
                    self.stdout.write(f"{kind}: {finding.text}")
        if not all(finding.sound for findings in found.values() for finding in findings):
            raise SystemExit(1)


def show(progress: Any, bar: Any, done: int, total: int) -> None:
    progress.update(bar, completed=done, total=total)
