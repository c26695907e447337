"""Ask a folder of real photos more than sixty questions in the language of search, with exiftool for the answers.

    python benchmarks/queries.py DIR [--differences]

Takes the folder into a fresh library, reads the metadata as a worker does, and prints for each query how many photos
were found, how many ought to have been, and how many of both are the same. What ought to be found is told from what
exiftool (Debian: libimage-exiftool-perl) reads, by a line of Python for each query. Photos of which exiftool tells
nothing for a query are left out of that query; so are those with a sidecar, which exiftool does not read.
"""

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

KILOMETRES_A_DEGREE = 111.195
FIRST_YEAR = 1826
UNKNOWN = 65_535
STAGES = ("metadata", "keywords")
SIDECARS = (".xmp", ".json", ".xml")


@dataclass
class Facts:
    """What exiftool says of one photo, by every file with its bytes."""

    tags: dict[str, Any]
    names: list[str]
    words: set[str] = field(default_factory=set)

    def get(self, *names: str) -> Any:
        """The first of these that has a value."""
        for name in names:
            value = self.tags.get(name)
            if value not in (None, "", [], "undef", "inf"):
                return value.strip() if isinstance(value, str) else value
        return None

    def anywhere(self, name: str) -> Any:
        """From Exif before what makers, videos and other formats say."""
        groups = ("IFD0", "ExifIFD", "Composite", "QuickTime", "Keys", "Canon", "CIFF", "PictureInfo")
        found = self.get(*(f"{group}:{name}" for group in groups))
        return found if found is not None else next((v for k, v in self.tags.items() if k.endswith(f":{name}")), None)

    def number(self, name: str) -> float | None:
        """One above zero and below what two bytes hold: these stand for unknown."""
        value = self.anywhere(name)
        try:
            return float(value) if 0 < float(value) < UNKNOWN else None
        except (TypeError, ValueError):
            return None

    @property
    def camera(self) -> str:
        return f"{self.anywhere('Make') or ''} {self.anywhere('Model') or ''}".lower()

    @property
    def iso(self) -> float | None:
        return self.number("ISO")

    @property
    def f(self) -> float | None:
        return self.number("FNumber") or self.number("Aperture")

    @property
    def focal(self) -> float | None:
        return self.number("FocalLength")

    @property
    def taken(self) -> datetime | None:
        """By the camera's clock, unless that is before there were photos."""
        try:
            found = datetime.strptime(str(self.get("ExifIFD:DateTimeOriginal"))[:19], "%Y:%m:%d %H:%M:%S")
        except ValueError:
            return None
        return found if found.year >= FIRST_YEAR else None

    @property
    def keywords(self) -> set[str] | None:
        """None where the tags are damaged or only in other fields, of which exiftool tells less than stands there."""
        found: set[str] = set()
        for name in ("XMP-dc:Subject", "IPTC:Keywords"):
            value = self.tags.get(name) or []
            found |= {str(each).strip().lower() for each in (value if isinstance(value, list) else [value])}
        others = any(self.tags.get(name) for name in HIERARCHIES)
        return None if others or any("Ã" in each or "ã" in each for each in found) else found

    @property
    def place(self) -> tuple[float, float] | None:
        told = str(self.get("Composite:GPSPosition") or "").split()
        return (float(told[0]), float(told[1])) if len(told) == 2 else None

    @property
    def located(self) -> bool:
        return self.place is not None and self.place != (0, 0)

    @property
    def mime(self) -> str:
        return str(self.get("File:MIMEType"))

    @property
    def rating(self) -> float | None:
        """What no program wrote is not known; -1 is what some write for rejected."""
        value = self.get("XMP-xmp:Rating", "IFD0:Rating")
        return None if value is None or float(value) < 0 else float(value)

    @property
    def text(self) -> str:
        told = (self.get(name) for name in ("XMP-dc:Title", "XMP-dc:Description", "IFD0:ImageDescription"))
        return " ".join(str(each) for each in told if each).lower()


