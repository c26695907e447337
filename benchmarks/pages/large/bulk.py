"""How fast the catalogue of a large library is exported, and with how much memory."""

import resource
import tempfile
import time
from pathlib import Path


def measure() -> None:
    from django.core.management import call_command

    from photos.models import Photo

    count, before = Photo.objects.count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as place:
        began, spent = time.perf_counter(), time.process_time()
        call_command("export_catalogue", output=Path(place) / "catalogue.jsonl")
        spent, began = time.process_time() - spent, time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"catalogue of {count:,} photos: {count / began:,.0f} a second, {count / spent:,.0f} in a second of the "
        f"processor; memory grew by {grown:.0f} MB"
    )
