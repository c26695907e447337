"""EXIF tags as fields: what they say, what stands for unknown, and what cameras write in the wrong place."""

from datetime import UTC, datetime
from typing import Any

import pytest

from media.metadata.fields import Layer
from media.metadata.formats import comments, exif


def fields(**tags: str) -> dict[str, Any]:
    """The fields that these tags give: `Photo_FNumber="28/10"` is Exif.Photo.FNumber."""
    return layer(**tags).fields


def layer(**tags: str) -> Layer:
    return exif.interpret({f"Exif.{name.replace('_', '.')}": value for name, value in tags.items()})


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"Image_Make": " Canon ", "Image_Model": "EOS R5"}, {"camera_make": "Canon", "camera_model": "EOS R5"}),
        ({"Image_UniqueCameraModel": "Pixel 8"}, {"camera_model": "Pixel 8"}),
        ({"Photo_LensModel": "RF50mm"}, {"lens": "RF50mm"}),
        ({"Image_LensModel": "RF50mm"}, {"lens": "RF50mm"}),
        ({"Photo_FNumber": "28/10"}, {"aperture": 2.8}),
        ({"Image_FNumber": "28/10"}, {"aperture": 2.8}),
        ({"Photo_ApertureValue": "3/1"}, {"aperture": 2.83}),
        ({"Photo_FNumber": "0/1", "Photo_ApertureValue": "4/1"}, {"aperture": 4.0}),
        ({"Photo_ApertureValue": "0/1"}, {}),
        ({"Photo_ApertureValue": "20/1"}, {}),
        ({"Photo_ExposureTime": "1/250"}, {"exposure": 0.004}),
        ({"Photo_ShutterSpeedValue": "5/1"}, {"exposure": 1 / 32}),
        ({"Photo_ShutterSpeedValue": "-2/1"}, {"exposure": 4.0}),
        ({"Photo_ShutterSpeedValue": "24/1"}, {}),
        ({"Photo_FocalLength": "50/1"}, {"focal_length": 50.0}),
        ({"Photo_FocalLengthIn35mmFilm": "75"}, {"focal_length_35mm": 75.0}),
        ({"Image_0xa405": "75"}, {"focal_length_35mm": 75.0}),
        ({"Photo_Flash": "25"}, {"flash": True}),
        ({"Photo_Flash": "24"}, {"flash": False}),
        ({"Photo_ExposureProgram": "3"}, {"exposure_program": "Aperture-priority AE"}),
        ({"Photo_ExposureProgram": "0"}, {}),
        ({"Photo_MeteringMode": "255"}, {"metering_mode": "Other"}),
        ({"Image_WhiteBalance": "1"}, {"white_balance": "Manual"}),
        ({"Photo_CustomRendered": "6"}, {"panorama": True}),
        ({"Photo_CustomRendered": "1"}, {}),
        ({"Image_Orientation": "8"}, {"orientation": 8}),
        ({"Image_Orientation": "0"}, {}),
        ({"Image_Orientation": "9"}, {}),
        ({"Image_Orientation": "1.5"}, {}),
    ],
)
def test_camera(tags: dict[str, str], expected: dict[str, Any]) -> None:
    assert fields(**tags) == expected


@pytest.mark.parametrize(
    ("tags", "iso"),
    [
        ({"Photo_ISOSpeedRatings": "200"}, 200),
        ({"Photo_ISOSpeedRatings": "0", "Image_ISOSpeedRatings": "100"}, 100),
        ({"Photo_ISOSpeedRatings": "65535", "Photo_RecommendedExposureIndex": "102400"}, 102400),
        ({"Photo_ISOSpeedRatings": "65535", "Photo_ISOSpeed": "80000"}, 80000),
        ({"Photo_StandardOutputSensitivity": "125"}, 125),
        ({"Photo_ISOSpeedRatings": "65535"}, None),
        ({"Photo_ISOSpeedRatings": str(2**31)}, None),
        ({"Photo_ISOSpeed": str(2**31)}, None),
    ],
)
def test_sensitivity(tags: dict[str, str], iso: int | None) -> None:
    assert fields(**tags).get("iso") == iso


