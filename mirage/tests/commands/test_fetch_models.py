"""The command that fetches models: what it asks for, and what it says of files that are missing."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def test_a_clip_needs_a_place_and_sums() -> None:
    with pytest.raises(CommandError, match="Say where the model is"):
        call_command("fetch_models", "clip")
    with pytest.raises(CommandError, match="Say which files to fetch"):
        call_command("fetch_models", "clip", "--from", "https://models.example/clip/")


def test_the_check_names_what_is_missing(tmp_path: Path, settings: Any) -> None:
    settings.MIRAGE_MODELS = tmp_path
    out = StringIO()
    with pytest.raises(CommandError, match=r"^(\d+) of \1 models are missing or damaged: run fetch_models\.$"):
        call_command("fetch_models", "--check", stdout=out)
    assert "MISSING OR DAMAGED" in out.getvalue()
