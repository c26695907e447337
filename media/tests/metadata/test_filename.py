"""What names of files tell of the time: wall clocks, instants, days, and what only looks like one."""

from datetime import UTC, datetime

import pytest

from media.metadata.fields import Moment
from media.metadata.filename import find_moment


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20230102_030405.jpg",
        "VID_20230102_030405.mp4",
        "20230102_030405.jpg",
        "MVIMG_20230102_030405.jpg",
        "Screenshot_2023-01-02-03-04-05.png",
        "Screenshot_20230102-030405_Chrome.jpg",
        "2023-01-02 03.04.05.jpg",
        "Screen Shot 2023-01-02 at 3.04.05 AM.png",
        "WhatsApp Image 2023-01-02 at 03.04.05.jpeg",
        "signal-2023-01-02-030405.jpg",
        "photo_2023-01-02_03-04-05.jpg",
        "WP_20230102_03_04_05_Pro.jpg",
        "Burst_Cover_GIF_Action_20230102030405.gif",
        "DJI_20230102030405_0001_D.JPG",
        "dji_fly_20230102_030405_12_1672628645000_photo_optimized.jpg",
        "20230102_030405(0).jpg",
        "20230102_030405~2.jpg",
        "IMG20230102030405_01.jpg",
        "00100lrPORTRAIT_00100_BURST20230102030405_COVER.jpg",
        "photo_1@02-01-2023_03-04-05.jpg",
        "WhatsApp Bild 2023-01-02 um 03.04.05_a1b2c3d4.jpg",
        "Imagen de WhatsApp 2023-01-02 a la(s) 03.04.05.jpg",
        "Capture d’écran 2023-01-02 à 03.04.05.png",
        "Skärmavbild 2023-01-02 kl. 03.04.05.png",
        "Снимок экрана 2023-01-02 в 03.04.05.png",
        "屏幕快照 2023-01-02 上午3.04.05.png",
        "Screenshot 2023-01-02 at 3.04.05\u202fAM.png",
    ],
)
def test_wall_clocks(name: str) -> None:
    assert find_moment(name) == wall_clock(datetime(2023, 1, 2, 3, 4, 5))