@pytest.mark.parametrize(
    ("tags", "local", "offset", "digitized"),
    [
        ({"Photo_DateTimeOriginal": "2023:06:07 13:45:55"}, datetime(2023, 6, 7, 13, 45, 55), None, False),
        ({"Image_DateTimeOriginal": "2023:06:07 13:45:55"}, datetime(2023, 6, 7, 13, 45, 55), None, False),
        ({"Photo_DateTimeDigitized": "2023:06:07 13:45:55"}, datetime(2023, 6, 7, 13, 45, 55), None, True),
        (
            {"Photo_DateTimeOriginal": "2023:06:07 13:45:55", "Photo_SubSecTimeOriginal": "25"},
            datetime(2023, 6, 7, 13, 45, 55, 250_000),
            None,
            False,
        ),
        (
            {"Photo_DateTimeOriginal": "2023:06:07 13:45:55", "Photo_OffsetTimeOriginal": "+01:00"},
            datetime(2023, 6, 7, 13, 45, 55),
            60,
            False,
        ),
        (
            {"Photo_DateTimeOriginal": "2023:06:07 13:45:55", "Photo_0x882a": "-5 -5"},
            datetime(2023, 6, 7, 13, 45, 55),
            -300,
            False,
        ),
        (
            {"Photo_DateTimeOriginal": "2023:06:07 13:45:55", "Image_TimeZoneOffset": "20"},
            datetime(2023, 6, 7, 13, 45, 55),
            None,
            False,
        ),
    ],
)
def test_times(tags: dict[str, str], local: datetime, offset: int | None, digitized: bool) -> None:
    (moment,) = layer(**tags).moments
    assert (moment.source, moment.local, moment.offset, moment.digitized) == ("exif", local, offset, digitized)


def test_when_it_was_taken_comes_before_when_it_was_scanned() -> None:
    moments = layer(Photo_DateTimeDigitized="2020:01:02 03:04:05", Photo_DateTimeOriginal="1974:05:01 12:00:00").moments
    assert [moment.digitized for moment in moments] == [False, True]


def test_the_last_change_with_its_own_offset() -> None:
    changed = layer(Image_DateTime="2024:01:02 03:04:05", Photo_SubSecTime="5", Photo_OffsetTime="+02:00").modified
    assert changed is not None
    assert (changed.local, changed.offset) == (datetime(2024, 1, 2, 3, 4, 5, 500_000), 120)
    assert changed.digitized


@pytest.mark.parametrize(
    ("value", "notes"),
    [
        ("soon, in 5 days", ["DateTimeOriginal is not a date: soon, in 5 days"]),
        ("9" * 60, [f"DateTimeOriginal is not a date: {'9' * 40}"]),
        ("0000:00:00 00:00:00", []),
        ("    :  :     :  :  ", []),
    ],
)
def test_invalid_dates_are_noted_and_empty_ones_are_not(value: str, notes: list[str]) -> None:
    found = layer(Photo_DateTimeOriginal=value)
    assert (found.moments, found.notes) == ([], notes)


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        ("2023:06:07", "11/1 45/1 559/10", datetime(2023, 6, 7, 11, 45, 55, 900_000, tzinfo=UTC)),
        ("2023:06:07", "24/1 0/1 0/1", datetime(2023, 6, 8, tzinfo=UTC)),
        ("2023:06:07", "11/1 0/0 0/0", datetime(2023, 6, 7, 11, tzinfo=UTC)),
        ("2023:06:07", "25/1 0/1 0/1", None),
        ("2023:06:07", "11/1 61/1 0/1", None),
        ("2023:06:07", "11/1 0/1 62/1", None),
        ("2023:06:07", "0/0 0/1 0/1", None),
        ("2023:06:07", "11/1 45/1", None),
        ("soon", "11/1 45/1 55/1", None),
        ("9999:12:31", "24/1 0/1 0/1", None),
    ],
)
def test_gps_time(day: str, clock: str, instant: datetime | None) -> None:
    assert layer(GPSInfo_GPSDateStamp=day, GPSInfo_GPSTimeStamp=clock).gps_instant == instant