HIERARCHIES = ("XMP-lr:HierarchicalSubject", "XMP-digiKam:TagsList", "XMP-mediapro:CatalogSets", "IFD0:XPKeywords")
Answer = bool | None
Judge = Callable[[Facts], Answer]


# --- what ought to be found -------------------------------------------------------------------------------------------


def known(value: Callable[[Facts], Any], right: Callable[[Any], bool]) -> Judge:
    """Right of what is known; of what is not, nothing is said where a photo may have it from elsewhere."""

    def judge(facts: Facts) -> Answer:
        found = value(facts)
        return False if found is None else right(found)

    return judge


def taken(right: Callable[[datetime], bool]) -> Judge:
    """By the time of the shutter; other photos have a time from elsewhere."""
    return lambda facts: right(facts.taken) if facts.taken else None


def near(latitude: float, longitude: float, km: float) -> Judge:
    """Within so many kilometres, by haversine."""

    def judge(facts: Facts) -> Answer:
        if not facts.located or facts.place is None:
            return False
        lat, lon = facts.place
        slope = math.sin(math.radians(lat - latitude) / 2) ** 2
        slope += (
            math.cos(math.radians(lat))
            * math.cos(math.radians(latitude))
            * math.sin(math.radians(lon - longitude) / 2) ** 2
        )
        return 2 * math.degrees(math.asin(math.sqrt(slope))) * KILOMETRES_A_DEGREE <= km

    return judge


def tagged(*names: str, every: bool = False) -> Judge:
    def judge(facts: Facts) -> Answer:
        held = facts.keywords
        return None if held is None else (all if every else any)(name in held for name in names)

    return judge


def both(*judges: Judge) -> Judge:
    def judge(facts: Facts) -> Answer:
        told = [each(facts) for each in judges]
        return False if False in told else None if None in told else True

    return judge


def either(*judges: Judge) -> Judge:
    return without(both(*(without(each) for each in judges)))


def without(judged: Judge) -> Judge:
    def judge(facts: Facts) -> Answer:
        told = judged(facts)
        return None if told is None else not told

    return judge


def camera(*words: str) -> Judge:
    return lambda facts: all(word in facts.camera for word in words)


def named(part: str) -> Judge:
    return lambda facts: any(part in name.lower() for name in facts.names)


def lens(facts: Facts) -> Any:
    return str(facts.anywhere("LensModel") or facts.anywhere("Lens") or "").lower() or None


def rated(right: Callable[[float], bool]) -> Judge:
    return lambda facts: None if facts.rating is None else right(facts.rating)


def typed(*mimes: str) -> Judge:
    return lambda facts: facts.mime in mimes


def begins(text: str, part: str) -> bool:
    """Whether a word of the text begins so."""
    return any(word.startswith(part) for word in "".join(c if c.isalnum() else " " for c in text).split())


NIGHT = (22, 23, 0, 1, 2, 3, 4)
VIDEO: Judge = lambda facts: facts.mime.startswith("video/")  # noqa: E731
GPS: Judge = lambda facts: facts.located  # noqa: E731
iso = lambda facts: facts.iso  # noqa: E731
f = lambda facts: facts.f  # noqa: E731
focal = lambda facts: facts.focal  # noqa: E731

