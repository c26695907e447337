"""Helper files and folders of cameras, programs and systems, which imports leave out by name."""

from pathlib import PurePath

from media.mediatypes import looks_like_media
from media.sentences import english

LOW_RESOLUTION = english("a camera's small copy of a video")
UNFINISHED = english("a file that is still being written or downloaded")
BACKUP = english("a program's backup of a photo")
PREVIEWS = english("previews made by a program or a NAS")
SYSTEM = english("files of the system, or deleted files")

_FOLDERS = {
    **dict.fromkeys(("@eadir", "thmbnl", ".thumbnails", ".@__thumb", "ipod photo cache"), PREVIEWS),
    **dict.fromkeys(("#recycle", "$recycle.bin", "#snapshot", "__macosx", "system volume information"), SYSTEM),
    "lost+found": SYSTEM,
}
_FOLDER_SUFFIXES = dict.fromkeys((".lrdata", ".lrcat-data", ".cocatalogdb"), PREVIEWS)
# Libraries of Apple's programs: the photos are in the folders below, previews and faces in others.
_LIBRARIES = (".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary", ".migratedaplibrary")
_WITHIN_LIBRARIES = frozenset({"originals", "masters"})
_SUFFIXES = {
    **dict.fromkeys((".lrv", ".lrf", ".thm"), LOW_RESOLUTION),
    **dict.fromkeys((".part", ".partial", ".crdownload", ".opdownload", ".filepart", ".tmp", ".temp"), UNFINISHED),
    **dict.fromkeys((".!ut", ".!qb", ".aria2", ".download"), UNFINISHED),
}
# After the full name of a photo.
_ENDINGS = {
    **dict.fromkeys(("~", "_original", ".bak", ".orig", ".old", ".backup"), BACKUP),
    "_exiftool_tmp": UNFINISHED,
}


def why_left_out(name: str) -> str:
    """Why a file with this name is left out. Empty for others."""
    lower = name.lower()
    if why := _SUFFIXES.get(PurePath(lower).suffix):
        return why
    if lower.startswith("lrv_") and lower.endswith((".insv", ".mp4")):  # Insta360's low-resolution copies
        return LOW_RESOLUTION
    cut = ((lower.removesuffix(ending), why) for ending, why in _ENDINGS.items() if lower.endswith(ending))
    return next((why for rest, why in cut if looks_like_media(rest)), "")


def why_not_entered(folder: PurePath) -> str:
    """Why this folder is left out with everything in it. Empty for others."""
    name, parent = folder.name.lower(), folder.parent.name.lower()
    if why := _FOLDERS.get(name) or _FOLDER_SUFFIXES.get(PurePath(name).suffix):
        return why
    in_library = parent.endswith(_LIBRARIES) and name not in _WITHIN_LIBRARIES
    return PREVIEWS if in_library or (parent, name) == ("m4root", "sub") else ""


def folder_rules() -> dict[str, dict[str, str] | list[str]]:
    """The rules for folders as plain data, for programs that read folders elsewhere (static/js/upload)."""
    return {
        "names": _FOLDERS,
        "endings": _FOLDER_SUFFIXES,
        "libraries": [*_LIBRARIES],
        "within": sorted(_WITHIN_LIBRARIES),
        "reason": [PREVIEWS],
    }