@pytest.mark.parametrize(
    ("latitude", "reference", "expected"),
    [
        ("33/1 51/1 2520/100", "S", -33.857),
        ("33/1 51/1 2520/100", " south", -33.857),
        ("33/1 51/1 2520/100", "N", 33.857),
        ("33/1 51/1 2520/100", "", 33.857),
        ("33857/1000 0/0 0/0", "N", 33.857),
        ("33857/1000", "N", 33.857),
    ],
)
def test_degrees(latitude: str, reference: str, expected: float) -> None:
    found = fields(
        GPSInfo_GPSLatitude=latitude, GPSInfo_GPSLatitudeRef=reference,
        GPSInfo_GPSLongitude="151/1 12/1 54/1", GPSInfo_GPSLongitudeRef="W",
    )  # fmt: skip
    assert (found["latitude"], found["longitude"]) == pytest.approx((expected, -151.215), abs=1e-9)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"GPSAltitude": "13/2", "GPSAltitudeRef": "1"}, {"altitude": -6.5}),
        ({"GPSAltitude": "13/2", "GPSAltitudeRef": "0"}, {"altitude": 6.5}),
        ({"GPSAltitude": "13/2"}, {"altitude": 6.5}),
        ({"GPSAltitude": "100000/1"}, {}),
        ({"GPSImgDirection": "360/1"}, {"direction": 360.0}),
        ({"GPSImgDirection": "361/1"}, {}),
        ({"GPSImgDirection": "-1/1"}, {}),
    ],
)
def test_altitude_and_direction(tags: dict[str, str], expected: dict[str, float]) -> None:
    assert fields(**{f"GPSInfo_{name}": value for name, value in tags.items()}) == expected


def windows(text: str) -> str:
    """As libexiv2 prints what Windows writes."""
    return " ".join(str(byte) for byte in f"{text}\0".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"Image_ImageDescription": "On the ferry"}, {"description": "On the ferry"}),
        ({"Image_ImageDescription": "OLYMPUS DIGITAL CAMERA         "}, {}),
        ({"Image_ImageDescription": "DCIM\\100MEDIA"}, {}),
        ({"Image_ImageDescription": "SONY DSC", "Image_XPComment": windows("Ferry")}, {"description": "Ferry"}),
        ({"Image_ImageDescription": "A", "Image_XPComment": windows("B")}, {"description": "A"}),
        ({"Image_XPTitle": windows("Fähre 日本")}, {"title": "Fähre 日本"}),
        ({"Image_XPTitle": "plain text"}, {"title": "plain text"}),
        ({"Image_XPTitle": "999 1"}, {"title": "999 1"}),
        ({"Image_Artist": "Anna", "Image_XPAuthor": windows("Ben")}, {"author": "Anna"}),
        ({"Image_XPAuthor": windows("Ben")}, {"author": "Ben"}),
        ({"Image_Copyright": "© Anna", "Image_Software": "GIMP"}, {"copyright": "© Anna", "software": "GIMP"}),
        ({"Image_XPKeywords": windows("sea; ;boat")}, {"keywords": ["sea", "boat"]}),
        ({"Image_Rating": "4"}, {"rating": 4}),
        ({"Image_Rating": "-1"}, {"rating": -1}),
        ({"Image_Rating": "6"}, {}),
        ({"Image_RatingPercent": "75"}, {"rating": 4}),
        ({"Image_Rating": "2", "Image_RatingPercent": "99"}, {"rating": 2}),
        ({"Image_RatingPercent": "0"}, {}),
    ],
)
def test_words(tags: dict[str, str], expected: dict[str, Any]) -> None:
    assert fields(**tags) == expected


@pytest.mark.parametrize(
    ("percent", "stars"), [(0, 0), (1, 1), (25, 2), (50, 3), (75, 4), (99, 5), (100, 5), (101, None), (-1, None)]
)
def test_stars_of_microsoft(percent: float, stars: int | None) -> None:
    assert exif.stars(percent) == stars


@pytest.mark.parametrize(
    ("description", "camera"),
    [
        *((words, True) for words in ("SONY DSC", " DEFAULT ", "DCIM/100CANON", "OLYMPUS DIGITAL CAMERA")),
        *((words, False) for words in ("Default", "My SONY DSC", "My first digital camera", "")),
    ],
)
def test_words_that_cameras_write(description: str, camera: bool) -> None:
    assert comments.is_camera_word(description) is camera


def test_panasonics_own_directory_counts_only_in_its_raw_files() -> None:
    own = {"PanasonicRaw_Make": "Panasonic", "PanasonicRaw_ISOSpeed": "640"}
    assert fields(**own) == {}
    assert fields(**own, PanasonicRaw_Version="0210") == {"camera_make": "Panasonic", "iso": 640}


def test_every_tag_is_kept_as_it_was() -> None:
    assert layer(Photo_FNumber="28/10", Photo_Odd="?").raw == {"Exif.Photo.FNumber": "28/10", "Exif.Photo.Odd": "?"}
