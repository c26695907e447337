"""What photos and videos say of themselves: time, place, camera, words. `docs/metadata.md` has the precedence."""

from photos.metadata.fields import Metadata
from photos.metadata.reading import read

__all__ = ["Metadata", "read"]
