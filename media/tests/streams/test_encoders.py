"""Encoders of a graphics card are tried before they are used."""

import av

from media.streams import encoders


def test_x264_works_and_what_is_not_there_does_not(monkeypatch):
    assert encoders.works(encoders.SOFTWARE)
    monkeypatch.setitem(encoders.CARDS, "no_such_encoder", {})
    assert not encoders.works("no_such_encoder")


def test_the_best_is_one_that_works(monkeypatch):
    found = encoders.best()
    assert found in {encoders.SOFTWARE, *encoders.CARDS}
    monkeypatch.setattr(encoders, "works", lambda name: name == "h264_qsv")
    expected = "h264_qsv" if "h264_qsv" in av.codecs_available else encoders.SOFTWARE
    assert encoders.best() == expected
    monkeypatch.setattr(encoders, "works", lambda name: False)
    assert encoders.best() == encoders.SOFTWARE
