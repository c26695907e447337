"""PhotoPrism's YAML files, as internal/entity/photo_yaml.go and album_yaml.go write them (yaml.v2; 2021 to 2024)."""

from pathlib import Path
from typing import Any

import yaml

from switching.tests.samples.family import Family, Shot


def write(family: Family, folder: Path) -> Path:
    """A folder `storage` with a sidecar for each photo, and the albums."""
    inside = {number: stack[0] for stack in family.stacks for number in stack}  # files of one photo
    for shot in family.shots:
        if inside.get(shot.number, shot.number) == shot.number:
            put(folder / "sidecar" / shot.folder / Path(shot.name).with_suffix(".yml"), photo(shot))
    for number, (name, shots) in enumerate(family.albums.items()):
        put(folder / f"albums/album/{album_key(number)}.yml", album(number, name, shots))
    put(folder / f"albums/month/{album_key(90)}.yml", {**album(90, "May 2024", (0, 1)), "Type": "month"})
    return folder


def put(path: Path, values: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=80), encoding="utf-8")


def photo_key(number: int) -> str:
    return f"ps6sg6be2lvl{number:04d}"


def album_key(number: int) -> str:
    return f"as6sg6bxpoaa{number:04d}"


def photo(shot: Shot) -> dict[str, Any]:
    utc = f"{shot.taken:%Y-%m-%dT%H:%M:%SZ}"
    values = {
        "TakenAt": utc,
        "TakenAtLocal": utc,
        "TakenSrc": "meta",
        "UID": photo_key(shot.number),
        "Type": "image",
        "Title": shot.title or "Rome / 2024",
        "TitleSrc": "manual" if shot.title else "location",
        "Description": shot.description,
        "DescriptionSrc": "manual" if shot.description else "",
        "Favorite": shot.favourite,
        "Year": 2024,
        "Quality": 3,
        "Details": {
            "Keywords": ", ".join(tag.replace("/", "-") for tag in shot.tags) or "blue, rome",
            "KeywordsSrc": "manual" if shot.tags else "",
        },
        "CreatedAt": "2024-06-01T10:00:00Z",
        "DeletedAt": "2025-01-01T00:00:00Z" if shot.archived else "",
    }
    return {name: value for name, value in values.items() if value or name in ("Title", "Year")}


def album(number: int, name: str, shots: tuple[int, ...]) -> dict[str, Any]:
    return {
        "UID": album_key(number),
        "Slug": "album",
        "Type": "album",
        "Title": name,
        "Order": "oldest",
        "Photos": [{"UID": photo_key(shot), "CreatedAt": "2024-06-01T10:00:00Z"} for shot in shots],
    }
