"""What osxphotos 0.77.2 writes: the database of an export (version 11.1) and the JSON of `query --json`."""

import json
from pathlib import Path
from typing import Any

from switching.readers.osxphotos import DATABASE
from switching.tests.samples import sqlite
from switching.tests.samples.family import SIZE, Family, Shot

Photo = dict[str, Any]


def photo(shot: Shot, family: Family, **more: Any) -> Photo:
    """What PhotoInfo.asdict says, as far as it means something here."""
    wide, high = SIZE
    return {
        "uuid": f"UUID-{shot.number}",
        "original_filename": shot.name,
        "original_filesize": shot.size,
        "original_width": wide, "original_height": high, "original_orientation": 1, "width": wide, "height": high,
        "orientation": 1, "hasadjustments": False, "ismovie": False, "isphoto": True, "live_photo": False,
        "date": f"{shot.taken.isoformat()}.086000+02:00",
        "path": f"/Users/anna/Pictures/Photos Library.photoslibrary/originals/U/UUID-{shot.number}.jpeg",
        "path_edited": None,
        "title": shot.title or None,
        "description": shot.description or None,
        "keywords": list(shot.tags),
        "favorite": shot.favourite, "hidden": shot.archived, "intrash": shot.trashed, "rating": shot.rating or 0,
        "albums": [name for name, numbers in family.albums.items() if shot.number in numbers],
        "album_info": [album(name) for name, numbers in family.albums.items() if shot.number in numbers],
        "folders": {name: ["Travels"] for name, numbers in family.albums.items() if shot.number in numbers},
        "persons": [name for name, _ in shot.faces],
        "face_info": [face(shot, place) for place in range(len(shot.faces))],
        "comments": [], "likes": [],
    } | more  # fmt: skip


def album(name: str, **more: Any) -> Photo:
    return {"uuid": f"ALBUM {name}", "title": name, "folder_names": ["Travels"], "owner": None} | more


def face(shot: Shot, place: int) -> Photo:
    """A face: the centre from the lower left corner, and the size of the longer side of the picture."""
    name, (x, y, width, height) = shot.faces[place]
    uuid = f"FACE-{shot.number}-{place}"
    return {"uuid": uuid, "name": name, "center_x": x + width / 2, "center_y": 1 - y - height / 2, "size": width}


def family_export(family: Family, folder: Path) -> Path:
    """An export into folders, with edited versions of the photos that are stacked."""
    photos, files = [], []
    edited = {stack[1]: stack[0] for stack in family.stacks}  # number of the edited version -> of its original
    for shot in family.shots:
        if shot.number in edited:
            uuid, name = f"UUID-{edited[shot.number]}", shot.path.removeprefix("/")
            files.append((uuid, name, shot.size))
        else:
            changed = {"hasadjustments": True, "face_info": []} if shot.number in edited.values() else {}
            photos.append(photo(shot, family, **changed))
            files.append((f"UUID-{shot.number}", shot.path.removeprefix("/"), shot.size))
    return write_export(folder, photos, files)


def write_export(folder: Path, photos: list[Photo], files: list[tuple[str, str, int]], config: str = "") -> Path:
    """The database of an export: files are (uuid, path below the folder, size)."""
    rows = [(n, path.lower(), path, uuid, size, size) for n, (uuid, path, size) in enumerate(files, 1)]
    sqlite.write(
        folder / DATABASE,
        {
            "version": (("id", "osxphotos", "exportdb"), [(1, "0.77.2", "11.1")]),
            "export_data": (("id", "filepath_normalized", "filepath", "uuid", "src_size", "dest_size"), rows),
            "photoinfo": (
                ("id", "uuid", "photoinfo"),
                [(n, p["uuid"], json.dumps(p)) for n, p in enumerate(photos, 1)],
            ),
            "config": (("id", "datetime", "config"), [(1, "2026-01-01", config)]),
        },
    )
    return folder


def write_json(file: Path, photos: list[Photo]) -> Path:
    file.write_text(json.dumps(photos), encoding="utf-8")
    return file
