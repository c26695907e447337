"""What is known of a photo, in the words of the info panel."""

from dataclasses import fields

import pytest
from django.utils import translation

from media.metadata.fields import Metadata
from media.metadata.formats import exif
from photos.gallery.facts import (
    LABELS,
    METERING,
    PROGRAMS,
    READ_LABELS,
    exposure_text,
    facts_of,
    focal_text,
    label_of,
    offset_text,
    value_text,
)


def camera_lines(photo):
    return next((f"{fact.text}\n{fact.small}".splitlines() for fact in facts_of(photo) if fact.icon == "camera"), None)


def test_the_panel_leaves_out_what_is_unknown(make_photo):
    facts = facts_of(make_photo(width=None, height=None), with_path=True)
    assert [fact.icon for fact in facts] == ["calendar-days", "file-image", "folder"]
    assert not any("None" in fact.text + fact.small for fact in facts)


def test_the_path_is_told_to_owners_alone(make_photo):
    photo = make_photo()
    assert "folder" not in [fact.icon for fact in facts_of(photo)]
    assert facts_of(photo, with_path=True)[-1].text == photo.path


def test_the_camera_comes_with_its_lens_its_settings_and_what_it_chose(make_photo):
    photo = make_photo(
        camera_make="NIKON CORPORATION", camera_model="NIKON D90", lens="AF 50mm", aperture=1.8, exposure=0.004,
        iso=200, focal_length=50, focal_length_35mm=75, exposure_program="Aperture-priority AE",
        metering_mode="Multi-segment", white_balance="Auto", flash=False,
    )  # fmt: skip
    assert camera_lines(photo) == [
        "NIKON CORPORATION NIKON D90",
        "AF 50mm",
        "ƒ/1.8 · 1/250 s · 50 mm (75 mm equivalent) · ISO 200",
        "Aperture priority · Pattern metering · Auto white balance · Flash did not fire",
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"flash": True}, "Flash fired"),
        ({"flash": False}, "Flash did not fire"),
        ({"exposure_program": "Manual", "white_balance": "Manual"}, "Manual exposure · Manual white balance"),
        ({"exposure_program": "Bulb", "metering_mode": "Spot"}, "Bulb · Spot metering"),
        ({"focal_length_35mm": 26.0}, "26 mm equivalent"),
    ],
)
def test_a_single_known_fact_about_the_camera_is_shown(make_photo, fields, line):
    assert camera_lines(make_photo(**fields)) == [line]


def test_an_unknown_camera_has_no_line(make_photo):
    assert camera_lines(make_photo(metering_mode="Other")) is None


def test_there_are_words_for_all_that_files_say():
    assert METERING.keys() == set(exif.METERING_MODES.values())
    assert PROGRAMS.keys() | {"Bulb"} == set(exif.EXPOSURE_PROGRAMS.values())


@pytest.mark.parametrize(
    ("length", "equivalent", "text"),
    [
        (50.0, 75.0, "50 mm (75 mm equivalent)"),
        (4.15, 29.0, "4.15 mm (29 mm equivalent)"),
        (50.0, 50.0, "50 mm"),
        (50.0, None, "50 mm"),
        (None, 28.0, "28 mm equivalent"),
        (None, None, ""),
        (0.0, 0.0, ""),
    ],
)
def test_focal_lengths_come_with_their_equivalent_where_it_is_another(length, equivalent, text):
    assert focal_text(length, equivalent) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.004, "1/250 s"), (1 / 8000, "1/8000 s"), (0.5, "0.5 s"), (30, "30 s"), (1.25, "1.2 s"), (0, ""), (None, "")],
)
def test_exposures_read_as_photographers_write_them(seconds, text):
    assert exposure_text(seconds) == text


@pytest.mark.parametrize(("minutes", "text"), [(0, "UTC+00:00"), (-210, "UTC−03:30"), (345, "UTC+05:45"), (None, "")])
def test_offsets_read_as_hours_and_minutes(minutes, text):
    assert offset_text(minutes) == text


def test_every_field_that_is_read_has_a_name():
    about = {"sources", "raw", "notes", "unreadable"}  # no fields, but what is known about them
    assert {field.name for field in fields(Metadata)} - about == {*LABELS, *READ_LABELS}
    assert label_of("focal_length") == "Focal length"
    assert label_of("something_else") == "Something else"


def test_what_an_edit_did_is_told_in_the_readers_language():
    given = {"version": 1, "operations": [{"op": "mute"}, {"op": "red_eye"}, {"op": "crop"}]}
    assert value_text("picture_edit", given) == "Mute, Red eye, Crop"
    with translation.override("de"):
        assert value_text("picture_edit", given) == "Ton aus, Rotes Auge, Zuschneiden"
