"""manage.py fetch_models: fetch model weights."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mirage.runtime import fetching
from mirage.runtime.fetching import CannotFetch
from vision import weights
from vision.weights import Weight


class Command(BaseCommand):
    help = "Fetch missing model weights that models.toml lists, and verify their checksums."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="every", help="also weights that are not default")
        parser.add_argument("--check", action="store_true", help="fetch nothing; verify the checksum of each file")
        parser.add_argument(
            "--from", dest="origin", type=Path, help="copy from this folder instead, for offline machines"
        )

    def handle(self, *, every: bool, check: bool, origin: Path | None, **options: Any) -> None:
        folder: Path = settings.MIRAGE_MODELS
        chosen = weights.catalogue() if every else weights.defaults()
        if check:
            self.check_sums(folder, chosen)
            return
        with fetching.placing(folder) as scratch:
            wanted = [weight for weight in chosen if not weights.is_sound(folder, weight)]
            failed = [weight for weight in wanted if not self.bring(weight, folder, scratch, origin)]
        self.say(f"{len(chosen) - len(failed)} of {len(chosen)} models are in place in {folder}.")
        if failed:
            raise CommandError("Not in place: " + ", ".join(weight.name for weight in failed))

    def bring(self, weight: Weight, folder: Path, scratch: Path, origin: Path | None) -> bool:
        """Fetch one weight. Returns False after reporting a failure, so that the others are still fetched."""
        self.say(f"{weight.name}, {weight.bytes / 1e6:.1f} MB, {weight.purpose} …")
        try:
            if origin is not None:
                fetching.place_copy(weight, origin, folder)
            else:
                fetching.place(weight, fetching.download(weight, scratch), folder)
        except CannotFetch as error:
            self.stderr.write(f"  {error}")
            return False
        except OSError as error:  # a full disk, or a folder that is not writable
            raise CommandError(f"{weight.placed_as} could not be written: {error.strerror}.") from error
        return True

    def check_sums(self, folder: Path, chosen: list[Weight]) -> None:
        """Read and verify every file. Raises CommandError if one is missing or damaged."""
        bad = [weight for weight in chosen if not weights.is_sound(folder, weight)]
        for weight in chosen:
            self.say(f"{'MISSING OR DAMAGED' if weight in bad else 'sound'}  {weight.name}  {weight.placed_as}")
        if bad:
            raise CommandError(f"{len(bad)} of {len(chosen)} models are missing or damaged: run fetch_models.")

    def say(self, text: str) -> None:
        """Print a line immediately."""
        self.stdout.write(text)
        self.stdout.flush()
