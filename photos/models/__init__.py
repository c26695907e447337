"""The tables of the app, by topic."""

from photos.models.comments import Comment
from photos.models.content import DetectedObject, PhotoText
from photos.models.edits import PhotoEdit
from photos.models.folders import FolderCover
from photos.models.kept import MapCell, MapNote, MonthCount, MonthNote
from photos.models.memories import LeftOut
from photos.models.moves import FileMove, OriginalsMove
from photos.models.pairs import PairDecision
from photos.models.photo import Photo, PhotoFile, PhotoQuerySet, RawMetadata, Stack, make_key
from photos.models.similarity import Embedding, PictureSearch
from photos.models.work import ImportFailure, StageRun, Upload, WatchedFolder

__all__ = [
    "Comment",
    "DetectedObject",
    "Embedding",
    "FileMove",
    "FolderCover",
    "ImportFailure",
    "LeftOut",
    "MapCell",
    "MapNote",
    "MonthCount",
    "MonthNote",
    "OriginalsMove",
    "PairDecision",
    "Photo",
    "PhotoEdit",
    "PhotoFile",
    "PhotoQuerySet",
    "PhotoText",
    "PictureSearch",
    "RawMetadata",
    "Stack",
    "StageRun",
    "Upload",
    "WatchedFolder",
    "make_key",
]
