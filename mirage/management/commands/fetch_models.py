"""manage.py fetch_models: fetch model weights."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mirage.runtime import fetching, fetching_clip
from mirage.runtime.fetching import CannotFetch
from vision import weights
from vision.weights import Weight


class Command(BaseCommand):
    help = "Fetch missing model weights that models.toml lists, and verify their checksums."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["clip"], help=_("clip: a CLIP of your own, from --from"))
        parser.add_argument("--all", action="store_true", dest="every", help=_("also weights that are not default"))
        parser.add_argument("--check", action="store_true", help=_("fetch nothing; verify the checksum of each file"))
        parser.add_argument(
            "--from",
            dest="origin",
            help=_("copy from this folder instead, for offline machines; of a CLIP also an address"),
        )
        parser.add_argument("--sums", type=Path, help=_("of a CLIP: the list of its files that sha256sum wrote"))

    def handle(self, *, what: str, every: bool, check: bool, origin: str, sums: Path | None, **options: Any) -> None:
        folder: Path = settings.MIRAGE_MODELS
        if what == "clip":
            self.fetch_clip(origin, sums, folder)
            return
        chosen = weights.catalogue() if every else weights.defaults()
        if check:
            self.check_sums(folder, chosen)
            return
        with fetching.placing(folder) as scratch:
            wanted = [weight for weight in chosen if not weights.is_sound(folder, weight)]
            failed = [
                weight for weight in wanted if not self.bring(weight, folder, scratch, Path(origin) if origin else None)
            ]
        self.say(
            _("%(there)s of %(chosen)s models are in place in %(folder)s.")
            % {"there": len(chosen) - len(failed), "chosen": len(chosen), "folder": folder}
        )
        if failed:
            raise CommandError("Not in place: " + ", ".join(weight.name for weight in failed))

    def fetch_clip(self, origin: str | None, sums: Path | None, folder: Path) -> None:
        """Fetch a CLIP from where the administrator says, and say how it is switched on."""
        if not origin:
            raise CommandError(_("Say where the model is: fetch_models clip --from FOLDER or ADDRESS --sums FILE."))
        if sums is None and not Path(origin).is_dir():
            raise CommandError(
                _("Say which files to fetch: --sums FILE, or %(sums)s in the folder.") % {"sums": fetching_clip.SUMS}
            )
        try:
            placed = fetching_clip.fetch(origin, sums, folder)
        except CannotFetch as error:
            raise CommandError(str(error)) from error
        self.say(
            _("The model is in place. To use it, set MIRAGE_CLIP=%(placed)s and start Mirage again.")
            % {"placed": placed}
        )

    def bring(self, weight: Weight, folder: Path, scratch: Path, origin: Path | None) -> bool:
        """Fetch one weight. Returns False after reporting a failure, so that the others are still fetched."""
        self.say(
            _("%(name)s, %(megabytes)s MB …") % {"name": weight.name, "megabytes": f"{weight.bytes / 1000000.0:.1f}"}
        )
        try:
            if origin is not None:
                fetching.place_copy(weight, origin, folder)
            else:
                fetching.place(weight, fetching.download(weight, scratch), folder)
        except CannotFetch as error:
            self.stderr.write(f"  {error}")
            return False
        except OSError as error:  # a full disk, or a folder that is not writable
            raise CommandError(
                _("%(file)s could not be written: %(reason)s.") % {"file": weight.placed_as, "reason": error.strerror}
            ) from error
        return True

    def check_sums(self, folder: Path, chosen: list[Weight]) -> None:
        """Read and verify every file. Raises CommandError if one is missing or damaged."""
        bad = [weight for weight in chosen if not weights.is_sound(folder, weight)]
        for weight in chosen:
            state = _("MISSING OR DAMAGED") if weight in bad else pgettext("model", "sound")
            self.say(f"{state}  {weight.name}  {weight.placed_as}")
        if bad:
            raise CommandError(
                _("%(bad)s of %(chosen)s models are missing or damaged: run fetch_models.")
                % {"bad": len(bad), "chosen": len(chosen)}
            )

    def say(self, text: str) -> None:
        """Print a line immediately."""
        self.stdout.write(text)
        self.stdout.flush()
