"""The neutral stream."""

from switching.stream import Asset, FaceBox, Library


def test_losses_are_counted_by_what_is_lost() -> None:
    library = Library("Immich", "2.1", assets=lambda: iter([Asset("1", "a.jpg")]))
    library.lose("memories", 0)
    assert library.lost == {}
    library.lose("memories", 2)
    library.lose("memories")
    assert library.lost == {"memories": 3}
    assert [asset.name for asset in library.assets()] == ["a.jpg"]


def test_a_face_is_sure_unless_a_reader_says_otherwise() -> None:
    face = FaceBox("f", "p", 0.1, 0.2, 0.3, 0.4)
    assert (face.box, face.sure) == ((0.1, 0.2, 0.3, 0.4), True)
