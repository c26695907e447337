"""Motion photos and Live Photos: the video that belongs to a still."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from media import motion, video
from media.sandbox import UnreadableFile
from photos import pipeline
from photos.gallery.stacking import live
from photos.ingest import intake
from photos.models import Photo, Stack, StageRun
from photos.pipeline import rendering
from photos.storage import paths


def make_video(path: Path, codec: str = "libx264") -> Path:
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade * 40, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture
def make_motion(tmp_path: Path) -> Callable[..., Path]:
    """A JPEG with a video at its end, as Google's cameras write it."""

    def make(codec: str = "libx264") -> Path:
        inner = make_video(tmp_path / "inner.mp4", codec).read_bytes()
        still = tmp_path / "still.jpg"
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MicroVideo="1"'
            f' GCamera:MicroVideoOffset="{len(inner)}"/></rdf:RDF></x:xmpmeta>'
        )
        Image.new("RGB", (64, 48), "teal").save(still, xmp=packet.encode())
        whole = tmp_path / "PXL_20231006_063357420.MP.jpg"
        whole.write_bytes(still.read_bytes() + inner)
        return whole

    return make


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_the_video_inside_becomes_playable(owner: User, make_motion: Callable[..., Path], codec: str) -> None:
    photo = intake.ingest(owner, make_motion(codec)).photo
    pipeline.drain()
    found = video.probe(rendering.motion_path(photo))
    assert (found.playable, found.width, found.video_codec) == (True, 64, "h264")
    assert StageRun.objects.get(stage="motion").status == "done"


def test_only_motion_photos_have_the_stage(owner: User, make_picture: Callable[..., Path]) -> None:
    intake.ingest(owner, make_picture())
    pipeline.drain()
    assert not StageRun.objects.filter(stage="motion").exists()


def test_a_part_that_is_no_video_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    source.write_bytes(b"x" * 100)
    for offset, length in ((10, 50), (90, 50), (0, motion.MAX_BYTES + 1)):
        with pytest.raises(UnreadableFile):
            motion.extract(source, offset, length, tmp_path / "derived" / "motion.mp4")
    assert list((tmp_path / "derived").iterdir()) == []


def test_a_live_photo_is_one_stack_with_the_still_on_top(
    owner: User, stranger: User, make_photo: Callable[..., Photo]
) -> None:
    still = make_photo(live_id="A-1")
    assert live.pair(still) is None
    clip = make_photo(live_id="A-1", kind="video", media_type="video/quicktime")
    make_photo(live_id="A-1", kind="video", owner=stranger)
    stack = live.pair(clip)
    assert live.pair(still) == stack
    assert (stack.kind, stack.cover) == (Stack.Kind.LIVE, still)
    assert set(Photo.objects.filter(stack=stack)) == {still, clip}


def test_stacks_by_the_owner_stay(owner: User, make_photo: Callable[..., Photo]) -> None:
    stack = Stack.objects.create(owner=owner)
    still = make_photo(live_id="A-1", stack=stack)
    clip = make_photo(live_id="A-1", kind="video")
    assert live.pair(clip) is None
    still.refresh_from_db()
    assert (still.stack, Stack.objects.count()) == (stack, 1)


def test_motion_videos_lie_with_what_is_derived(make_photo: Callable[..., Photo]) -> None:
    photo = make_photo()
    assert rendering.motion_path(photo).parent == paths.derived_folder(photo.sha256)


def test_the_viewer_offers_to_play_it(client, owner, make_motion, make_photo):
    client.force_login(owner)
    motion_photo = intake.ingest(owner, make_motion()).photo
    pipeline.drain()
    video_half = make_photo(kind="video", media_type="video/quicktime", live_id="L")
    still = make_photo(live_id="L")
    live.pair(still)
    plain = make_photo()
    for photo, moving in ((motion_photo, motion_photo), (still, video_half), (plain, None), (video_half, None)):
        page = client.get(f"/photo/{photo.key}/").content.decode()
        assert (f'data-motion="/media/{moving.key}/video.mp4"' in page) if moving else ("data-motion" not in page)