QUERIES: list[tuple[str, Judge]] = [
    ("camera:canon", camera("canon")),
    ("camera:nikon", camera("nikon")),
    ("camera:apple", camera("apple")),
    ('camera:"canon eos 600d"', camera("canon eos 600d")),
    ("camera:iphone", camera("iphone")),
    ("camera:canon,nikon", either(camera("canon"), camera("nikon"))),
    ("camera:canon -camera:eos", both(camera("canon"), without(camera("eos")))),
    ("lens:usm", known(lens, lambda text: "usm" in text)),
    ("lens:iphone", known(lens, lambda text: text.startswith("iphone"))),
    ("iso:100", known(iso, lambda value: value == 100)),
    ("iso:>800", known(iso, lambda value: value > 800)),
    ("iso:>=800", known(iso, lambda value: value >= 800)),
    ("iso:<100", known(iso, lambda value: value < 100)),
    ("iso:100..400", known(iso, lambda value: 100 <= value <= 400)),
    ("f:<2.8", known(f, lambda value: value < 2.8)),
    ("f:2.8", known(f, lambda value: 2.75 <= value < 2.85)),
    ("f:4..8", known(f, lambda value: 4 <= value <= 8)),
    ("f:>=11", known(f, lambda value: value >= 11)),
    ("focal:85", known(focal, lambda value: 84.5 <= value < 85.5)),
    ("focal:>50", known(focal, lambda value: value > 50)),
    ("focal:24..70", known(focal, lambda value: 24 <= value <= 70)),
    ("iso:>=200 f:<4", both(known(iso, lambda value: value >= 200), known(f, lambda value: value < 4))),
    ("iso:100 OR f:2.8", either(known(iso, lambda v: v == 100), known(f, lambda v: 2.75 <= v < 2.85))),
    ("date:2024", taken(lambda at: at.year == 2024)),
    ("date:2023-06", taken(lambda at: (at.year, at.month) == (2023, 6))),
    ("date:2023-06-07", taken(lambda at: at.date().isoformat() == "2023-06-07")),
    ("date:2008..2010", taken(lambda at: 2008 <= at.year <= 2010)),
    ("date:>2020", taken(lambda at: at.year > 2020)),
    ("date:<2001", taken(lambda at: at.year < 2001)),
    ("date:..2005-06", taken(lambda at: (at.year, at.month) <= (2005, 6))),
    ("date:summer 2015", taken(lambda at: at.year == 2015 and at.month in (6, 7, 8))),
    ("date:summer", taken(lambda at: at.month in (6, 7, 8))),
    ("date:winter", taken(lambda at: at.month in (12, 1, 2))),
    ("date:april", taken(lambda at: at.month == 4)),
    ("date:2000s", taken(lambda at: 2000 <= at.year <= 2009)),
    ("date:1 january", taken(lambda at: (at.month, at.day) == (1, 1))),
    ("taken:morning", taken(lambda at: 5 <= at.hour < 12)),
    ("taken:afternoon", taken(lambda at: 12 <= at.hour < 17)),
    ("taken:night", taken(lambda at: at.hour in NIGHT)),
    ("taken:weekend", taken(lambda at: at.weekday() >= 5)),
    ("taken:monday", taken(lambda at: at.weekday() == 0)),
    ("-taken:weekend date:2012", taken(lambda at: at.weekday() < 5 and at.year == 2012)),
    ("has:gps", GPS),
    ("-has:gps type:photo", both(without(GPS), without(VIDEO))),
    ("near:51.5007,-0.1246 1km", near(51.5007, -0.1246, 1)),
    ("near:London 50km", near(51.50853, -0.12574, 50)),
    ("near:-33.8557,151.2104 500m", near(-33.8557, 151.2104, 0.5)),
    ("near:50.0896,14.3974 3km", near(50.0896, 14.3974, 3)),
    ("near:35.68,139.76 100km", near(35.68, 139.76, 100)),
    ("near:37.74,-119.55 30 mi", near(37.74, -119.55, 48.28)),
    ("near:Madrid", near(40.4165, -3.70256, 10)),
    ("camera:canon has:gps", both(camera("canon"), GPS)),
    ("has:gps date:2024", both(GPS, taken(lambda at: at.year == 2024))),
    ("rating:3", rated(lambda value: value == 3)),
    ("rating:>=4", rated(lambda value: value >= 4)),
    ("rating:1..3", rated(lambda value: 1 <= value <= 3)),
    ("tag:USA", tagged("usa")),
    ('tag:="Big Ben"', tagged("big ben")),
    ("tag:Yosemite", tagged("yosemite")),
    ("tag:Yosemite,Berkley", tagged("yosemite", "berkley")),
    ('tag:USA,"USA Road trip" all', tagged("usa", "usa road trip", every=True)),
    ("tag:USA -tag:Yosemite", both(tagged("usa"), without(tagged("yosemite")))),
    ("tag:USA rating:>=4", both(tagged("usa"), rated(lambda value: value >= 4))),
    ("(tag:USA OR tag:rabbit) -camera:canon", both(tagged("usa", "rabbit"), without(camera("canon")))),
    ("type:video", VIDEO),
    ("type:photo", without(VIDEO)),
    ("type:jpeg", typed("image/jpeg")),
    ("type:heic", typed("image/heic", "image/heif")),
    ("type:tiff,png", typed("image/tiff", "image/png")),
    ("type:avif OR type:jxl OR type:webp", typed("image/avif", "image/jxl", "image/webp")),
    ("size:>2MB", lambda facts: facts.tags["System:FileSize"] > 2_000_000),
    ("size:100kB..1MB", lambda facts: 100_000 <= facts.tags["System:FileSize"] <= 1_000_000),
    ("title:squirrel OR description:squirrel", lambda facts: begins(facts.text, "squirrel")),
    ("falcon", lambda facts: begins(facts.text, "falcon") or bool(tagged("falcon")(facts))),
    ("file:canon", named("canon")),
    ("file:dscn", named("dscn")),
]  # fmt: skip


