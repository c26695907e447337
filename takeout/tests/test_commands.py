"""What the command says of itself."""

import pytest

from takeout.management.commands import import_takeout


def test_the_help_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_takeout, "_", lambda text: f"<{text}>")
    described = import_takeout.Command().create_parser("manage.py", "import_takeout").description or ""
    assert described.startswith("<Import a Google Takeout or an iCloud export")
