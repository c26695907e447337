"""Small databases of other programs, written from their published schemas. Which version: in each function."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from switching.tests.samples.family import FOLDER, SIZE, Family, Shot

Tables = dict[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]  # columns and rows by table


def write(path: Path, tables: Tables) -> Path:
    """An SQLite file with these tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        for name, (columns, rows) in tables.items():
            database.execute(
                f'CREATE TABLE "{name}" ({", ".join(f"{chr(34)}{column}{chr(34)}" for column in columns)})'
            )
            database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(columns))})', rows)
        database.commit()
    return path


def as_mariadb(tables: Tables) -> str:
    """The same tables as mysqldump 10.19 (MariaDB 10.11) writes them."""
    lines = ["-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\n--\n"]
    for name, (columns, rows) in tables.items():
        lines.append(f"DROP TABLE IF EXISTS `{name}`;\nCREATE TABLE `{name}` (\n")
        lines += [f"  `{column}` varchar(255) DEFAULT NULL,\n" for column in columns]
        lines.append(f"  PRIMARY KEY (`{columns[0]}`)\n) ENGINE=InnoDB;\nLOCK TABLES `{name}` WRITE;\n")
        for first in range(0, len(rows), 7):
            values = ",".join(f"({','.join(map(mariadb_value, row))})" for row in rows[first : first + 7])
            lines.append(f"INSERT INTO `{name}` VALUES {values};\n")
        lines.append("UNLOCK TABLES;\n")
    return "".join([*lines, "-- Dump completed on 2026-01-01 12:00:00\n"])


