"""Small databases of Apple Photos, LibrePhotos and Nextcloud, written from their published schemas."""

from datetime import datetime
from pathlib import Path

from switching.tests.samples.family import SIZE, Family
from switching.tests.samples.sqlite import Tables

TWO_HOURS = 7200


def apple(family: Family) -> Tables:
    """Photos 8 (macOS 13), as osxphotos 0.77.2 names its tables and columns."""
    return {**apple_assets(family), **apple_people(family), **apple_albums(family)}


def apple_assets(family: Family) -> Tables:
    return {
        "ZASSET": (
            (
                *("Z_PK", "ZUUID", "ZDIRECTORY", "ZFILENAME", "ZFAVORITE", "ZHIDDEN", "ZTRASHEDSTATE", "ZDATECREATED"),
                *("ZWIDTH", "ZHEIGHT", "ZADJUSTMENTSSTATE"),
            ),
            [
                (
                    *(shot.key, f"U{shot.key}", "A", f"U{shot.key}.jpeg", int(shot.favourite), int(shot.archived)),
                    *(int(shot.trashed), (shot.taken - datetime(2001, 1, 1)).total_seconds() - TWO_HOURS, *SIZE, 0),
                )
                for shot in family.shots
            ],
        ),
        "ZADDITIONALASSETATTRIBUTES": (
            ("Z_PK", "ZASSET", "ZORIGINALFILENAME", "ZORIGINALFILESIZE", "ZTITLE", "ZTIMEZONEOFFSET"),
            [(500 + shot.key, shot.key, shot.name, shot.size, shot.title or None, TWO_HOURS) for shot in family.shots],
        ),
        "ZASSETDESCRIPTION": (
            ("ZASSETATTRIBUTES", "ZLONGDESCRIPTION"),
            [(500 + shot.key, shot.description) for shot in family.shots if shot.description],
        ),
    }


def apple_people(family: Family) -> Tables:
    faces = [(shot, name, box) for shot in family.shots for name, box in shot.faces]
    return {
        "ZPERSON": (
            ("Z_PK", "ZFULLNAME", "ZDISPLAYNAME", "ZTYPE", "ZKEYFACE"),
            [(family.person(name), name, name.split()[0], 0, None) for name in family.named()]
            + [(99, "", "", 0, None)],
        ),
        "ZDETECTEDFACE": (
            (
                *(
                    "Z_PK",
                    "ZASSETFORFACE",
                    "ZPERSONFORFACE",
                    "ZCENTERX",
                    "ZCENTERY",
                    "ZSIZE",
                    "ZHIDDEN",
                    "ZSOURCEWIDTH",
                ),
                *("ZSOURCEHEIGHT",),
            ),
            [
                (n, shot.key, family.person(name), x + w / 2, 1 - y - h / 2, w, 0, *SIZE)
                for n, (shot, name, (x, y, w, h)) in enumerate(faces, 1)
            ],
        ),
    }


def apple_albums(family: Family) -> Tables:
    tags = {tag: n for n, tag in enumerate(sorted({tag for shot in family.shots for tag in shot.tags}), 1)}
    return {
        "ZGENERICALBUM": (
            ("Z_PK", "ZTITLE", "ZKIND", "ZPARENTFOLDER", "ZTRASHEDSTATE"),
            [(1, None, 3999, None, 0), (2, "Travels", 4000, 1, 0)]
            + [(10 + n, name, 2, 2, 0) for n, name in enumerate(family.albums)]
            + [(30, "Shared", 1505, None, 0), (31, "Gone", 2, 1, 1)],
        ),
        "Z_28ASSETS": (
            ("Z_28ALBUMS", "Z_3ASSETS", "Z_FOK_3ASSETS"),
            [
                (10 + n, number + 1, p)
                for n, all_of in enumerate(family.albums.values())
                for p, number in enumerate(all_of)
            ],
        ),
        "ZKEYWORD": (("Z_PK", "ZTITLE"), [(n, tag) for tag, n in tags.items()]),
        "Z_1KEYWORDS": (
            ("Z_1ASSETATTRIBUTES", "Z_40KEYWORDS"),
            [(500 + shot.key, tags[tag]) for shot in family.shots for tag in shot.tags],
        ),
    }


def librephotos(family: Family) -> Tables:
    """LibrePhotos (api/models at 2025): faces have corners in pixels of the large thumbnail."""
    return {**librephotos_photos(family), **librephotos_people(family)}


def librephotos_photos(family: Family) -> Tables:
    wide, high = SIZE
    return {
        "api_user": (("id", "username", "email", "favorite_min_rating"), [(1, "anna", "", 4), (2, "ben", "", 4)]),
        "api_photo": (
            (
                *(
                    "image_hash",
                    "main_file_id",
                    "owner_id",
                    "rating",
                    "hidden",
                    "in_trashcan",
                    "removed",
                    "exif_timestamp",
                ),
                *("size", "width", "height"),
            ),
            [
                (
                    *(f"h{shot.key}", f"f{shot.key}", 1, shot.rating or 0, str(shot.archived).lower()[0]),
                    *(str(shot.trashed).lower()[0], "f", str(shot.taken), shot.size, wide, high),
                )
                for shot in family.shots
            ]
            + [("other", "other", 2, 0, "f", "f", "f", None, 1, 1, 1)],
        ),
        "api_thumbnail": (("photo_id", "aspect_ratio"), [(f"h{shot.key}", 1.33) for shot in family.shots]),
        "api_file": (("hash", "path"), [(f"f{shot.key}", shot.path) for shot in family.shots]),
    }


