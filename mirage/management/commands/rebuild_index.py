"""Rebuild the indexes of vectors and words from the database, or compare them with it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos import vectors
from photos.management.terminal import progress_bar
from photos.vectors.files import UnusableIndex
from search.index import fulltext

TEXT = "text"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=[*sorted(vectors.KINDS), TEXT], help=_("only this index"))
        parser.add_argument("--check", action="store_true", help=_("change nothing; exit with 1 if something is wrong"))
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
            if kind == TEXT:
                words = ngettext(
                    "%(kind)s: %(number)s photo in the index.", "%(kind)s: %(number)s photos in the index.", count
                )
            else:
                words = ngettext(
                    "%(kind)s: %(number)s vector in the index.", "%(kind)s: %(number)s vectors in the index.", count
                )
            self.stdout.write(words % {"kind": kind, "number": number_in_words(count)})

    def rebuild(self, kind: str, tell: Callable[[int, int], None]) -> int:
        try:
            return fulltext.rebuild(tell) if kind == TEXT else vectors.rebuild(kind, tell)
        except (UnusableIndex, OSError, DatabaseError) as error:  # the disk is full or not writable
            raise CommandError(
                _("The index of %(kind)s was not rebuilt, the old one stays in use: %(error)s")
                % {"kind": kind, "error": error}
            ) from error

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
                    self.stdout.write(f"{kind}: {in_language(finding.text)}")
        if not all(finding.sound for findings in found.values() for finding in findings):
            raise SystemExit(1)


def show(progress: Any, bar: Any, done: int, total: int) -> None:
    progress.update(bar, completed=done, total=total)