@pytest.mark.parametrize(
    ("name", "instant"),
    [
        ("PXL_20231006_063000139.jpg", datetime(2023, 10, 6, 6, 30, 0, 139000, tzinfo=UTC)),
        ("PXL_20231006_063909898.LS.mp4", datetime(2023, 10, 6, 6, 39, 9, 898000, tzinfo=UTC)),
        ("2023-01-02T03:04:05Z.jpg", datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("mmexport1672628645000.jpg", datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("mmexport1672628645123.jpg", datetime(2023, 1, 2, 3, 4, 5, 123_000, tzinfo=UTC)),
        ("RPReplay_Final1672628645.MP4", datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("00000IMG_00000_BURST1672628645000_COVER.jpg", datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("WP_20230102_030405Z.jpg", datetime(2023, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_instants(name: str, instant: datetime) -> None:
    assert find_moment(name) == Moment("filename", instant=instant)


@pytest.mark.parametrize(
    "name",
    [
        "IMG-20230102-WA0001.jpg",
        "2023-01-02.jpg",
        "02.01.2023.jpg",
        "Ferien 2023_01_02 b.jpg",
        "2023年01月02日.jpg",
        "2023-01-02 Foto 1015.jpg",
        "2023-01-02 1.jpg",
        "2023-01-02 1-2.jpg",
        "2023-1-2 Ski.jpg",
        "2.1.2023.jpg",
        "Scan_2023_1_2.tif",
        "20230102 (12).jpg",
    ],
)
def test_days(name: str) -> None:
    assert find_moment(name) == Moment("filename", local=datetime(2023, 1, 2), precision="day")


@pytest.mark.parametrize(
    "name",
    [
        "2023-1-2 15.4.5.jpg",
        "IMG_2023-1-2_15-4-5.jpg",
        "2023-01-02_15-4-5.jpg",
        "Foto 02.01.2023, 15 04 05.jpg",
        "2.1.2023 15.04.05.jpg",
        "Captura de pantalla 2023-01-02 a la(s) 3.04.05 p. m..png",
        "Captura de pantalla 2023-01-02 a la(s) 3.04.05\u00a0p.\u00a0m..png",
        "Captura de pantalla 2023-01-02 a la(s) 3.04.05\u202fp.\u202fm..png",
        "Screenshot 2023-01-02 at 3.04.05 pm.png",
        "WhatsApp Image 2023-01-02 at 3.04.05 PM (1).jpeg",
        "スクリーンショット 2023-01-02 15.04.05.png",
        "スクリーンショット 2023-01-02 午後3.04.05.png",
        "スクリーンショット_20230102_150405.png",
        "截屏2023-01-02 下午3.04.05.png",
        "螢幕快照 2023-01-02 下午 3.04.05.png",
        "스크린샷 2023-01-02 오후 3.04.05.png",
        "2023년 1월 2일 오후 3:04:05.jpg",
        "2023年1月2日15時4分5秒.jpg",
        "Ekran Resmi 2023-01-02 ÖS 3.04.05.png",
        "Στιγμιότυπο 2023-01-02, 3.04.05 μ.μ..png",
        "لقطة الشاشة ٢٠٢٣-٠١-٠٢ في ٣.٠٤.٠٥ م.png",
        "Ảnh Màn hình 2023-01-02 lúc 3.04.05 CH.png",
        "Zrzut ekranu 2023-01-2 o 15.04.05.png",
    ],
)
def test_afternoons_and_unpadded_fields(name: str) -> None:
    moment = find_moment(name)
    assert moment is not None
    assert (moment.local, moment.precision) == (datetime(2023, 1, 2, 15, 4, 5), "time")


@pytest.mark.parametrize(
    ("clock", "hour"),
    [
        ("at 1.04.05 PM", 13),
        ("at 12.04.05 PM", 12),
        ("at 12.04.05 AM", 0),
        ("at 11.04.05 am", 11),
        ("at 11.04.05 p.m.", 23),
        ("at 13.04.05 PM", 13),  # a clock of 24 hours needs no half of the day
        ("at 00.04.05 PM", 0),
        ("上午12.04.05", 0),
        ("下午3.04.05", 15),
        ("午前3.04.05", 3),
        ("午後3.04.05", 15),
        ("오전3.04.05", 3),
        ("오후3.04.05", 15),
    ],
)
def test_halves_of_the_day(clock: str, hour: int) -> None:
    assert find_moment(f"Screen Shot 2023-01-02 {clock}.png") == wall_clock(datetime(2023, 1, 2, hour, 4, 5))


@pytest.mark.parametrize(
    ("name", "microsecond"),
    [
        ("IMG_20230102_030405.jpg", 0),
        ("IMG_20230102_0304056.jpg", 600_000),
        ("IMG_20230102_030405678.jpg", 678_000),
        ("2023-01-02-03-04-05-678.jpg", 678_000),
        ("2023-01-02 03.04.05.067.jpg", 67_000),
    ],
)
def test_fractions_of_a_second(name: str, microsecond: int) -> None:
    assert find_moment(name) == wall_clock(datetime(2023, 1, 2, 3, 4, 5, microsecond))


def test_minutes_without_seconds() -> None:
    assert find_moment("2023-01-02 03.04 beach.jpg") == wall_clock(datetime(2023, 1, 2, 3, 4))


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("Ekran Resmi 2023-01-02 ÖÖ 3.04.05.png", datetime(2023, 1, 2, 3, 4, 5)),
        ("2023年1月2日 下午3点4分.jpg", datetime(2023, 1, 2, 15, 4)),
        ("2023-01-02_15h04.jpg", datetime(2023, 1, 2, 15, 4)),
        ("Screenshot_2023-01-02-15-04-05-123_com.app.jpg", datetime(2023, 1, 2, 15, 4, 5, 123000)),
        ("Screenshot 2023-01-02 at 11.04.05\u202fPM 2.png", datetime(2023, 1, 2, 23, 4, 5)),
        ("20230102_030405", datetime(2023, 1, 2, 3, 4, 5)),
        ("holiday/IMG_20230102_030405.jpg", datetime(2023, 1, 2, 3, 4, 5)),
    ],
)
def test_names_without_ending_and_with_folders(name: str, local: datetime) -> None:
    assert find_moment(name) == wall_clock(local)


def test_the_ending_is_no_part_of_the_moment() -> None:
    assert find_moment("scan-20230102.0304") == Moment("filename", local=datetime(2023, 1, 2), precision="day")


def wall_clock(local: datetime) -> Moment:
    return Moment("filename", local=local)


UNDATED = (
    "GX010123.MP4",
    "received_1672628645000123.jpeg",
    "wallpaper-1920-1080.jpg",
    "0f1e2d20230102a030405b6c7d8e9f01.jpg",
    "3f2504e0-2023-0102-9a0c-0305e82c3301.jpg",
)


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.jpg",
        "DSC01234.jpg",
        "20231301_101010.jpg",
        "2023012.jpg",
        "202312.jpg",
        "IMG_20230231_101010.jpg",
        "12345678901234.jpg",
        ".jpg",
        *UNDATED,
    ],
)
def test_names_without_a_date(name: str) -> None:
    assert find_moment(name) is None


@pytest.mark.parametrize(
    ("name", "local", "precision"),
    [
        ("13-07-2019.jpg", datetime(2019, 7, 13), "day"),
        ("07-13-2019.jpg", datetime(2019, 7, 13), "day"),
        ("07.13.2019.jpg", datetime(2019, 7, 13), "day"),
        ("Strand 13_07_2019 b.jpg", datetime(2019, 7, 13), "day"),
        ("13 7 2019.jpg", datetime(2019, 7, 13), "day"),
        ("2-2-2023.jpg", datetime(2023, 2, 2), "day"),
        ("IMG-13-07-2019-15-04-05.jpg", datetime(2019, 7, 13, 15, 4, 5), "time"),
        ("WhatsApp Image 13-07-2019 at 3.04.05 PM.jpeg", datetime(2019, 7, 13, 15, 4, 5), "time"),
        ("02-01-2023.jpg", datetime(2023, 1, 1), "year"),  # January or February
        ("Photo 02-01-2023, 15 04 05.jpg", datetime(2023, 1, 1), "year"),
    ],
)
def test_a_date_with_its_year_last_is_read_as_far_as_it_is_sure(name, local, precision):
    moment = find_moment(name)
    assert moment is not None
    assert (moment.local, moment.precision) == (local, precision)


@pytest.mark.parametrize(
    "name", ["13-13-2019.jpg", "32-07-2019.jpg", "1-07-13-2019.jpg", "00-00-2019.jpg", "7-13-20191.jpg"]
)
def test_numbers_that_can_be_no_date_are_none(name):
    assert find_moment(name) is None
