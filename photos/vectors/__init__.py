"""Nearest neighbours among the vectors in the database: fingerprints, embeddings, faces.

`search` is exact while there are few vectors. With many it combines an approximate index (a file of hnswlib, or
pgvector) with an exact search among newer vectors. The indexes can be rebuilt from the database, which also filters
every answer.
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
