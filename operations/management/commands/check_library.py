"""Read every original and compare its checksum; find missing and stray files, thumbnails and indexes."""

import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from mirage.web.languages import in_language
from mirage.wording import number_in_words
from operations import checking
from operations import findings as kept
from operations.checking import Finding
from photos.management.terminal import counting


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help=_("do not read originals, only compare their sizes"))
        parser.add_argument(
            "--repair", action="store_true", help=_("repair thumbnails, indexes and (--from) originals")
        )
        parser.add_argument(
            "--from", dest="backup", type=Path, help=_("with --repair: restore damaged originals from this backup")
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *, backup: Path | None, **options: Any) -> None:
        if backup and not options["repair"]:
            raise CommandError(_("--from needs --repair."))
        with counting(_("Checking"), quiet=options["json"]) as on_progress:
            findings = list(checking.check(read=not options["quick"], on_progress=on_progress))
        kept.replace(findings, keep_damaged=options["quick"])
        done = checking.repair(findings, backup) if options["repair"] else {}
        kept.settled(done)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) | {"done": done.get(finding)} for finding in findings]))
        else:
            self.tell(findings, done)
        if len(done) < len(findings):
            raise SystemExit(1)

    def tell(self, findings: list[Finding], done: dict[Finding, str]) -> None:
        for finding in findings:
            repaired = in_language(done.get(finding, ""))
            line = f"{finding.kind}  {finding.subject}: {in_language(finding.text)} {repaired}"
            self.stdout.write(line.rstrip())
        counts = Counter(finding.kind for finding in findings)
        summary = ", ".join(in_language(checking.counted(kind, count)) for kind, count in counts.items())
        self.stdout.write(
            _("Found: %(summary)s. %(done)s repaired.") % {"summary": summary, "done": number_in_words(len(done))}
            if findings
            else _("Everything is in order.")
        )