# --- asking -----------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the table; 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--differences", action="store_true", help="name the photos that differ")
    options = parser.parse_args()
    if not shutil.which("exiftool"):
        print("exiftool is needed for the answers: apt-get install libimage-exiftool-perl", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"MIRAGE_DATA": place, "DJANGO_SETTINGS_MODULE": "mirage.settings"}
        import django

        django.setup()
        return 1 if ask_all(take_in(options.folder), options.differences) else 0


def take_in(folder: Path) -> dict[int, Facts]:
    """By photo, what exiftool says of it."""
    from django.core.management import call_command

    from accounts.models import User
    from benchmarks.metadata import run_exiftool
    from media.mediatypes import identify
    from photos import pipeline
    from photos.ingest import intake

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("benchmark")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    sidecars = {path.stem for path in files if path.suffix.lower() in SIDECARS}
    media = [path for path in files if identify(path)]
    tags, _ = run_exiftool(media)
    facts: dict[int, Facts] = {}
    left_out = set()
    for path in media:
        photo = intake.ingest(owner, path).photo
        assert photo, path
        if "File:MIMEType" not in tags.get(path, {}):
            continue  # exiftool makes nothing of it
        facts.setdefault(photo.pk, Facts(tags.get(path, {}), [])).names.append(path.name)
        if path.name in sidecars or path.stem in sidecars:
            left_out.add(photo.pk)
    for name in STAGES:
        while pipeline.perform_next(pipeline.STAGES[name]):
            pass
    print(f"{len(media)} files, {len(facts)} photos; {len(left_out)} with sidecars are left out\n")
    return {pk: each for pk, each in facts.items() if pk not in left_out}


def ask_all(facts: dict[int, Facts], differences: bool) -> int:
    """How many queries find other photos than they ought to."""
    from accounts.models import User
    from photos.models import Photo
    from search.compile import select

    owner, wrong = User.objects.get(), 0
    print(f"{'query':46}{'judged':>8}{'expected':>10}{'found':>8}{'both':>6}")
    for text, judge in QUERIES:
        told = {pk: judge(each) for pk, each in facts.items()}
        judged = {pk for pk, right in told.items() if right is not None}
        expected = {pk for pk in judged if told[pk]}
        found = set(select(Photo.objects.all(), owner, text).values_list("pk", flat=True)) & judged
        differ = found ^ expected
        wrong += bool(differ)
        counts = f"{len(judged):>8}{len(expected):>10}{len(found):>8}{len(found & expected):>6}"
        print(f"{text:46}{counts}{'  differs' if differ else ''}")
        for pk in sorted(differ) if differences else ():
            print(f"    {'missed' if pk in expected else 'too much'}: {', '.join(facts[pk].names)}")
    print(f"\n{len(QUERIES) - wrong} of {len(QUERIES)} queries find exactly what they ought to")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
