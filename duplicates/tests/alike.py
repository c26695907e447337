"""Similar photos, and finding duplicates among them."""

from duplicates import finding
from photos.models import Photo


def check(*photos: Photo) -> None:
    finding.check([photo.pk for photo in photos])
