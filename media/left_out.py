"""What cameras, programs and systems keep beside photos, and no import takes: by their names alone."""

from pathlib import PurePath

from media.mediatypes import looks_like_media

LOW_RESOLUTION = "a small copy that a camera keeps of a video"
UNFINISHED = "a file that is still being written or downloaded"
BACKUP = "a backup that a program made of a photo"
PREVIEWS = "previews that a program or a NAS keeps of the photos"
SYSTEM = "files that the system keeps, or has removed"

_FOLDERS = {
    **dict.fromkeys(("@eadir", "thmbnl", ".thumbnails", ".@__thumb", "ipod photo cache"), PREVIEWS),
    **dict.fromkeys(("#recycle", "$recycle.bin", "#snapshot", "__macosx", "system volume information"), SYSTEM),
    "lost+found": SYSTEM,
}
_FOLDER_SUFFIXES = dict.fromkeys((".lrdata", ".lrcat-data", ".cocatalogdb"), PREVIEWS)
# Libraries of Apple's programs: the photos themselves lie in these folders, previews and faces in others.
_LIBRARIES = (".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary", ".migratedaplibrary")
_WITHIN_LIBRARIES = frozenset({"originals", "masters"})
_SUFFIXES = {
    **dict.fromkeys((".lrv", ".lrf", ".thm"), LOW_RESOLUTION),
    **dict.fromkeys((".part", ".partial", ".crdownload", ".opdownload", ".filepart", ".tmp", ".temp"), UNFINISHED),
    **dict.fromkeys((".!ut", ".!qb", ".aria2", ".download"), UNFINISHED),
}
# Behind the whole name of a photo.
_ENDINGS = {
    **dict.fromkeys(("~", "_original", ".bak", ".orig", ".old", ".backup"), BACKUP),
    "_exiftool_tmp": UNFINISHED,
}


def why_left_out(name: str) -> str:
    """Why a file of this name is left out; nothing for the others."""
    lower = name.lower()
    if why := _SUFFIXES.get(PurePath(lower).suffix):
        return why
    if lower.startswith("lrv_") and lower.endswith((".insv", ".mp4")):  # as Insta360's cameras call theirs
        return LOW_RESOLUTION
    cut = ((lower.removesuffix(ending), why) for ending, why in _ENDINGS.items() if lower.endswith(ending))
    return next((why for rest, why in cut if looks_like_media(rest)), "")


def why_not_entered(folder: PurePath) -> str:
    """Why the folder of this path is left out with all that is in it; nothing for the others."""
    name, parent = folder.name.lower(), folder.parent.name.lower()
    if why := _FOLDERS.get(name) or _FOLDER_SUFFIXES.get(PurePath(name).suffix):
        return why
    in_library = parent.endswith(_LIBRARIES) and name not in _WITHIN_LIBRARIES
    return PREVIEWS if in_library or (parent, name) == ("m4root", "sub") else ""


def folder_rules() -> dict[str, dict[str, str] | list[str]]:
    """The same rules for folders as plain data, for programs that go through folders elsewhere (static/js/upload)."""
    return {
        "names": _FOLDERS,
        "endings": _FOLDER_SUFFIXES,
        "libraries": [*_LIBRARIES],
        "within": sorted(_WITHIN_LIBRARIES),
        "reason": [PREVIEWS],
    }
