"""manage.py words: Mirage's words in other languages (docs/build/translate.md)."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mirage.translation import catalogues, compiling, exchange, gathering, soundness
from mirage.translation.in_python import NotLiteral

ACTS = ("begin", "gather", "todo", "fill", "check", "compile")


class Command(BaseCommand):
    help = (
        "Words in other languages. begin LANG…: start languages. gather: bring what the code marks into the "
        "catalogues. todo LANG: list what is untranslated. fill LANG FILE: take translations. check: what is wrong. "
        "compile: make what Mirage reads while it runs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("languages", nargs="*", metavar="LANG", help="such as de or pt-br; without: all")
        parser.add_argument("--todo", type=Path, help="fill: the list that the numbers of the answers refer to")

    def handle(self, *, act: str, languages: list[str], todo: Path | None, **options: Any) -> None:
        answers = Path(languages.pop()) if act == "fill" and len(languages) == 2 else None
        if act in {"todo", "fill"} and len(languages) != 1:
            raise CommandError(f"Say which language: words {act} LANG{' FILE' * (act == 'fill')}.")
        languages = [each.lower().replace("_", "-") for each in languages]
        if act == "begin" and not languages:
            raise CommandError("Say which language: words begin LANG…")
        unknown = [each for each in languages if each not in catalogues.begun()]
        if unknown and act != "begin":
            raise CommandError(f"There is no catalogue of {', '.join(unknown)}: words begin {unknown[0]}.")
        wanted = languages or catalogues.begun()
        match act:
            case "begin" | "gather":
                self.gather(wanted)
            case "todo":
                self.say_untranslated(wanted[0])
            case "fill":
                self.fill(wanted[0], answers, todo)
            case "check":
                self.check_languages(wanted)
            case _:
                compiling.compile_languages(wanted)

    def gather(self, languages: list[str]) -> None:
        """Bring the catalogues up to what the code marks."""
        try:
            everything = gathering.everything()
        except NotLiteral as error:
            raise CommandError(str(error)) from error
        for language in languages:
            left = total = 0
            for domain, texts in everything.items():
                book = catalogues.follow(catalogues.read(language, domain), texts, language, domain)
                catalogues.write(book, language, domain)
                total += len(texts)
                left += sum(not catalogues.is_translated(each) for each in catalogues.messages(book))
            self.stdout.write(f"{language}: {total} messages, {left} of them untranslated.")

    def say_untranslated(self, language: str) -> None:
        """Print what is untranslated, a line each."""
        for each in exchange.untranslated(language):
            self.stdout.write(json.dumps(each, ensure_ascii=False))

    def fill(self, language: str, answers: Path | None, todo: Path | None) -> None:
        """Take a translator's answers, from a file or from standard input."""
        lines = answers.read_text().splitlines() if answers else sys.stdin.read().splitlines()
        report = exchange.fill(language, lines, todo.read_text().splitlines() if todo else ())
        for each in report.refused:
            self.stderr.write(each)
        self.stdout.write(f"{report.taken} taken, {len(report.refused)} refused.")

    def check_languages(self, languages: list[str]) -> None:
        """Say what is wrong; fail if anything is."""
        everything = gathering.everything()
        wrong = [f"{language}: {fault}" for language in languages for fault in soundness.faults(language, everything)]
        for each in wrong:
            self.stdout.write(each)
        if wrong:
            raise CommandError(f"{len(wrong)} faults.")
        self.stdout.write(f"{', '.join(languages)}: complete and sound.")
