"""What rows say of the library's files: whether one has a path, and what the storage template can say of a photo."""

from media.storage_template import Facts
from photos.models import Photo, PhotoFile


def refers(path: str) -> bool:
    """Whether a photo or one of its files has this path."""
    return any(model.objects.filter(path=path, in_place=False).exists() for model in (Photo, PhotoFile))


def facts_of(photo: Photo, **more: str) -> Facts:
    """What the template's words say about a photo. `more` is what other apps know of it."""
    return Facts(
        owner=photo.owner.username,
        taken=photo.taken_local,
        name=photo.original_name,
        make=photo.camera_make,
        model=photo.camera_model,
        kind=photo.kind,
        folder=photo.folder,
        place=photo.place,
        country=photo.country,
        **more,
    )
