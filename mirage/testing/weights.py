"""Real weights for tests that are marked `models`."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from mirage.runtime import fetching
from vision import weights


def place_or_skip(settings: Settings, names: Sequence[str]) -> None:
    """Let the test use these weights. Fetches missing ones, or skips the test if that fails."""
    settings.MIRAGE_MODELS = Path(os.environ.get("MIRAGE_TEST_MODELS") or configured.MIRAGE_DATA / "models-of-tests")
    fetch_or_skip(settings.MIRAGE_MODELS, names)


def fetch_or_skip(folder: Path, names: Sequence[str]) -> None:
    """Fetch weights that are missing in the folder, or skip the test if that fails."""
    missing = [weights.by_name(name) for name in weights.not_in_place(folder, names)]
    try:
        with fetching.placing(folder) as scratch:
            for weight in missing:
                fetching.place(weight, fetching.download(weight, scratch), folder)
    except fetching.CannotFetch as error:
        pytest.skip(f"!!! {', '.join(names)}: NOT TESTED: {error} !!!")
