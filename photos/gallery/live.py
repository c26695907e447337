"""Live Photos: a still and the video that belongs to it, known by the identifier that both carry."""

from photos.models import PairDecision, Photo, Stack


def pair(photo: Photo) -> Stack | None:
    """Stack the still and the video of this photo's Live Photo, once both are here; the still is the cover.

    What the owner has stacked otherwise is left alone.
    """
    both = Photo.objects.filter(owner=photo.owner_id, live_id=photo.live_id).exclude(live_id="").order_by("pk")
    still = both.filter(kind=Photo.Kind.PHOTO).first()
    video = both.filter(kind=Photo.Kind.VIDEO).first()
    if still is None or video is None:
        return None
    stacks = {one.stack for one in both.select_related("stack") if one.stack}
    if any(stack.kind != Stack.Kind.LIVE for stack in stacks):
        return None
    apart = PairDecision.objects.filter(first=min(still.pk, video.pk), second=max(still.pk, video.pk))
    if apart.exists():
        return None  # the owner took them apart
    stack = min(stacks, key=lambda stack: stack.pk) if stacks else Stack(owner=photo.owner, kind=Stack.Kind.LIVE)
    stack.cover = still
    stack.save()
    Photo.objects.filter(pk__in=[still.pk, video.pk]).update(stack=stack)
    return stack