def librephotos_people(family: Family) -> Tables:
    wide, high = 1440, 1080
    faces = [(shot, name, box) for shot in family.shots for name, box in shot.faces]
    return {
        "api_person": (
            ("id", "name", "kind", "cluster_owner_id"),
            [(family.person(name), name, "USER", 1) for name in family.named()] + [(1, "Unknown 1", "CLUSTER", 1)],
        ),
        "api_face": (
            (
                *("id", "photo_id", "person_id", "location_top", "location_bottom", "location_left", "location_right"),
                *("deleted",),
            ),
            [
                (
                    *(n, f"h{shot.key}", family.person(name), round(y * high), round((y + h) * high)),
                    *(round(x * wide), round((x + w) * wide), "f"),
                )
                for n, (shot, name, (x, y, w, h)) in enumerate(faces)
            ],
        ),
        "api_albumuser": (("id", "title", "owner_id"), [(n, name, 1) for n, name in enumerate(family.albums)]),
        "api_albumuser_photos": (
            ("albumuser_id", "photo_id"),
            [(n, f"h{number + 1}") for n, numbers in enumerate(family.albums.values()) for number in numbers],
        ),
    }


def nextcloud(family: Family) -> Tables:
    """Nextcloud 30 with Recognize 8 and Photos 3."""
    return {**nextcloud_files(family), **nextcloud_faces(family), **nextcloud_words(family)}


def nextcloud_files(family: Family) -> Tables:
    return {
        "oc_storages": (("numeric_id", "id"), [(1, "home::anna"), (2, "home::ben"), (3, "local::/srv/data/")]),
        "oc_mimetypes": (("id", "mimetype"), [(5, "image/jpeg"), (6, "text/plain")]),
        "oc_filecache": (
            ("fileid", "storage", "path", "name", "size", "mimetype"),
            [(shot.key, 1, f"files/Photos/{shot.folder}/{shot.name}", shot.name, shot.size, 5) for shot in family.shots]
            + [(900, 1, "files/notes.txt", "notes.txt", 5, 6), (901, 2, "files/x.jpg", "x.jpg", 5, 5)],
        ),
    }


def nextcloud_faces(family: Family) -> Tables:
    faces = [(shot, name, box) for shot in family.shots for name, box in shot.faces]
    return {
        "oc_recognize_face_clusters": (
            ("id", "title", "user_id"),
            [(family.person(name), name, "anna") for name in family.named()] + [(1, "", "anna")],
        ),
        "oc_recognize_face_detections": (
            ("id", "user_id", "file_id", "x", "y", "width", "height", "cluster_id"),
            [(n, "anna", shot.key, *box, family.person(name)) for n, (shot, name, box) in enumerate(faces)],
        ),
    }


def nextcloud_words(family: Family) -> Tables:
    tags = {tag: n for n, tag in enumerate(sorted({tag for shot in family.shots for tag in shot.tags}), 1)}
    return {
        "oc_photos_albums": (("album_id", "name", "user"), [(n, name, "anna") for n, name in enumerate(family.albums)]),
        "oc_photos_albums_files": (
            ("album_id", "file_id"),
            [(n, number + 1) for n, numbers in enumerate(family.albums.values()) for number in numbers],
        ),
        "oc_vcategory": (("id", "uid", "type", "category"), [(1, "anna", "files", "_$!<Favorite>!$_")]),
        "oc_vcategory_to_object": (
            ("objid", "categoryid", "type"),
            [(shot.key, 1, "files") for shot in family.shots if shot.favourite],
        ),
        "oc_systemtag": (("id", "name"), [(n, tag) for tag, n in tags.items()]),
        "oc_systemtag_object_mapping": (
            ("objectid", "objecttype", "systemtagid"),
            [(shot.key, "files", tags[tag]) for shot in family.shots for tag in shot.tags],
        ),
    }


def picasa(family: Family, root: Path) -> Path:
    """Picasa 3.9: .picasa.ini in each folder. Rectangles are of 16 bits."""
    for folder in sorted({shot.folder for shot in family.shots}):
        place = root / folder
        place.mkdir(parents=True)
        lines = ["[Picasa]", "name=Holiday", "[Contacts2]"]
        lines += [f"{family.person(name):x}={name};;" for name in family.named()]
        for number, name in enumerate(family.albums):
            lines += [f"[.album:{number:032x}]", f"name={name}", f"token={number:032x}"]
        for shot in family.shots:
            if shot.folder == folder:
                inside = [f"{n:032x}" for n, numbers in enumerate(family.albums.values()) if shot.number in numbers]
                boxes = [f"rect64({rect64(box)}),{family.person(name):x}" for name, box in shot.faces]
                keys = {
                    "star": "yes" if shot.favourite else "", "caption": shot.description, "faces": ";".join(boxes),
                    "hidden": "yes" if shot.archived else "", "keywords": ",".join(shot.tags),
                    "albums": ",".join(inside),
                }  # fmt: skip
                lines += [f"[{shot.name}]", *(f"{key}={value}" for key, value in keys.items() if value)]
        (place / ".picasa.ini").write_text("\n".join(lines), encoding="utf-8")
    return root


def rect64(box: tuple[float, float, float, float]) -> str:
    x, y, w, h = box
    return "".join(f"{round(value * 65535):04x}" for value in (x, y, x + w, y + h)).lstrip("0")
