"""FFmpeg's messages must not reach Python."""

import importlib

import av.logging
import pytest


@pytest.mark.parametrize("module", ["media.metadata.reading", "media.video", "media.transcoding"])
def test_ffmpeg_messages_stay_off(module: str) -> None:
    # With any level set, a decoding thread that logs while the codec is freed waits for the GIL for ever.
    importlib.import_module(module)
    assert av.logging.get_level() is None
