"""The names of fields: one for everything that is read from files."""

from dataclasses import fields

from media.metadata.fields import Metadata
from photos.gallery.field_names import NAMES, READ, name_of

UNSHOWN = {"sources", "raw", "notes", "unreadable"}  # no fields, but what is known about them


def test_every_field_that_is_read_has_a_name() -> None:
    assert {field.name for field in fields(Metadata)} - UNSHOWN == {*NAMES, *READ}


def test_a_field_that_nobody_knows_has_its_own_name() -> None:
    assert name_of("focal_length") == "Focal length"
    assert name_of("something_else") == "Something else"
