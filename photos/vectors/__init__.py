"""Nearest neighbours among the vectors in the database: fingerprints, embeddings, faces.

`search` finds them, whichever way is right for the size and the installation: exactly in memory while there are few,
else in an approximate index (a file of hnswlib's, or pgvector) and exactly among what came after its publication. The
indexes are caches of what the database holds; every answer is filtered by the database.
"""

from photos.vectors.kinds import KINDS, Kind, VectorError, kind_of_embeddings, pack, unpack
from photos.vectors.searching import Hit, search, vectors_of
from photos.vectors.upkeep import BACKLOG, EXACT_BELOW, Finding, check, rebuild, refresh, refresh_if_due

__all__ = [
    "BACKLOG",
    "EXACT_BELOW",
    "KINDS",
    "Finding",
    "Hit",
    "Kind",
    "VectorError",
    "check",
    "kind_of_embeddings",
    "pack",
    "rebuild",
    "refresh",
    "refresh_if_due",
    "search",
    "unpack",
    "vectors_of",
]
