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
    """Let the test find these weights, fetched if need be to a place of their own; skip it where they cannot be had."""
    folder = Path(os.environ.get("MIRAGE_TEST_MODELS") or configured.MIRAGE_DATA / "models-of-tests")
    settings.MIRAGE_MODELS = folder
    missing = [weights.by_name(name) for name in weights.not_in_place(folder, names)]
    try:
        with fetching.placing(folder) as scratch:
            for weight in missing:
                fetching.place(weight, fetching.download(weight, scratch), folder)
    except fetching.CannotFetch as error:
        pytest.skip(f"!!! {', '.join(names)}: NOT TESTED: {error} !!!")