def mariadb_value(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def as_postgres(tables: Tables) -> str:
    """The same tables as pg_dump writes them."""
    lines = ["--\n-- PostgreSQL database dump\n--\n\n"]
    for name, (columns, rows) in tables.items():
        lines.append(f"COPY public.{name} ({', '.join(columns)}) FROM stdin;\n")
        for row in rows:
            texts = ["\\N" if value is None else str(value).replace("\\", "\\\\").replace("\n", "\\n") for value in row]
            lines.append("\t".join(texts) + "\n")
        lines.append("\\.\n\n")
    return "".join([*lines, "--\n-- PostgreSQL database dump complete\n--\n"])


# --- PhotoPrism -------------------------------------------------------------------------------------------------------


def photoprism(family: Family) -> Tables:
    """PhotoPrism (internal/entity at November 2025): index.db and MariaDB have the same tables."""
    inside = {number: stack[0] for stack in family.stacks for number in stack}  # files of one photo
    return {**photoprism_photos(family, inside), **photoprism_people(family), **photoprism_albums(family)}


def photoprism_photos(family: Family, inside: dict[int, int]) -> Tables:
    photos = [shot for shot in family.shots if inside.get(shot.number, shot.number) == shot.number]
    return {
        "photos": (
            (
                *("id", "photo_uid", "photo_title", "title_src", "photo_caption", "caption_src", "photo_favorite"),
                *("photo_private", "taken_at_local", "deleted_at"),
            ),
            [
                (
                    *(shot.key, f"p{shot.key}", shot.title or "Rome / 2024", "manual" if shot.title else ""),
                    *(shot.description, "manual" if shot.description else "", int(shot.favourite), 0),
                    *(str(shot.taken), "2025-01-01 00:00:00" if shot.archived else None),
                )
                for shot in photos
            ],
        ),
        "files": (
            (
                *(
                    "file_uid",
                    "photo_uid",
                    "photo_id",
                    "file_name",
                    "file_root",
                    "file_hash",
                    "file_size",
                    "file_primary",
                ),
                *("file_sidecar", "file_missing", "deleted_at"),
            ),
            [
                (
                    *(f"f{shot.key}", f"p{inside.get(shot.number, shot.number) + 1}", 1, f"{shot.folder}/{shot.name}"),
                    *("/", shot.sha1, shot.size, int(inside.get(shot.number, shot.number) == shot.number), 0, 0, None),
                )
                for shot in family.shots
            ],
        ),
    }


def photoprism_people(family: Family) -> Tables:
    shots = family.shots
    return {
        "markers": (
            ("marker_uid", "file_uid", "marker_type", "subj_uid", "x", "y", "w", "h", "marker_invalid"),
            [
                (f"m{shot.key}{place}", f"f{shot.key}", "face", f"j{family.person(name)}", *box, 0)
                for shot in shots
                for place, (name, box) in enumerate(shot.faces)
            ],
        ),
        "subjects": (
            ("subj_uid", "subj_type", "subj_name", "subj_hidden", "deleted_at"),
            [(f"j{family.person(name)}", "person", name, 0, None) for name in family.named()],
        ),
    }


def photoprism_albums(family: Family) -> Tables:
    shots = family.shots
    labels = {tag: number for number, tag in enumerate(sorted({tag for shot in shots for tag in shot.tags}), 1)}
    return {
        "albums": (
            ("album_uid", "album_type", "album_title", "album_description", "album_order", "deleted_at"),
            [(f"a{n}", "album", name, "", "oldest", None) for n, name in enumerate(family.albums)]
            + [("month", "month", "May 2024", "", "oldest", None)],
        ),
        "photos_albums": (
            ("photo_uid", "album_uid", "hidden"),
            [(f"p{n + 1}", f"a{place}", 0) for place, numbers in enumerate(family.albums.values()) for n in numbers],
        ),
        "labels": (("id", "label_name", "deleted_at"), [(key, name, None) for name, key in labels.items()]),
        "photos_labels": (
            ("photo_id", "label_id", "label_src", "uncertainty"),
            [(shot.key, labels[tag], "manual", 0) for shot in shots for tag in shot.tags] + [(1, 1, "image", 30)],
        ),
    }


# --- digiKam ----------------------------------------------------------------------------------------------------------


def digikam(family: Family) -> Tables:
    """digiKam 7.9 (dbconfig.xml of its package digikam-data)."""
    return {**digikam_images(family), **digikam_words(family)}


def digikam_images(family: Family) -> Tables:
    folders = {name: number for number, name in enumerate(sorted({shot.folder for shot in family.shots}), 1)}
    return {
        "Settings": (("keyword", "value"), [("DBVersion", "14")]),
        "Albums": (
            ("id", "albumRoot", "relativePath", "caption", "icon"),
            [(number, 1, f"/{name}", None, None) for name, number in folders.items()],
        ),
        "Images": (
            ("id", "album", "name", "status", "category", "fileSize"),
            [(shot.key, folders[shot.folder], shot.name, 1, 1, shot.size) for shot in family.shots],
        ),
        "ImageInformation": (
            ("imageid", "rating", "creationDate", "orientation", "width", "height"),
            [
                (shot.key, -1 if shot.rating is None else shot.rating, shot.taken.isoformat(), 1, *SIZE)
                for shot in family.shots
            ],
        ),
        "ImageRelations": (
            ("subject", "object", "type"),
            [(number + 1, stack[0] + 1, 2) for stack in family.stacks for number in stack[1:]],
        ),
    }


def digikam_words(family: Family) -> Tables:
    tags: dict[str, tuple[int, int, str]] = {"People": (1, 0, "People")}
    for name in family.named():
        tags[f"People/{name}"] = (family.person(name), 1, name)
    tags["_"] = (50, 0, "_Digikam_Internal_Tags_")
    tags["_/red"] = (51, 50, "Color Label Red")
    tags |= {"travel": (60, 0, "travel"), "travel/italy": (61, 60, "italy"), "sun": (62, 0, "sun")}
    comments = [(shot.key, 3, "x-default", shot.title) for shot in family.shots if shot.title]
    comments += [(shot.key, 1, "x-default", shot.description) for shot in family.shots if shot.description]
    return {
        "ImageComments": (
            ("imageid", "type", "language", "comment", "id"),
            [(*row, n) for n, row in enumerate(comments)],
        ),
        "Tags": (("id", "pid", "name"), list(tags.values())),
        "TagProperties": (
            ("tagid", "property", "value"),
            [(family.person(name), "person", name) for name in family.named()],
        ),
        "ImageTags": (("imageid", "tagid"), list(digikam_tags(family, tags))),
        "ImageTagProperties": (
            ("imageid", "tagid", "property", "value"),
            [
                (shot.key, family.person(name), "tagRegion", digikam_rect(box))
                for shot in family.shots
                for name, box in shot.faces
            ],
        ),
    }


def digikam_tags(family: Family, tags: dict[str, tuple[int, int, str]]) -> Iterable[tuple[int, int]]:
    for shot in family.shots:
        yield from ((shot.key, tags[tag][0]) for tag in shot.tags)
        yield from ((shot.key, family.person(name)) for name, _ in shot.faces)
        if shot.label:
            yield shot.key, 51


def digikam_rect(box: Sequence[float]) -> str:
    x, y, width, height = (round(value * side) for value, side in zip(box, (*SIZE, *SIZE), strict=True))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>'


# --- Lightroom --------------------------------------------------------------------------------------------------------


def lightroom(family: Family) -> Tables:
    """Lightroom Classic: the tables of a catalogue of version 13, as far as they are described in public."""
    return {**lightroom_images(family), **lightroom_keywords(family), **lightroom_collections(family)}


def lightroom_images(family: Family) -> Tables:
    folders = {name: number for number, name in enumerate(sorted({shot.folder for shot in family.shots}), 1)}
    return {
        "Adobe_variablesTable": (("name", "value"), [("Adobe_DBVersion", "1300025")]),
        "AgLibraryRootFolder": (("id_local", "absolutePath", "name"), [(1, f"{FOLDER}/", "Pictures")]),
        "AgLibraryFolder": (
            ("id_local", "pathFromRoot", "rootFolder"),
            [(number, f"{name}/", 1) for name, number in folders.items()],
        ),
        "AgLibraryFile": (
            ("id_local", "baseName", "extension", "folder"),
            [(1000 + shot.key, shot.name[:-4], "jpg", folders[shot.folder]) for shot in family.shots],
        ),
        "Adobe_images": (
            ("id_local", "rootFile", "masterImage", "rating", "pick", "colorLabels", "captureTime"),
            [lightroom_image(shot) for shot in family.shots] + [(900, 1001, 1, 2, 1, "Blue", None)],
        ),
        "AgLibraryIPTC": (("image", "caption"), [(shot.key, shot.description) for shot in family.shots]),
    }


def lightroom_keywords(family: Family) -> Tables:
    keywords = {"travel": (60, "travel", 1, None), "travel/italy": (61, "italy", 60, None), "sun": (62, "sun", 1, None)}
    people = [(family.person(name), name, 1, "person") for name in family.named()]
    faces = [(shot, name, box) for shot in family.shots for name, box in shot.faces]
    return {
        "AgLibraryKeyword": (
            ("id_local", "name", "parent", "keywordType"),
            [(1, None, None, None), *keywords.values(), *people],
        ),
        "AgLibraryKeywordImage": (
            ("image", "tag"),
            [(shot.key, keywords[tag][0]) for shot in family.shots for tag in shot.tags]
            + [(shot.key, family.person(name)) for shot, name, _ in faces],
        ),
        "AgLibraryFace": (
            ("id_local", "image", "tl_x", "tl_y", "br_x", "br_y"),
            [(n, shot.key, x, y, x + w, y + h) for n, (shot, _, (x, y, w, h)) in enumerate(faces)],
        ),
        "AgLibraryKeywordFace": (
            ("face", "tag", "userPick", "userReject"),
            [(n, family.person(name), 1, 0) for n, (_, name, _) in enumerate(faces)],
        ),
    }


def lightroom_collections(family: Family) -> Tables:
    in_albums = [
        (n + 1, 200 + place, float(position))
        for place, numbers in enumerate(family.albums.values())
        for position, n in enumerate(reversed(numbers))
    ]
    return {
        "AgLibraryCollection": (
            ("id_local", "name", "parent", "creationId", "systemOnly"),
            [(190, "Travels", None, "com.adobe.ag.library.group", 0)]
            + [(200 + n, name, 190, "com.adobe.ag.library.collection", 0) for n, name in enumerate(family.albums)]
            + [(300, "Five stars", None, "com.adobe.ag.library.smart_collection", 0)],
        ),
        "AgLibraryCollectionImage": (("image", "collection", "positionInCollection"), [*in_albums, (900, 200, 99.0)]),
        "AgLibraryFolderStackImage": (
            ("stack", "image", "position"),
            [(n, number + 1, p) for n, stack in enumerate(family.stacks) for p, number in enumerate(stack)],
        ),
        "Adobe_imageDevelopSettings": (("id_local", "image"), [(1, 1)]),
    }


def lightroom_image(shot: Shot) -> tuple[Any, ...]:
    return shot.key, 1000 + shot.key, None, shot.rating, int(shot.favourite), shot.label, shot.taken.isoformat()
